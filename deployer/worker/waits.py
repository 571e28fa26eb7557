"""How long to wait. Pure sums in seconds; whoever waits does it through `next_action_at`."""

LONGEST_BACK = 60.0  # a row that certainly was not sent is tried at least this often, so that it moves soon after
LONGEST_LOOK = 5.0  # while an effect may still show: found within ten seconds of being visible
PATIENT_LOOK = 60.0
LONGEST_PAUSE = 3600.0
SOONEST_LATE, LATEST_LOOK = 300.0, 24 * 3600.0
STILL_FRESH = 120.0  # seconds after the call in which a late effect is likely

SOONEST_READ, LATEST_READ = 10.0, 600.0  # a list that could not be read
REFUSED_READ = 600.0  # credentials tried too often lock the account


def before_sending_again(times: int, *, asked: float | None, chance: float) -> float:
    """After so many returns to the line: 2, 4, 8 … 60 s, shortened by up to half so that rows do not march in step.

    What the cloud asked for (`asked`, from Retry-After) is the least.
    """
    wait = min(LONGEST_BACK, 2.0 * 2.0 ** min(times, 10)) * (0.5 + 0.5 * chance)
    return wait if asked is None else min(asked, LONGEST_PAUSE) + min(wait, 5.0)


def pause_for(asked: float | None) -> float | None:
    """For how long nothing goes to a cloud that asked for a pause; an hour at most, whatever it says."""
    return None if not asked else min(asked, LONGEST_PAUSE)


def before_late_look(age: float) -> float | None:
    """Until a call that was lost so many seconds ago is looked for once more, although somebody has decided: after
    5 minutes, later a quarter of its age; None after a day."""
    return None if age > LATEST_LOOK else max(SOONEST_LATE, age / 4)


def before_looking_again(looks: int, *, since_call: float) -> float:
    """After so many looks: 1, 2, 4, 5, 5 … s while an effect is likely to show late, up to 60 s afterwards."""
    most = LONGEST_LOOK if since_call < STILL_FRESH else PATIENT_LOOK
    return min(most, 2.0 ** min(looks, 10))


def before_reading_again(stale: float, *, asked: float | None = None, refused: bool = False) -> float:
    """Until a list that could not be read is tried again: half the time it has been stale for, 10 to 600 s.

    So waits grow by themselves, the same in every worker. What the cloud asked for (`asked`) is the least; who was
    refused (`refused`) waits longest.
    """
    wait = REFUSED_READ if refused else min(LATEST_READ, max(SOONEST_READ, stale / 2))
    return max(wait, min(asked or 0.0, 3600.0))
