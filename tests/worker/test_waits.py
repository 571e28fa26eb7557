"""How long to wait: growing, jittered, never beyond what keeps a row moving."""

import pytest

from deployer.worker import waits


def test_returns_to_the_line_grow_up_to_a_minute():
    steps = [waits.before_sending_again(times, asked=None, chance=1.0) for times in range(8)]
    assert steps == [2, 4, 8, 16, 32, 60, 60, 60]


def test_chance_shortens_by_up_to_half():
    assert waits.before_sending_again(2, asked=None, chance=0.0) == 4


def test_what_the_cloud_asked_for_is_the_least():
    assert waits.before_sending_again(0, asked=120.0, chance=0.0) >= 120


def test_looks_stay_close_while_an_effect_may_show_late():
    fresh = [waits.before_looking_again(looks, since_call=20) for looks in range(6)]
    assert fresh == [1, 2, 4, 5, 5, 5]
    assert waits.before_looking_again(20, since_call=300) == 60


@pytest.mark.parametrize(
    ("stale", "asked", "refused", "wait"),
    [
        (0.0, None, False, 10.0),
        (19.0, None, False, 10.0),
        (60.0, None, False, 30.0),
        (300.0, None, False, 150.0),
        (86_400.0, None, False, 600.0),
        (60.0, 45.0, False, 45.0),
        (60.0, 10.0, False, 30.0),
        (60.0, 10.0**9, False, 3600.0),
        (0.0, None, True, 600.0),
    ],
)
def test_a_list_that_could_not_be_read_waits_half_the_time_it_has_been_stale(stale, asked, refused, wait):
    assert waits.before_reading_again(stale, asked=asked, refused=refused) == wait
