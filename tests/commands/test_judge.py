"""What the random kills are judged by: bodies that left, by the journal of the cloud."""

import pytest

from deployer.models import Submission
from deployer.rehearsal.torture.judge import Deeds, of_bodies

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "is_fine"),
    [
        (lambda body: body, True),
        (lambda body: body[: len(body) // 2], True),  # its sender was killed in the middle
        (lambda body: "", True),
        (lambda body: body + " ", False),
        (lambda body: body.replace("mnist", "other"), False),
        (lambda body: body[1:], False),
    ],
)
def test_only_what_was_approved_may_leave_or_its_beginning(change, is_fine, deployment_in):
    row = Submission.objects.select_related("version").get(pk=deployment_in("submitted").submission.pk)
    sent = {"method": "POST", "path": "/v1/p/services", "body": change(row.version.payload)}
    assert (list(of_bodies(Deeds([], [sent]), [row], set())) == []) is is_fine
