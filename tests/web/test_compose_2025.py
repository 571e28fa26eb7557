"""The newer fields in the composer: drawn where the edition has them, taken by their names, kept in any shape."""

import copy
import json
import re
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.domain import draft as drafts
from deployer.web import newer_view
from deployer.web.conflicts import words_for
from deployer.workflow import drafting
from tests import factories
from tests.domain.bodies_2025 import TOPIC, affinity, channel, everything, volume
from tests.web.form_reading import form_of
from tests.web.test_compose_limits import JSON
from tests.web.typing_out import type_out

pytestmark = pytest.mark.django_db

PROPS = "additional_properties"
TOPIC_NAME, EVENTS_NAME = f"{PROPS}-smn_notification-topic_urn", f"{PROPS}-smn_notification-events"
LOGS = f"{PROPS}-log_report_channels"
NEWER = re.compile(
    r"pool_name|load_balancer_policy|priority|service_secrets|additional_properties|deploy_time|affinity"
)


@pytest.fixture
def newer(dev):
    dev.edition = "otc-2025"
    dev.save()
    return dev


def edit(deployment) -> str:
    return f"/deployments/{deployment.pk}/edit/"


def body_of(deployment) -> dict:
    deployment.refresh_from_db()
    return drafts.body_of(drafts.loads(deployment.draft))


def post(client, deployment, **changed) -> dict:
    """The page's form posted with these texts instead; gives the draft as it is then."""
    form = form_of(client.get(edit(deployment))) | {name.replace("__", "-"): text for name, text in changed.items()}
    assert client.post(edit(deployment), form).status_code == 302
    return body_of(deployment)


def press(client, deployment, button: str, value: str) -> dict:
    form = form_of(client.get(edit(deployment))) | {button: value}
    assert client.post(f"/deployments/{deployment.pk}/edit/rows/", form).status_code == 302
    return body_of(deployment)


def test_no_newer_field_is_drawn_in_2022(client_of, alice, draft_of):
    page = client_of(alice).get(edit(draft_of(everything())))
    assert [name for name in form_of(page) if NEWER.search(name)] == []
    html = page.content.decode()
    assert escape('"priority" is not known to this edition of the API.') in html
    assert "Notifications, logs and more" not in html


def test_each_newer_field_is_drawn_in_2025(client_of, alice, draft_of, newer):
    form = form_of(client_of(alice).get(edit(draft_of(everything()))))
    model = f"config-0-{PROPS}"
    shown = {name: text for name, text in form.items() if NEWER.search(name)}
    assert {name: shown[name] for name in shown if not name.endswith(("volume", "volumes", "affinity"))} == {
        "pool_name": "pool-b",
        "load_balancer_policy": "LEAST_CONNECTIONS",
        "priority": "2",
        "service_secrets-0-secretId": "secret-1",
        "service_secrets-0-mouthPath": "/secrets/one",
        "service_secrets-1-secretId": "",
        "service_secrets-1-mouthPath": "",
        TOPIC_NAME: TOPIC,
        EVENTS_NAME: "1, 3, 7, 11",
        f"{LOGS}-0-type": "LTS",
        f"{LOGS}-0-configuration-log_group_id": channel()["configuration"]["log_group_id"],
        f"{LOGS}-0-configuration-log_stream_id": channel()["configuration"]["log_stream_id"],
        f"{LOGS}-1-configuration-log_group_id": "",
        f"{LOGS}-1-configuration-log_stream_id": "",
        f"{PROPS}-websocket_upgrade": "true",
        "config-0-pool_name": "pool-b",
        "config-0-deploy_timeout_in_seconds": "1200",
        f"{model}-max_surge": "0.5",
        f"{model}-max_unavailable": "1",
        f"{model}-termination_grace_period_seconds": "30",
    }
    assert json.loads(form["config-0-affinity"]) == everything()["config"][0]["affinity"]
    assert json.loads(form[f"{model}-persistent_volumes"]) == [volume()]


def test_everything_is_composed_by_typing_and_taken_back_by_clearing(client_of, alice, draft_of, newer):
    client = client_of(alice)
    deployment = draft_of(factories.real_time_body())
    typed = type_out(everything(), "otc-2025")
    form = form_of(client.get(edit(deployment))) | typed
    assert client.post(edit(deployment), form).status_code == 302
    assert client.get(f"/deployments/{deployment.pk}/payload.json").json() == everything()
    empty = {name: "" for name in typed if NEWER.search(name)}
    # The type goes with its item: an item that says only its type is not empty.
    body = post(client, deployment, **empty)
    assert body == {key: value for key, value in everything().items() if not NEWER.search(key)} | {
        "config": [{key: value for key, value in everything()["config"][0].items() if not NEWER.search(key)}]
    }


def test_a_log_channel_that_is_begun_has_the_only_type(client_of, alice, draft_of, newer):
    deployment = draft_of()
    body = post(client_of(alice), deployment, **{f"{LOGS}-0-configuration-log_group_id": "g"})
    assert body[PROPS] == {"log_report_channels": [{"type": "LTS", "configuration": {"log_group_id": "g"}}]}


ODD_SHAPES = [
    {PROPS: 5},
    {PROPS: {}},
    {PROPS: {"smn_notification": {}, "log_report_channels": []}},
    {PROPS: {"smn_notification": {"a": {"topic_urn": TOPIC, "events": [3]}, "b": {"topic_urn": TOPIC}}}},
    {PROPS: {"smn_notification": {"topic_urn": 5, "events": "3"}}},
    {PROPS: {"smn_notification": {"events": [11, 1, 1, "x"]}}},
    {PROPS: {"log_report_channels": [{"configuration": 5}, {}, {"type": "LTS", "more": [1]}]}},
    {PROPS: {"log_report_channels": [1, {}], "websocket_upgrade": "true"}},
    {"service_secrets": {"secretId": "s"}},
    {"service_secrets": [{"secretId": "s", "extra": {"deep": None}}, {}, {"mouthPath": 1}]},
    {"service_secrets": [{"secretId": str(number)} for number in range(21)]},
    {"priority": "1", "load_balancer_policy": None, "pool_name": ["p"]},
]


@pytest.mark.parametrize("odd", ODD_SHAPES)
@pytest.mark.parametrize("edition", ["otc-2022", "otc-2025"])
def test_any_shape_survives_a_save(client_of, alice, draft_of, dev, odd, edition):
    dev.edition = edition
    dev.save()
    body = factories.real_time_body(**copy.deepcopy(odd))
    body["config"][0] |= {key: value for key, value in copy.deepcopy(odd).items() if key in (PROPS, "pool_name")}
    deployment = draft_of(body)
    after = post(client_of(alice), deployment, description="another")
    assert json.dumps(after, sort_keys=True) == json.dumps(body | {"description": "another"}, sort_keys=True)


OBJECTS = st.fixed_dictionaries(
    {},
    optional={
        "smn_notification": st.fixed_dictionaries({}, optional={"topic_urn": JSON, "events": JSON, "x": JSON}) | JSON,
        "log_report_channels": st.lists(st.fixed_dictionaries({}, optional={"type": JSON, "configuration": JSON})),
        "websocket_upgrade": JSON,
        "max_surge": JSON,
        "log_volume": JSON,
    },
)
FIELDS = {"pool_name": JSON, PROPS: OBJECTS | JSON, "affinity": JSON, "deploy_timeout_in_seconds": JSON}
BODIES = st.builds(
    lambda fields, entry: {"infer_type": "real-time", **fields, "config": [entry]},
    st.fixed_dictionaries({}, optional=FIELDS | {"priority": JSON, "service_secrets": JSON | st.lists(OBJECTS)}),
    st.fixed_dictionaries({}, optional=FIELDS),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES)
def test_a_page_posted_back_changes_nothing(client_of, alice, newer, body):
    deployment = drafting.begin_from_text(newer, json.dumps(body), by=alice)
    client = client_of(alice)
    assert client.post(edit(deployment), form_of(client.get(edit(deployment)))).status_code == 302
    assert json.dumps(body_of(deployment), sort_keys=True) == json.dumps(body, sort_keys=True)
    assert deployment.revision == 1


def test_what_has_another_shape_is_shown_and_left_out_on_demand(client_of, alice, draft_of, newer):
    deployment = draft_of(factories.real_time_body(**{PROPS: 5, "service_secrets": [{"secretId": "s", "odd": 1}]}))
    client = client_of(alice)
    page = client.get(edit(deployment)).content.decode()
    place = page.partition('id="kept"')[2].partition("</section>")[0]
    assert f'value="{PROPS}"' in place
    assert 'value="service_secrets[0].odd"' in place
    assert "must be an object. The number 5 came." in place
    assert PROPS not in press(client, deployment, "leave_out", PROPS)
    body = press(client, deployment, "leave_out", "service_secrets[0].odd")
    assert body["service_secrets"] == [{"secretId": "s"}]
    assert post(client, deployment, **{f"{PROPS}-websocket_upgrade": "true"})[PROPS] == {"websocket_upgrade": True}


def test_items_come_and_go(client_of, alice, draft_of, newer):
    secrets = [{"secretId": name, "mouthPath": f"/{name}", "own": name} for name in "abc"]
    deployment = draft_of(factories.real_time_body(service_secrets=secrets, **{PROPS: {"log_report_channels": [{}]}}))
    client = client_of(alice)
    assert press(client, deployment, "remove-item", "service_secrets-1")["service_secrets"] == [secrets[0], secrets[2]]
    body = post(client, deployment, **{"service_secrets-2-secretId": "d"})
    assert body["service_secrets"] == [secrets[0], secrets[2], {"secretId": "d"}]
    form = form_of(client.get(edit(deployment))) | {"another": "service_secrets", "service_secrets-2-mouthPath": "/d"}
    answer = client.post(f"/deployments/{deployment.pk}/edit/rows/", form)
    assert answer.url.endswith("#service_secrets-3-secretId")
    assert body_of(deployment)["service_secrets"][2] == {"secretId": "d", "mouthPath": "/d"}
    assert PROPS not in press(client, deployment, "remove-item", f"{LOGS}-0")


def test_an_emptied_item_keeps_the_others_in_their_places(client_of, alice, draft_of, newer):
    secrets = [{"secretId": "a", "own": 1}, {"secretId": "b"}, {"secretId": "c", "own": 3}]
    deployment = draft_of(factories.real_time_body(service_secrets=secrets))
    client = client_of(alice)
    body = post(client, deployment, **{"service_secrets-1-secretId": ""})
    assert body["service_secrets"] == [secrets[0], {}, secrets[2]]
    deployment = draft_of(factories.real_time_body(service_secrets=secrets[:2]))
    assert post(client, deployment, **{"service_secrets-1-secretId": ""})["service_secrets"] == [secrets[0]]


@pytest.mark.parametrize(
    ("button", "value"),
    [
        ("remove-item", "service_secrets-9"),
        ("remove-item", "0"),
        ("remove-item", "priority-0"),
        ("remove-item", "additional_properties-smn_notification-0"),
        ("another", "config"),
        ("another", ""),
        ("as_text", "config-9-affinity"),
        ("as_text", "config-0-additional_properties-unknown"),
    ],
)
def test_a_button_for_what_is_not_there_says_so(client_of, alice, draft_of, newer, button, value):
    deployment = draft_of(everything())
    client = client_of(alice)
    form = form_of(client.get(edit(deployment))) | {button: value, "description": "typed"}
    answer = client.post(f"/deployments/{deployment.pk}/edit/rows/", form)
    assert answer.status_code == 422
    assert form_of(answer)["description"] == "typed"


def test_a_value_of_another_kind_is_taken_as_text(client_of, alice, draft_of, newer):
    notification = {"smn_notification": {"topic_urn": 5}}
    deployment = draft_of(factories.real_time_body(pool_name=7, **{PROPS: notification}))
    client = client_of(alice)
    assert press(client, deployment, "as_text", TOPIC_NAME)[PROPS]["smn_notification"] == {"topic_urn": "5"}
    assert press(client, deployment, "as_text", "pool_name")["pool_name"] == "7"


@pytest.mark.parametrize(
    ("posted", "events"),
    [(["", "3", "1"], [3, 1]), (["", "7"], [7]), (["3, 11"], [3, 11]), (["[1]"], [1]), ([""], None)],
)
def test_boxes_and_a_list_of_numbers_say_the_same(client_of, alice, draft_of, newer, posted, events):
    deployment = draft_of(factories.real_time_body(**{PROPS: {"smn_notification": {"events": [2]}}}))
    client = client_of(alice)
    form = form_of(client.get(edit(deployment))) | {EVENTS_NAME: posted}
    assert client.post(edit(deployment), form).status_code == 302
    found = body_of(deployment).get(PROPS, {}).get("smn_notification", {})
    assert found == ({} if events is None else {"events": events})


def test_events_that_are_no_numbers_have_a_text_box(client_of, alice, draft_of, newer):
    client = client_of(alice)
    odd = draft_of(factories.real_time_body(**{PROPS: {"smn_notification": {"events": ["x"]}}}))
    page = client.get(edit(odd)).content.decode()
    assert f'id="{EVENTS_NAME}" name="{EVENTS_NAME}" type="text" value="[&quot;x&quot;]"' in page
    other = draft_of(factories.real_time_body(**{PROPS: {"smn_notification": {"events": [99]}}}))
    assert f'name="{EVENTS_NAME}" value="99" checked' in client.get(edit(other)).content.decode()


def test_a_section_is_folded_while_it_is_empty(client_of, alice, draft_of, newer):
    client = client_of(alice)
    page = client.get(edit(draft_of())).content.decode()
    assert '<details id="more">' in page
    assert 'id="config-0-more">' in page
    page = client.get(edit(draft_of(everything()))).content.decode()
    assert '<details id="more" open>' in page
    assert 'id="config-0-more" open>' in page
    wrong = draft_of(factories.real_time_body(factories.entry(affinity=[])))
    page = client.get(edit(wrong)).content.decode()
    assert 'id="config-0-more" open>' in page
    assert "The node affinity must be an object." in page.partition('id="config-0-affinity-problems"')[2][:300]


def test_what_cannot_be_taken_back_is_said_beside_it(client_of, alice, draft_of, newer):
    page = client_of(alice).get(edit(draft_of())).content.decode()
    hint = page.partition(f'id="{PROPS}-websocket_upgrade-hint">')[2].partition("<")[0]
    assert hint.startswith("Cannot be switched off again.")
    assert "Once logs go to LTS, that cannot be switched off again." in page


def test_the_pool_in_force_is_said_and_the_idle_one_struck(client_of, alice, draft_of, newer):
    body = factories.real_time_body(factories.entry("a", 50, pool_name="own"), factories.entry("b", 50))
    body |= {"pool_name": "named", "cluster_id": "id"}
    page = client_of(alice).get(edit(draft_of(body))).content.decode()
    assert 'data-struck="cluster_id"' in page
    assert "<strong>named is in force</strong>, but not for a (in own)" in page


def test_one_pool_at_both_places_is_no_news(client_of, alice, draft_of, newer):
    body = factories.real_time_body(factories.entry("a", 100, pool_name="same"), pool_name="same")
    assert "is in force" not in client_of(alice).get(edit(draft_of(body))).content.decode()


def test_ascend_cards_have_a_box_only_where_they_are(client_of, alice, draft_of, newer):
    client = client_of(alice)
    spec = {"cpu": 1, "memory": 2}
    bodies = [
        factories.real_time_body(factories.entry(specification="custom", custom_spec=spec | more), pool_name="p")
        for more in ({}, {"ascend_a310": 1})
    ]
    forms = [form_of(client.get(edit(draft_of(body)))) for body in bodies]
    assert ["config-0-custom_spec-ascend_a310" in form for form in forms] == [False, True]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pool_name", "Pool name"),
        (TOPIC_NAME, "SMN topic"),
        (f"{LOGS}-1-configuration-log_group_id", "LTS log group, 2"),
        ("service_secrets-0-secretId", "Secret, 1"),
        ("config-3-deploy_timeout_in_seconds", "Deployment timeout"),
        (f"config-3-{PROPS}-max_surge", "Most above the count"),
        ("config-3-affinity", "Node affinity"),
        ("config-3-pool_name", "Pool name"),
    ],
)
def test_where_two_people_typed_each_place_has_its_words(name, words):
    assert words_for(name, "4" if name.startswith("config") else "")[0] == words


def test_two_people_who_typed_newer_fields_choose(client_of, alice, bob, draft_of, newer):
    deployment = draft_of(everything())
    mine, theirs = client_of(alice), client_of(bob)
    form = form_of(mine.get(edit(deployment))) | {TOPIC_NAME: "mine", "priority": "1"}
    post(theirs, deployment, **{TOPIC_NAME: "theirs"})
    answer = mine.post(edit(deployment), form)
    assert answer.status_code == 409
    assert "SMN topic" in answer.content.decode()
    chosen = form_of(answer, "choose") | {f"choose-{TOPIC_NAME}": "theirs"}
    assert mine.post(edit(deployment), chosen | {"save": "1"}).status_code == 302
    body = body_of(deployment)
    assert body[PROPS]["smn_notification"] == {"topic_urn": "theirs", "events": [1, 3, 7, 11]}
    assert body["priority"] == 1


def test_every_newer_control_has_a_look(client_of, alice, draft_of, newer):
    for name in form_of(client_of(alice).get(edit(draft_of(everything())))):
        plain = re.sub(r"^config-0-", "", name)
        if NEWER.search(plain) and plain != "pool_name":
            assert newer_view.label_of(plain), name


def test_a_review_and_a_comparison_say_them_in_sentences(client_of, alice, bob, deployment_in, newer):
    other = everything()
    other["service_name"] = "other"
    other["config"][0] |= {"deploy_timeout_in_seconds": 300, "affinity": affinity(mode="preferred")}
    one, two = deployment_in("in_review", body=everything()), deployment_in("in_review", body=other)
    client = client_of(bob)
    page = client.get(f"/deployments/{one.pk}/").content.decode()
    assert "Deployment timeout of model-a" in page
    assert "1200 s (20 min)" in page
    assert "failed, running, concerning, pending" in page
    compared = client.get(f"/deployments/{one.pk}/compare/{two.pk}/").content.decode()
    assert "300 s (5 min)" in compared
    assert "config[0].affinity" in compared
