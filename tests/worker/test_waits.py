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
    assert fresh == [1, 2, 4, 8, 8, 8]
    assert waits.before_looking_again(20, since_call=300) == 60


@pytest.mark.parametrize(
    ("status", "settled", "seconds"),
    [
        ("deploying", False, 2),
        ("running", True, 60),
        ("concerning", True, 60),
        ("stopped", True, 600),
        ("deleted", True, None),
    ],
)
def test_a_settled_service_is_looked_at_seldom(status, settled, seconds):
    assert waits.before_watching_again(status, settled=settled) == seconds
