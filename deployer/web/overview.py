"""The first page: what waits for this person, what moves, what stops soon, and how things stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from deployer.models import Deployment, Event, Person, Service, Target
from deployer.web import badges, chart, frozen, paging, services, targets, waiting, words
from deployer.workflow import freezing
from deployer.workflow.permissions import target_refusal
from deployer.workflow.watching import GONE

FEW = 6  # rows of each kind; the list has them all
STOPS_SOON = timedelta(hours=12)
DECIDED = ("approved", "changes_requested", "rejected", "submitted", "withdrawn")
WHY_BACK = ("changes_requested", "refused", "cancelled", "cancel", "give_up", "approval_stale")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page, or under htmx the part of it that moves by itself."""
    if request.htmx and not request.htmx.history_restore_request:
        answer = render(request, "overview/_moving.html", {"moving": moving()})
    elif not Target.objects.exists():
        first = {"command": targets.EXAMPLE, "now": timezone.now(), "refusal": target_refusal(request.user)}
        answer = render(request, "overview/first.html", first)
    else:
        answer = render(request, "overview/page.html", context(request.user))
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def context(person: Person) -> dict:
    now = timezone.now()
    return {
        "now": now,
        "waits": waits_for(person),
        "moving": moving(),
        "stops": stopping(),
        "tally": tally(),
        "sent": chart.sent_lately(),
        **frozen.banners(person, freezing.every_in_force()),
        "lately": [(event, words.who(event), words.sentence(event)) for event in decided_lately()],
    }


@dataclass(frozen=True)
class Wait:
    """Something this person can move on: what (a deployment, or a twin), why, and the button that leads there."""

    name: str
    number: str
    place: str
    page: str
    icon: str
    tone: str
    why: str
    action: str
    address: str


@dataclass(frozen=True)
class Waits:
    """What waits, a few of each kind; how many there are in all, and how many stand in the list of deployments."""

    rows: list[Wait]
    count: paging.Count
    listed: paging.Count | None  # None: all of them stand here


def waits_for(person: Person) -> Waits:
    """Numbers of each kind first, then all their rows at once. Twins stand behind what was lost."""
    undecided = paging.keys(waiting.undecided_for(person), None, FEW)
    verdicts = paging.keys(Deployment.objects.awaiting_review_by(person), None, FEW)
    back = paging.keys(waiting.sent_back_to(person), None, FEW)
    rows = paging.rows_of(Deployment.objects.for_lists(), [*undecided, *verdicts, *back])
    found = list(in_words(rows, set(undecided), waiting.given_to(rows), reasons(back)))
    whole = paging.count(waiting.waiting_for(person)) if len(found) >= FEW else paging.bounded(len(found))
    doubled = waiting.twins_for(person)
    twins = list(doubled.select_related("target", "twin_of").order_by("-pk")[:FEW])
    every = paging.count(doubled).number if len(twins) >= FEW else len(twins)
    return Waits(
        [*found[: len(undecided)], *map(twin_in_words, twins), *found[len(undecided) :]],
        paging.Count(whole.number + every, whole.is_more),
        whole if whole.number > len(found) else None,
    )


def in_words(rows: list[Deployment], undecided: set[int], given: dict[int, int], why: dict[int, str]) -> Iterator[Wait]:
    """`given`: of those that wait for a verdict, how many approvals count."""
    for row in rows:
        address = reverse("deployment-page", args=[row.pk])
        what = (row.service_name, str(row.pk), row.target.name, address)
        if row.pk in undecided:
            text = joined(row.submission.reason, "A person must decide.")
            yield Wait(*what, "circle-help", "alarm", text, "Decide", address)
        elif row.pk in given:
            votes = f"{given[row.pk]} of {row.target.approvals} given, {row.author} wrote it."
            text = joined("Your verdict.", row.summary and f"{row.summary}.", votes)
            yield Wait(*what, "stamp", "moving", text, "Review", address)
        else:
            edit = reverse("compose-page", args=[row.pk])
            yield Wait(*what, "corner-up-left", "warn", why.get(row.pk, "It came back to you."), "Continue", edit)


def twin_in_words(twin: Service) -> Wait:
    page = reverse("service-page", args=[twin.service_id])
    brother = twin.twin_of
    cost = "Both are paid." if brother.status != GONE else "It is paid, though the first is gone."
    text = f"A twin: the sending that made {brother.service_id} made it, too. {cost}"
    what = (twin.name, twin.service_id, twin.target.name, page)
    return Wait(*what, "copy", "warn", text, "Decide", f"{page}#h-twins")


def joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def reasons(numbers: list[int]) -> dict[int, str]:
    """The last word of whoever sent each of these back."""
    found: dict[int, str] = {}
    if not numbers:
        return found
    for event in Event.objects.filter(deployment__in=numbers, action__in=WHY_BACK).order_by("-number")[:60]:
        said = words.sentence(event)
        by = words.who(event)
        found.setdefault(event.deployment_id, joined(f"{by} {said.title}.", said.detail))
    return found


@dataclass(frozen=True)
class Mover:
    """One deployment on its way, its badge and how long it has been at it."""

    deployment: Deployment
    badge: badges.Badge
    lasts: timedelta

    @property
    def progress(self) -> int | None:
        service = self.deployment.service
        return service.progress if service and service.status == "deploying" else None


def moving() -> list[Mover]:
    """Newest first. What needs a person does not move: it waits for one."""
    found = paging.keys(waiting.moving(), None, FEW * 2)
    rows = paging.rows_of(Deployment.objects.for_lists(), found)
    now, held = timezone.now(), frozen.holding(rows)
    return [
        Mover(row, badges.badge_for(row, freezes=held), now - row.submission.created_at)
        for row in rows
        if badges.is_moving(row)
    ]


def stopping() -> list[tuple[Service, badges.Badge, timedelta]]:
    """What auto-stop ends within 12 hours, the nearest first."""
    soon = Service.objects.stopping_before(timezone.now() + STOPS_SOON).select_related("target")
    found = soon.order_by("due_time")[: FEW * 2]
    return [(service, badges.service_badge(service), services.stops_in(service) or timedelta(0)) for service in found]


def tally() -> list[tuple[badges.Badge, str, paging.Count]]:
    """Services by what the cloud says; what there is none of is left out."""
    return [
        (badges.CLOUD.get(status, services.DEPLOYING), status, number)
        for status, number in services.tally().items()
        if number
    ]


def decided_lately() -> list[Event]:
    """The last five decisions, each with its deployment. Five of each kind by its index, then the newest: no walk."""
    some = Q()
    for action in DECIDED:
        some |= Q(pk__in=Event.objects.filter(action=action).order_by("-number").values("pk")[:5])
    told = Event.objects.filter(some).select_related("deployment").defer("deployment__draft")
    return list(told.order_by("-number")[:5])
