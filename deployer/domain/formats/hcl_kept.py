"""What Terraform has no argument for travels in comments: `# keep {"path": ["config", 0, "cluster_id"], "value": …}`.

One line of ASCII JSON each, so that no text in it can end the comment. Terraform passes them over.
"""

import json
import re
from typing import Any

from ..reading import read_object
from ..refusing import Unreadable, refuse

Steps = tuple[str | int, ...]
_KEPT = re.compile(r"# keep (\{.*\})\s*\Z", re.DOTALL)


def line(steps: Steps, value: Any) -> str:
    """One value as a comment."""
    return f"# keep {json.dumps({'path': list(steps), 'value': value}, sort_keys=True)}"


def put_back(source: str, comment: str, at: int, body: dict[str, Any]) -> None:
    """Put what a comment keeps into the body it belongs to, or raise Unreadable; other comments do nothing."""
    found = _KEPT.match(comment)
    if not found:
        return
    try:
        kept = read_object(found[1])
    except Unreadable as error:
        refuse(source, at, f"this line cannot be read. {error.message}")
    steps = kept.get("path")
    if set(kept) != {"path", "value"} or not isinstance(steps, list) or not _put(body, steps, kept["value"]):
        refuse(source, at, "this line fits nowhere in the block. Take it out, or put its value in by hand later.")


def _put(body: Any, steps: list[Any], value: Any) -> bool:
    """Whether the value found its place: a key that is not there yet, or the next item of a list."""
    if not steps:
        return False
    *way, last = steps
    place = body
    for step in way:
        in_object = isinstance(place, dict) and isinstance(step, str) and step in place
        in_list = isinstance(place, list) and type(step) is int and 0 <= step < len(place)
        if not in_object and not in_list:
            return False
        place = place[step]
    if isinstance(place, dict) and isinstance(last, str) and last not in place:
        place[last] = value
        return True
    if isinstance(place, list) and type(last) is int and last == len(place):
        place.append(value)
        return True
    return False
