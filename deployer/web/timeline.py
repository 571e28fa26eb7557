"""What happened to one deployment, newest first, page by page."""

from dataclasses import dataclass
from typing import Any

from deployer.models import Deployment, Event
from deployer.web import words

PAGE = 20


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
    events = list(found.order_by("-number")[: PAGE + 1])
    shown = events[:PAGE]
    older = shown[-1].number if len(events) > PAGE else 0
    return Line([item(event) for event in shown], older, shown[0].number if shown else 0)


def item(event: Event) -> dict[str, Any]:
    icon, tone, title, detail = words.sentence(event)
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
