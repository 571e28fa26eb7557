"""A conflict over the order of models: nobody's reordering is undone in silence."""

import pytest

from deployer.domain import draft as drafts
from tests import factories
from tests.web.form_reading import form_of

THREE = [factories.entry("m1", 50), factories.entry("m2", 30), factories.entry("m3", 20)]


@pytest.fixture
def two(client_of, alice, bob, draft_of):
    """Both open a draft of three models; buttons are pressed by the names of models."""

    class Two:
        def __init__(self) -> None:
            self.deployment = draft_of(factories.real_time_body(*THREE))
            self.hers, self.his = client_of(alice), client_of(bob)
            self.edit = f"/deployments/{self.deployment.pk}/edit/"
            self.form = form_of(self.hers.get(self.edit))

        def he_presses(self, button: str, row: int, form: dict | None = None) -> None:
            form = form or form_of(self.his.get(self.edit))
            answer = self.his.post(f"{self.edit}rows/", form | {button: form[f"config-{row}-key"]})
            assert answer.status_code == 302

        def her_form(self, *order: int) -> dict:
            """Her page, with its rows in this order."""
            plain = {name: text for name, text in self.form.items() if not name.startswith(("config-0", "config-1"))}
            plain = {name: text for name, text in plain.items() if not name.startswith("config-2")}
            for at, row in enumerate(order):
                old = f"config-{row}-"
                plain |= {
                    f"config-{at}-{name.removeprefix(old)}": text
                    for name, text in self.form.items()
                    if name.startswith(old)
                }
            return plain | {"config-TOTAL_FORMS": str(len(order))}

        def she_saves(self, form: dict):
            answer = self.hers.post(self.edit, form)
            assert answer.status_code == 409
            return answer

        def models(self) -> list[str]:
            self.deployment.refresh_from_db()
            return [row["fields"].get("model_id", "") for row in drafts.loads(self.deployment.draft)["rows"]]

    return Two


def choices(answer):
    form = form_of(answer)
    return {name.removeprefix("choose-"): form[name] for name in form if name.startswith("choose-")}


def test_an_order_that_only_he_changed_is_taken_and_can_be_unticked(two):
    both = two()
    both.he_presses("up", 2)
    answer = both.she_saves(both.form | {"description": "of alice"})
    assert choices(answer) == {"description": "mine", "order": "theirs"}
    page = answer.content.decode()
    assert "Order of models" in page
    assert "m1, m2, m3" in page
    assert "m1, m3, m2" in page
    assert both.hers.post(both.edit, form_of(answer)).status_code == 302
    assert both.models() == ["m1", "m3", "m2"]


def test_his_order_goes_where_she_unticks_it(two):
    both = two()
    both.he_presses("up", 2)
    answer = both.she_saves(both.form | {"description": "of alice"})
    assert both.hers.post(both.edit, form_of(answer) | {"choose-order": "mine"}).status_code == 302
    assert both.models() == ["m1", "m2", "m3"]


@pytest.mark.parametrize(("side", "kept"), [("mine", ["m2", "m1", "m3"]), ("theirs", ["m1", "m2", "m3"])])
def test_an_order_that_only_she_changed_is_hers(two, side, kept):
    both = two()
    both.his.post(both.edit, both.form | {"service_name": "of-bob"})
    answer = both.she_saves(both.her_form(1, 0, 2))
    assert choices(answer) == {"service_name": "theirs", "order": "mine"}
    assert both.hers.post(both.edit, form_of(answer) | {"choose-order": side}).status_code == 302
    assert both.models() == kept


@pytest.mark.parametrize(("side", "kept"), [("mine", ["m2", "m1", "m3"]), ("theirs", ["m1", "m3", "m2"])])
def test_two_orders_are_a_choice_of_three_in_words(two, side, kept):
    both = two()
    both.he_presses("up", 2)
    answer = both.she_saves(both.her_form(1, 0, 2))
    assert choices(answer) == {"order": "mine"}
    page = answer.content.decode()
    assert "Both of you changed these" in page
    assert all(words in page for words in ("m1, m2, m3", "m1, m3, m2", "m2, m1, m3"))
    assert both.hers.post(both.edit, form_of(answer) | {"choose-order": side}).status_code == 302
    assert both.models() == kept


def test_the_same_order_of_both_is_no_choice(two):
    both = two()
    both.he_presses("up", 2)
    answer = both.she_saves(both.her_form(0, 2, 1) | {"description": "of alice"})
    assert choices(answer) == {"description": "mine"}
    assert "Order of models" in answer.content.decode().partition('id="h-same"')[2]


def test_a_model_that_he_put_in_between_stays_there(two):
    both = two()
    both.he_presses("duplicate", 0)
    answer = both.she_saves(both.form | {"description": "of alice"})
    assert "order" not in choices(answer)
    assert both.hers.post(both.edit, form_of(answer)).status_code == 302
    assert both.models() == ["m1", "", "m2", "m3"]


def test_a_model_she_added_goes_with_the_one_before_it_in_his_order(two):
    both = two()
    both.he_presses("up", 2)
    form = both.her_form(0, 1, 2, 0)  # a new one, which gets no key
    form = {name: text for name, text in form.items() if name != "config-3-key"} | {"config-3-model_id": "m4"}
    answer = both.she_saves(form)
    assert both.hers.post(both.edit, form_of(answer)).status_code == 302
    assert both.models() == ["m1", "m3", "m4", "m2"]


def test_an_order_left_to_him_stays_so_through_another_conflict(two, client_of, carol):
    both = two()
    both.he_presses("up", 2)
    answer = both.she_saves(both.form | {"description": "of alice"})
    other = client_of(carol)
    other.post(both.edit, form_of(other.get(both.edit)) | {"service_name": "of-carol"})
    again = both.she_saves(form_of(answer))
    assert both.hers.post(both.edit, form_of(again)).status_code == 302
    assert both.models() == ["m1", "m3", "m2"]


def test_a_button_of_an_old_page_is_told_to_be_pressed_again(two):
    both = two()
    both.he_presses("up", 2)
    both.he_presses("up", 0)  # nothing to do: the first one stays
    answer = both.hers.post(f"{both.edit}rows/", both.her_form(0, 2, 1) | {"up": both.form["config-2-key"]})
    assert answer.status_code == 409
    assert "press it again" in answer.content.decode()
