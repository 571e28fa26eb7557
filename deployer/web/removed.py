"""Rows that were taken away lately, so that a removal can be undone as a whole: kept in the person's session.

They are no part of the draft: a version and a comparison must not see them.
"""

from typing import Any

from django.http import HttpRequest

from deployer.models import Deployment
from deployer.web.row_order import title_of

Row = dict[str, Any]
MOST = 5


def key_of(deployment: Deployment) -> str:
    return f"removed-{deployment.pk}"


def of(request: HttpRequest, deployment: Deployment) -> list[dict[str, Any]]:
    """What can be put back: row, place (from 0) and name, the latest last."""
    return request.session.get(key_of(deployment), [])


def rows(request: HttpRequest, deployment: Deployment) -> list[Row]:
    return [one["row"] for one in of(request, deployment)]


def note(request: HttpRequest, deployment: Deployment, row: Row, place: int) -> None:
    entry = {"row": row, "place": place, "name": title_of(row) or f"model {place + 1}"}
    request.session[key_of(deployment)] = [*of(request, deployment), entry][-MOST:]


def take(request: HttpRequest, deployment: Deployment, key: str) -> dict[str, Any] | None:
    """The entry of this row, which is then no longer kept here."""
    entries = of(request, deployment)
    found = next((entry for entry in entries if entry["row"]["id"] == key), None)
    if found:
        request.session[key_of(deployment)] = [entry for entry in entries if entry is not found]
    return found


def forget(request: HttpRequest, deployment: Deployment) -> None:
    if key_of(deployment) in request.session:
        del request.session[key_of(deployment)]
