"""Everything on its way: what needs a person, what is out, what waits and for what, what was settled lately.

The page and its fragment read what the worker wrote down. Sections show their newest; one of them alone is a list with
pages.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from deployer.domain.lifecycle import Outcome
from deployer.models import Attempt, Deployment, Event, Freeze, Heartbeat, Person, Service, Submission, Target
from deployer.web import badges, frozen, moments, paging, sending, waiting
from deployer.web.badges import Badge, submission_badge
from deployer.web.filters import after_of, real_text
from deployer.workflow import freezing, removing, scheduling
from deployer.workflow.watching import GONE

FEW, CASES = 12, 5
ENDS = ("accepted", "refused", "cancelled", "cancel", "give_up", "settle_as")
SECTIONS = {"person": "Needs a person", "out": "Out", "waits": "Waits"}


@dataclass(frozen=True)
class Row:
    """One sending: its badge, what goes on, since when, when it is due."""

    submission: Submission
    badge: Badge
    what: str
    due: datetime | None
    since: datetime
    decides_at: datetime | None = None
    is_held: bool = False
    may_change: bool = False  # this person, now: another time, or not at all

    @property
    def is_due(self) -> bool:
        return self.due is not None and self.due <= timezone.now()


@dataclass(frozen=True)
class Case:
    """One that needs a person: its row, what can be done, and the services it might be."""

    row: Row
    hands: list[dict[str, str]]
    refusal: str
    candidates: list[Service]
    last: Attempt | None

    @property
    def last_what(self) -> str:
        return sending.what(self.last, self.row.submission) if self.last else ""


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return show(request)


def show(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page, or under htmx the part that moves. `more`: what a refused act adds."""
    target = chosen_target(request)
    alone = request.GET.get("show", "")
    if alone and alone not in SECTIONS:
        raise Http404
    found = context(request, target, alone) | freeze_box(target, **more) | more
    is_part = request.htmx and not request.htmx.history_restore_request and request.method == "GET"
    answer = render(request, "in_flight/_live.html" if is_part else "in_flight/page.html", found, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def freeze_box(target: Target | None, **more: Any) -> dict[str, Any]:
    """What the form of a freeze holds: as typed after a refusal, else the target one came with."""
    typed, problems = more.get("freeze_typed"), more.get("freeze_problems", [])
    anchors = {"reason": "freeze-reason", "ends_at": "freeze-ends", "target": "target"}
    return {
        "freeze_target": typed.get("target", "") if typed else target.name if target else "",
        "freeze_summary": [{"message": one.message, "anchor": anchors.get(one.path, "")} for one in problems],
    }


def chosen_target(request: HttpRequest) -> Target | None:
    name = real_text(request.GET.get("target", ""))
    if not name:
        return None
    found = Target.objects.filter(name=name).first()
    if found is None:
        raise Http404
    return found


def context(request: HttpRequest, target: Target | None, alone: str) -> dict[str, Any]:
    in_force = freezing.every_in_force()
    concerned = freezing.of_target(in_force, target.pk) if target else in_force
    workers = [] if alone else list(Heartbeat.objects.with_life().order_by("-beat_at")[:20])
    lists = {name: listed(request, name, target, alone, in_force) for name in SECTIONS if alone in ("", name)}
    return {
        "here": address(target, alone, request.GET.get("after", "")),
        "target": target,
        "targets": list(Target.objects.order_by("name").values_list("name", flat=True)[:200]),
        "alone": alone,
        "lists": lists,
        "is_empty": not any(one["rows"] for one in lists.values()),
        "is_moving": any(one["rows"] for one in lists.values()),
        "settled": [] if alone else settled(target),
        "twins": [] if alone else twins(target),
        "twin_refusal": removing.refusal(request.user),
        "workers": workers,
        "some_live": any(one.is_alive for one in workers),
        "freeze_refusal": freezing.refusal(request.user),
        "zone": moments.zone_name(),
        **frozen.banners(request.user, concerned),
    }


def address(target: Target | None, alone: str, after: str) -> str:
    """This very list, to be read again; also after a form of it was refused."""
    asked = {"target": target.name if target else "", "show": alone, "after": after}
    query = urlencode({name: text for name, text in asked.items() if text})
    return f"{reverse('in-flight')}?{query}" if query else reverse("in-flight")


def questions() -> dict[str, QuerySet[Submission]]:
    """Which rows a section shows. Asked from the few that are not over, which partial indexes hold; never a walk
    through all that was ever sent."""
    open_rows = Submission.objects.open()
    moving = open_rows.filter(needs_person=False, next_action_at__isnull=False)
    found = {
        "person": open_rows.filter(needs_person=True),
        "out": moving.filter(outcome__in=[Outcome.SENDING, Outcome.UNKNOWN]),
        "waits": moving.filter(outcome=Outcome.WAITING),
    }
    return {name: Submission.objects.filter(pk__in=few.values("pk")) for name, few in found.items()}


def of_lists() -> QuerySet[Submission]:
    """With all that a row shows, in one query; no text of a request is read."""
    rows = Submission.objects.select_related("target", "deployment", "deployment__author", "version", "created_by")
    return rows.defer("deployment__draft", "version__draft", "version__payload", "version__problems")


def listed(request: HttpRequest, name: str, target: Target | None, alone: str, freezes: list[Freeze]) -> dict[str, Any]:
    """One section: its rows, how many there are, and the way on where it stands alone."""
    found = questions()[name]
    if target is not None:
        found = found.filter(target=target)
    most = CASES if name == "person" else FEW
    after = after_of(request.GET) if alone else None
    shown = paging.page_of(found, of_lists(), after=after, size=paging.PAGE if alone else most)
    rows = [row_of(request.user, one, freezes) for one in shown.rows]
    return {
        "word": SECTIONS[name],
        "rows": cases(request.user, rows) if name == "person" else rows,
        "count": paging.count(found) if shown.older or after else paging.bounded(len(rows)),
        "more": bool(shown.older) and not alone,
        "older_url": paging.address(request, shown.older) if alone else "",
        "newer_url": paging.address(request, shown.newer) if alone else "",
    }


def row_of(person: Person, row: Submission, freezes: list[Freeze]) -> Row:
    since = row.sent_at if row.outcome != Outcome.WAITING and row.sent_at else row.created_at
    badge = submission_badge(row, freezes)
    if row.outcome != Outcome.WAITING or row.needs_person:
        what = row.reason or "The call is out. Its answer is waited for."
        return Row(row, badge, what, row.next_action_at, since, sending.decides_at(row))
    may_change = scheduling.can_move(row) and not scheduling.refusal(person, row.deployment)
    going = badges.going(row, freezes)
    if not going.why:
        return Row(row, badge, row.reason or "Its turn.", row.next_action_at, since, may_change=may_change)
    return Row(row, badge, going.why, going.at, since, is_held=bool(going.freeze), may_change=may_change)


def cases(person: Person, rows: list[Row]) -> list[Case]:
    """With the hands for each, and services of its name as last seen. Two queries for all."""
    if not rows:
        return []
    keys = [row.submission.pk for row in rows]
    newest = {one.submission_id: one for one in last_tries(keys)}
    named = Q()
    for row in rows:
        named |= Q(target=row.submission.target_id, name=row.submission.service_name)
    seen: dict[tuple[int, str], list[Service]] = {}
    for service in Service.objects.filter(named).exclude(status=GONE).order_by("-pk")[:100]:
        seen.setdefault((service.target_id, service.name), []).append(service)
    found = []
    for row in rows:
        one = row.submission
        hands = sending.hands_of(person, one)
        refusal = next((hand["refusal"] for hand in hands if hand["refusal"]), "")
        known = seen.get((one.target_id, one.service_name), [])
        found.append(Case(row, hands, refusal, known, newest.get(one.pk)))
    return found


def last_tries(keys: list[int]) -> list[Attempt]:
    """The last call of each of these rows."""
    newest = Attempt.objects.filter(submission=OuterRef("pk")).order_by("-number").values("pk")[:1]
    found = Submission.objects.filter(pk__in=keys).annotate(newest=Subquery(newest)).values_list("newest", flat=True)
    return list(Attempt.objects.filter(pk__in=found).defer("answer"))


def settled(target: Target | None) -> list[tuple[Submission, Badge]]:
    """The last few that came to an end, newest first: from the newest events of each kind, by their index."""
    some = Q()
    for action in ENDS:
        found = Event.objects.filter(action=action)
        found = found.filter(target_name=target.name) if target else found
        some |= Q(pk__in=found.order_by("-number").values("pk")[:FEW])
    told = Event.objects.filter(some).order_by("-number")
    numbers = list(dict.fromkeys(told.values_list("deployment", flat=True)[: 2 * FEW]))[:8]
    rows = of_lists().filter(pk__in=Deployment.objects.filter(pk__in=numbers).values("submission"))
    place = {number: position for position, number in enumerate(numbers)}
    over = [row for row in rows if row.settled_at is not None]
    return [(row, submission_badge(row)) for row in sorted(over, key=lambda row: place[row.deployment_id])]


def twins(target: Target | None) -> list[Service]:
    """Services made beside others by the same sending, still there; `is_leaving`: being deleted."""
    found = Service.objects.filter(pk__in=Service.objects.filter(twin_of__isnull=False).values("pk"))
    if target is not None:
        found = found.filter(target=target)
    found = found.exclude(status=GONE).annotate(is_leaving=Exists(waiting.leaving()))
    return list(found.select_related("target", "twin_of").order_by("-pk")[:FEW])


def stuck() -> paging.Count:
    """How many need a person, for the rail: the count of a few rows, whatever the past."""
    return paging.count(questions()["person"], most=99)
