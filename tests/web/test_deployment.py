"""The page of one deployment, in every state."""

import pytest

pytestmark = pytest.mark.django_db

STATES = ["draft", "in_review", "changes_requested", "approved", "submitted", "withdrawn", "rejected"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ["alice", "bob", "olga", "victor", "root"])
def test_every_state_has_a_page_for_everybody_with_a_role(state, who, people, client_of, deployment_in):
    deployment = deployment_in(state)
    answer = client_of(people[who]).get(f"/deployments/{deployment.pk}/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert f'name="seen" value="{deployment.seen}"' in text
    assert f'data-state="{deployment.state}"' in text
