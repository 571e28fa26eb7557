"""Two deployments beside each other, and how one gets there."""

import pytest

from tests.factories import entry, real_time_body

pytestmark = pytest.mark.django_db


def text_of(client, one, two) -> str:
    answer = client.get(f"/deployments/{one.pk}/compare/{two.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def two(draft_of, deployment_in):
    old = deployment_in("submitted", body=real_time_body(entry("a", 100, envs={"T": "30"}), description="Same"))
    new = draft_of(real_time_body(entry("a", "70", envs={"T": "45"}), entry("b", 30), description="Same"))
    return old, new


def test_the_differences_are_said_in_sentences_fields_and_bodies(client_of, victor, two):
    text = text_of(client_of(victor), *two)
    assert "Moves 30 of 100 points of traffic, adds 1 model and changes 1 variable." in text
    assert "<del>100\u202f%</del>" in text
    assert "<ins>70\u202f%</ins>" in text
    assert "<code>config[0].envs.T</code>" in text
    assert "<mark>" in text
    assert f"{two[0].pk}, version 1" in text
    assert f"{two[1].pk}, the draft" in text
    assert "Show 3 equal fields" in text


def test_swapping_says_the_opposite(client_of, victor, two):
    text = text_of(client_of(victor), two[1], two[0])
    assert "takes 1 model away" in text
    assert "<del>70\u202f%</del>" in text


def test_order_alone_is_no_difference(client_of, victor, draft_of):
    one = draft_of(real_time_body(entry("a", 70), entry("b", 30)))
    other = draft_of(real_time_body(entry("b", 30), entry("a", 70)))
    text = text_of(client_of(victor), one, other)
    assert "They ask for the same" in text
    assert "Nothing differs in meaning." in text


def test_one_may_be_compared_with_itself(client_of, victor, two):
    assert "They ask for the same" in text_of(client_of(victor), two[0], two[0])


@pytest.mark.parametrize("odd", [{}, {"config": 5}, {"config": [None, {"weight": [1]}], "schedule": "x"}])
def test_half_written_ones_are_compared_too(odd, client_of, victor, two, draft_of):
    text_of(client_of(victor), two[0], draft_of(odd))
    text_of(client_of(victor), draft_of(odd), two[1])


def test_markup_in_a_value_is_text(client_of, victor, two, draft_of):
    other = draft_of(real_time_body(entry("<script>alert(1)</script>"), description="<img src=x>"))
    text = text_of(client_of(victor), two[0], other)
    assert "<script>alert" not in text
    assert "<img" not in text


def test_two_numbers_lead_there_the_older_one_left(client_of, victor, two):
    client, (old, new) = client_of(victor), two
    there = f"/deployments/{old.pk}/compare/{new.pk}/"
    assert client.get("/deployments/compare/", {"a": new.pk, "b": f" {old.pk} "})["Location"] == there
    assert client.post("/deployments/compare/", {"pick": [new.pk, old.pk]})["Location"] == there
    assert client.get("/deployments/compare/", {"pick": [old.pk, new.pk]})["Location"] == there


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose two deployments. 0 came."),
        ({"a": "1"}, "Choose two deployments. 1 came."),
        ({"pick": ["1"]}, "Choose two deployments. 1 came."),
        ({"pick": ["1", "2", "3"]}, "Choose two deployments. 3 came."),
        ({"a": "1", "b": "1"}, "Choose two different deployments."),
        ({"a": "1", "b": "x<y"}, "is not the number of a deployment."),
        ({"a": "1", "b": "-2"}, "is not the number of a deployment."),
        ({"a": "1", "b": "9" * 50}, "is not the number of a deployment."),
        ({"a": "1", "b": "²"}, "is not the number of a deployment."),
    ],
)
def test_what_cannot_be_compared_is_said(given, words, client_of, victor):
    for ask in (client_of(victor).get, client_of(victor).post):
        answer = ask("/deployments/compare/", given)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_number_that_is_not_there_is_404(client_of, victor, two):
    answer = client_of(victor).get("/deployments/compare/", {"a": two[0].pk, "b": 999999}, follow=True)
    assert answer.status_code == 404


def test_comparing_costs_few_queries(client_of, victor, two, django_assert_max_num_queries):
    client = client_of(victor)
    with django_assert_max_num_queries(12):
        text_of(client, *two)
