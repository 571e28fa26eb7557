"""Who hears of a service: SMN notifications, LTS logs, open connections (2025)."""

from collections.abc import Iterator

from ..edition import Edition
from ..newer import CHANNEL, EVENTS, OR_REFUSED
from ..places import short
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec

MOST_ID = 64  # characters of a log group or a log stream id


def notifications_are_whole(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A notification has a topic and events; the table does not call them mandatory."""
    for one in spec.more.notifications:
        if spec.lacks(f"{one.path}.topic_urn", one.topic_urn):
            words = "Name the SMN topic (topic_urn). Without it nobody is told, and the cloud may refuse it."
            yield Problem(f"{one.path}.topic_urn", WARN, words)
        path = f"{one.path}.events"
        if spec.lacks(path, one.events) or (one.events == () and not _spoiled(spec, path)):
            yield Problem(path, WARN, "Choose the events that are told. Without one nobody is told.")


def events_are_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The documents list different events, so another one only warns."""
    for one in spec.more.notifications:
        for index, event in enumerate(one.events or ()):
            if event not in EVENTS:
                known = ", ".join(f"{number} {words}" for number, words in EVENTS.items())
                words = f"Event {event} is not listed. Known are {known}."
                yield Problem(f"{one.path}.events[{index}]", WARN, words)


def channels_are_whole(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A log channel says where logs go."""
    for one in spec.more.channels:
        if spec.lacks(f"{one.path}.type", one.type):
            yield Problem(f"{one.path}.type", WARN, f"Say which channel it is: {CHANNEL}. {OR_REFUSED}")
        if f"{one.path}.configuration" in spec.spoiled:
            continue
        for key, words in (("log_group_id", "log group"), ("log_stream_id", "log stream")):
            if spec.lacks(f"{one.where}.{key}", getattr(one, key)):
                yield Problem(f"{one.where}.{key}", WARN, f"Say which {words} takes the logs, by its id. {OR_REFUSED}")


def channels_fit(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """One type of channel; ids of at most 64 characters."""
    for one in spec.more.channels:
        if one.type and one.type != CHANNEL:
            words = f'A log channel can only be {CHANNEL}. "{short(one.type)}" is not known.'
            yield Problem(f"{one.path}.type", BLOCK, words)
        for key, words in (("log_group_id", "log group"), ("log_stream_id", "log stream")):
            length = len(getattr(one, key) or "")
            if length > MOST_ID:
                words = f"The id of the {words} has {length} characters. It may have {MOST_ID}."
                yield Problem(f"{one.where}.{key}", BLOCK, words)


def sockets_are_for_real_time(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Nobody keeps a connection open to a batch job."""
    if spec.is_batch and spec.more.websocket_upgrade:
        words = "WebSocket is for real-time services. It may have no effect here."
        yield Problem("additional_properties.websocket_upgrade", WARN, words)


def _spoiled(spec: ServiceSpec, path: str) -> bool:
    return any(place.startswith(path) for place in spec.spoiled)
