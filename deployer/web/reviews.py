"""What waits for my verdict, what waits for others, and what I said lately."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deployer.domain import headline
from deployer.domain.lifecycle import State
from deployer.models import Decision, Deployment, Person, Version
from deployer.web import frozen, numbers, verdicts
from deployer.web.badges import Badge, badge_for
from deployer.workflow import permissions
from deployer.workflow.standing import Standing, standings

PAGE = 20
LATELY = 10


@dataclass(frozen=True)
class Item:
    """One request as the queue shows it: the change in a sentence, how far it is, and this person's part in it."""

    deployment: Deployment
    version: Version | None
    sentence: str
    standing: Standing
    who: str
    part: str
    icon: str
    tone: str


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Oldest request first: who waits longest is served first."""
    person = request.user
    after = key(request.GET.get("after", ""))
    waiting = Deployment.objects.awaiting_review_by(person)
    mine, more = portion(waiting, after)
    others, many_others = portion(
        Deployment.objects.filter(state=State.IN_REVIEW).exclude(pk__in=waiting.values("pk")), 0
    )
    items = items_of([*mine, *others], person)
    found = {
        "waiting": items[: len(mine)],
        "others": items[len(mine) :],
        "older_url": f"?after={mine[-1].pk}" if more else "",
        "newer_url": request.path if after else "",
        "many_others": many_others,
        "is_approver": "approver" in person.roles,
        "said": said_by(person),
    }
    return render(request, "review/list.html", found)


def key(text: str) -> int:
    """The number a page begins after; 0 for the first page. A senseless one is 404."""
    if not text:
        return 0
    number = numbers.whole(text)
    if number is None:
        raise Http404
    return number


def portion(rows, after: int) -> tuple[list[Deployment], bool]:
    """The oldest of these rows past a number, and whether there are more."""
    rows = rows.filter(pk__gt=after).select_related("target", "author").prefetch_related("editors")
    found = list(rows.defer("draft").order_by("number")[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def items_of(rows: Sequence[Deployment], person: Person) -> list[Item]:
    """As many queries for a full page as for one row."""
    if not rows:
        return []
    wanted = Version.objects.filter(deployment__in=[row.pk for row in rows], number=F("deployment__version_number"))
    latest = {version.deployment_id: version for version in wanted.defer("draft")}
    stands = standings(rows)
    approvers = list(Person.objects.filter(is_active=True, groups__name="approver").order_by("first_name", "username"))
    return [item(row, latest.get(row.pk), stands[row.pk], approvers, person) for row in rows]


def item(row: Deployment, version: Version | None, stand: Standing, approvers: list[Person], person: Person) -> Item:
    part, icon, tone = part_in(row, stand, approvers, person)
    sentence = headline.of_new(json.loads(version.payload)) if version else ""
    who = permissions.listed([str(one.person) for one in stand.counted]) or "nobody yet"
    return Item(row, version, sentence, stand, who, part, icon, tone)


def part_in(row: Deployment, stand: Standing, approvers: list[Person], person: Person) -> tuple[str, str, str]:
    """Why it is, or is not, this person's turn, and whose it is."""
    editors = permissions.editor_ids(row)
    spoken = {one.person_id for one in stand.counted}
    left = [str(one) for one in approvers if one.pk not in editors | spoken and one != person]
    whose = f"{permissions.listed(left)} can decide." if left else "Nobody else can decide it now."
    why = permissions.hand_in_it(person, row, editors)
    if person.pk in spoken:
        return f"You approved version {row.version_number}. {whose}", "check", "good"
    if why:
        return f"You {why}. {whose}", "ban", ""
    if "approver" not in person.roles:
        return f"Only approvers decide. {whose}", "eye", ""
    return "You may decide: you neither wrote nor edited it.", "circle-check", "good"


def said_by(person: Person) -> list[dict[str, Any]]:
    """Their last verdicts and what became of each deployment. Two queries at most."""
    rows = Decision.objects.filter(person=person).select_related(
        "version__deployment__target",
        "version__deployment__author",
        "version__deployment__submission",
        "version__deployment__service",
    )
    rows = rows.defer("version__draft", "version__payload", "version__problems", "version__deployment__draft")
    lately = list(rows.order_by("-pk")[:LATELY])
    held = frozen.holding(one.version.deployment for one in lately)
    return [
        {
            "decision": one,
            "deployment": one.version.deployment,
            "badge": badge_of(one),
            "now": badge_for(one.version.deployment, freezes=held),
        }
        for one in lately
    ]


def badge_of(decision: Decision) -> Badge:
    return verdicts.AGAINST.get(decision.verdict, verdicts.APPROVED)
