"""The command `rotate_keys`: everything encrypted lies under the first key, and nothing else has changed."""

import pytest
from django.db import connection
from django.utils import timezone

from deployer import keys
from deployer.models import Enquiry, Event, Target
from deployer.models.encrypted import encrypted_columns
from deployer.workflow import history, rotation
from deployer.workflow import targets as verbs
from tests.commands.calling import said
from tests.factories import TargetFactory

OLD, NEW, STRANGE = keys.new_fernet(), keys.new_fernet(), keys.new_fernet()

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def under_the_old_key(settings):
    settings.ENCRYPTION_KEYS = [OLD]


def encrypted(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> '' ORDER BY id")  # noqa: S608 - our own names
        return [text for (text,) in cursor.fetchall()]


def test_every_value_opens_with_the_new_key_alone(settings, root):
    for number in range(3):
        TargetFactory(name=f"t{number}", secret=f"s{number}", security_token=f"k{number}")
    now = timezone.now()
    Enquiry.objects.create(kind="connection", asked_by=root, asked_at=now, next_action_at=now, question="{}")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert "7 values lie under the first key, 7 of them since now." in said("rotate_keys")
    settings.ENCRYPTION_KEYS = [NEW]
    assert [(t.secret, t.security_token) for t in Target.objects.all()] == [(f"s{n}", f"k{n}") for n in range(3)]
    assert Enquiry.objects.get().question == "{}"


def test_a_second_run_changes_nothing(settings, dev):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    said("rotate_keys")
    before = encrypted("deployer_target", "secret")
    assert "1 value lies under the first key, 0 of them since now." in said("rotate_keys")
    assert encrypted("deployer_target", "secret") == before
    assert Event.objects.filter(action="keys_rotated").count() == 1


def test_many_rows_are_walked_in_portions(settings, monkeypatch):
    monkeypatch.setattr(rotation, "PORTION", 2)
    for number in range(5):
        TargetFactory(name=f"t{number}")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert rotation.rotate().anew == 5


def test_what_no_key_opens_is_named_and_ends_with_1(settings, dev, capsys):
    settings.ENCRYPTION_KEYS = [STRANGE]
    TargetFactory(name="prod", secret="closed")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    with pytest.raises(SystemExit) as ended:
        said("rotate_keys")
    assert ended.value.code == 1
    found = rotation.rotate()
    assert (found.lost, found.already) == (["prod"], 1)
    settings.ENCRYPTION_KEYS = [NEW, STRANGE]
    assert rotation.rotate().lost == []


def test_a_secret_set_meanwhile_is_not_overwritten(settings, dev, monkeypatch):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    opened = rotation.box

    def meanwhile():
        if Target.objects.get().secret == "demo":
            verbs.save("dev", secret="set-meanwhile")
        return opened()

    monkeypatch.setattr(rotation, "box", meanwhile)
    rotation.rotate()
    assert Target.objects.get().secret == "set-meanwhile"


def test_pages_that_are_open_stay_valid_and_approvals_count(settings, dev, deployment_in):
    deployment = deployment_in("approved")
    dev.refresh_from_db()
    seen, fingerprint = verbs.mark(dev), dev.fingerprint
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    said("rotate_keys")
    dev.refresh_from_db()
    deployment.refresh_from_db()
    assert (verbs.mark(dev), dev.fingerprint, deployment.state) == (seen, fingerprint, "approved")


def test_the_history_tells_it_without_keys_or_values(settings, dev, client_of, root):
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    said("rotate_keys")
    event = Event.objects.get(action="keys_rotated")
    assert event.facts == {"values": 1, "cannot_be_opened": []}
    assert history.verify() == Event.objects.count()
    page = client_of(root).get("/audit/?action=keys_rotated").content.decode()
    assert "encrypted the secrets anew with the first key" in page
    assert NEW not in page
    assert OLD not in page


def test_every_encrypted_column_is_found():
    assert {(model.__name__, column) for model, column in encrypted_columns()} == {
        ("Target", "secret"),
        ("Target", "security_token"),
        ("Enquiry", "question"),
    }
