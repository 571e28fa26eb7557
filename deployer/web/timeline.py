"""What happened to one deployment, newest first, page by page."""

from dataclasses import dataclass
from typing import Any

from deployer.models import Deployment, Event
from deployer.web import words

PAGE = 20
READ = 4 * PAGE  # events read for a page of items: a row of saves by one person is one item


@dataclass(frozen=True)
class Line:
    """Some events, newest first, and the number below which older ones stand (0: none)."""

    items: list[dict[str, Any]]
    older: int
    newest: int

    def since(self, number: int) -> list[dict[str, Any]]:
        """The items that are newer than this event."""
        return [item for item in self.items if item["number"] > number]


def line_of(deployment: Deployment, *, before: int = 0) -> Line:
    """The newest events, or those before an event's number. One query, whatever the length of the past."""
    found = deployment.events.all()
    if before:
        found = found.filter(number__lt=before)
    events = list(found.order_by("-number")[: READ + 1])
    groups = folded(events[:READ])
    shown = groups[:PAGE]
    last = shown[-1][-1].number if shown else 0
    return Line([item(group) for group in shown], last if last > events[-1].number else 0, newest_of(shown))


def newest_of(groups: list[list[Event]]) -> int:
    return groups[0][0].number if groups else 0


def folded(events: list[Event]) -> list[list[Event]]:
    """Events in groups: saves of one person in a row are one group, since a draft saves itself while one types."""
    groups: list[list[Event]] = []
    for event in events:
        last = groups[-1][-1] if groups else None
        if last and event.action == last.action == "edited" and event.by_key == last.by_key:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def item(group: list[Event]) -> dict[str, Any]:
    event = group[0]
    icon, tone, title, detail = words.sentence(event)
    if len(group) > 1:
        title = f"{title}, in {len(group)} saves"
    return {
        "number": event.number,
        "id": f"event-{event.number}",
        "icon": icon,
        "tone": tone,
        "by": words.who(event),
        "title": title,
        "detail": detail,
        "at": event.at,
    }
