"""How often what runs is looked at. Pure sums in seconds; whoever waits does it through the rows."""

from deployer.domain.lifecycle import SETTLED_STATUSES

MOVING = 2.0  # between two lists of what moves in a target
WHOLE = 60.0  # between two lists of everything in a target
TELLING = 10.0  # between two copies of the events of a service that deploys
DAY = 86_400.0
AWAY = 10.0  # while the cloud cannot be asked
REFUSED = 60.0  # credentials tried too often lock the account
ODD = 30.0  # one service alone cannot be asked for

SEEN_MOVING = 10.0  # how old "seen at" may become before it is written anew though nothing changed
SEEN_QUIET = 50.0

LISTED = frozenset({"deploying"})
"""Moving statuses a list can be asked for in every edition: ModelArts API reference, ListServices, `status`."""


def before_looking_closer(status: str, *, is_gone: bool, chance: float) -> float | None:
    """Until a service is looked at by itself again; None when nothing can come any more.

    What the list of moving ones shows needs no closer look but for its events. Quiet ones once a day, spread by
    `chance` (0 to 1), so that what was found in one hour is not asked for in one hour for ever.
    """
    if is_gone:
        return None
    word = status.lower()
    if word in SETTLED_STATUSES:
        return DAY * (0.9 + 0.2 * chance)
    return TELLING if word in LISTED else MOVING


def wants_events(since: float | None, *, settled: bool, changed: bool) -> bool:
    """Whether the events are to be copied now; `since`: seconds after the last copy, None before the first."""
    if since is None or changed:
        return True
    return since >= (DAY / 2 if settled else TELLING - 1)


def before_next_round(*, is_moving: bool, until_whole: float) -> float:
    """Until the target's next list."""
    return min(MOVING, until_whole) if is_moving else max(0.0, until_whole)


def before_asking_again(*, refused: bool, asked: float | None) -> float:
    """Until a cloud that did not answer is asked again; what it asked for itself (Retry-After) is the least."""
    return max(REFUSED if refused else AWAY, min(asked or 0.0, 3600.0))
