"""Auto-stop: table 5."""

from collections.abc import Iterator

from ..edition import Edition
from ..places import short
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec

MINUTES = {"DAYS": 24 * 60, "HOURS": 60, "MINUTES": 1}


def batch_stops_by_itself(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A schedule can be configured for real-time services only."""
    if spec.is_batch and spec.has_schedule and "schedule" not in spec.spoiled:
        yield Problem("schedule", BLOCK, "Take auto-stop out. A batch service stops when its work is done.")


def schedule_is_whole(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Type, unit and duration are all mandatory."""
    for stop in spec.schedule:
        if spec.lacks(f"{stop.path}.type", stop.type):
            yield Problem(f"{stop.path}.type", BLOCK, "Say what the schedule does. Only stop is possible.")
        if spec.lacks(f"{stop.path}.time_unit", stop.time_unit):
            yield Problem(f"{stop.path}.time_unit", BLOCK, "Choose the unit of auto-stop: DAYS, HOURS or MINUTES.")
        if spec.lacks(f"{stop.path}.duration", stop.duration):
            yield Problem(f"{stop.path}.duration", BLOCK, "Say after how long the service stops.")


def schedule_is_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """One type, three units, and a whole number of them above 0."""
    for stop in spec.schedule:
        if stop.type is not None and stop.type != "stop":
            words = f'A schedule can only stop a service. "{short(stop.type)}" is not known.'
            yield Problem(f"{stop.path}.type", BLOCK, words)
        if stop.time_unit is not None and stop.time_unit not in MINUTES:
            words = f'The unit of auto-stop is DAYS, HOURS or MINUTES. "{short(stop.time_unit)}" is none of them.'
            yield Problem(f"{stop.path}.time_unit", BLOCK, words)
        if stop.duration is not None and stop.duration < 1:
            words = f"The duration of auto-stop is {stop.duration}. It must be at least 1."
            yield Problem(f"{stop.path}.duration", BLOCK, words)


def one_schedule(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The document says array and shows one item."""
    if len(spec.schedule) > 1:
        words = f"The schedule has {len(spec.schedule)} items. The API is only known to take one."
        yield Problem("schedule", WARN, words)


def stops_within_a_day(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The document gives no bound; the vendor's console offers 1 to 24 hours."""
    for stop in spec.schedule:
        minutes = (stop.duration or 0) * MINUTES.get(stop.time_unit or "", 0)
        if minutes > MINUTES["DAYS"]:
            words = "Auto-stop comes after more than 24 hours. The console of the cloud allows 24."
            yield Problem(f"{stop.path}.duration", WARN, words)
