"""The list of deployments as CSV and as JSON, streamed: memory does not grow with the list."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from deployer.models import Deployment, Version

COLUMNS = (
    "number",
    "kind",
    "service_name",
    "infer_type",
    "target",
    "state",
    "closed_as",
    "outcome",
    "service_status",
    "service_id",
    "author",
    "version",
    "fingerprint",
    "created_at",
    "updated_at",
    "summary",
)
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
BOM = "\ufeff"  # spreadsheets read UTF-8 only when told so
# A cell that begins so would be calculated by a spreadsheet, some of them in wide letters or after a line break too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TOGETHER = 200  # rows in one piece of the answer


def whole() -> QuerySet:
    """Deployments with all an export says of them, the fingerprint of the latest version included."""
    latest = Version.objects.filter(deployment=OuterRef("pk"), number=OuterRef("version_number"))
    return Deployment.objects.for_lists().annotate(fingerprint=Subquery(latest.values("fingerprint")[:1]))


def answer(rows: Iterable[Deployment], kind: str) -> HttpResponseBase:
    pieces = csv_text(rows) if kind == "csv" else json_text(rows)
    name = f"deployments-{timezone.localdate():%Y-%m-%d}.{kind}"
    return StreamingHttpResponse(
        (piece.encode() for piece in pieces),
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def facts(row: Deployment) -> dict[str, Any]:
    """One deployment as flat facts; empty where there is nothing to say."""
    submission, service = row.submission, row.service
    said = (
        row.pk,
        row.kind,
        row.service_name,
        row.infer_type,
        row.target.name,
        row.state,
        row.closed_as,
        submission.outcome if submission else "",
        service.status if service else "",
        (submission.service_id or "") if submission else "",
        row.author.username,
        row.version_number,
        row.fingerprint or "",
        moment(row.created_at),
        moment(row.updated_at),
        row.summary,
    )
    return dict(zip(COLUMNS, said, strict=True))


def moment(at: datetime) -> str:
    """ISO 8601 in UTC, to the second: 2026-11-22T13:03:22Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Echo:
    """A file that hands back what is written to it, so that `csv` can be streamed."""

    def write(self, text: str) -> str:
        return text


def csv_text(rows: Iterable[Deployment]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BOM + writer.writerow(COLUMNS)
    lines = (writer.writerow([cell(value) for value in facts(row).values()]) for row in rows)
    while piece := "".join(islice(lines, TOGETHER)):
        yield piece


def cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def json_text(rows: Iterable[Deployment]) -> Iterator[str]:
    """One array, one deployment a line."""
    lines = (json.dumps(facts(row), ensure_ascii=False) for row in rows)
    start = "[\n"
    while piece := ",\n".join(islice(lines, TOGETHER)):
        yield start + piece
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"
