"""Somebody else saved meanwhile: both texts side by side, nothing overwritten, nothing lost."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deployer.domain import draft as drafts
from deployer.domain import payload as payloads
from deployer.domain.lifecycle import EDITABLE
from deployer.domain.tables import CUSTOM_SPEC, ENTRY, SCHEDULE, SERVICE
from deployer.models import Deployment
from deployer.web import fragments
from deployer.web.typed_form import Difference, Typing
from deployer.workflow.errors import MovedOn

NOT_CARRIED = {"csrfmiddlewaretoken", "seen", "revision", "save", "ask", "compare"}
ACTS = {"add", "duplicate", "remove", "up", "down", "add-variable", "remove-variable", "paste", "undo"}


@dataclass(frozen=True)
class Choice:
    """One place where both texts differ, with words for it."""

    name: str
    label: str
    of: str
    mine: str | None
    theirs: str | None


def answer(request: HttpRequest, deployment: Deployment, typing: Typing, moved: MovedOn) -> HttpResponse:
    """409 with everything typed: to choose from where it can still be saved, to copy where it cannot."""
    fresh = Deployment.objects.select_related("target", "author").get(pk=deployment.pk)
    if request.htmx:
        return fragments.moved_on(request, fresh, str(moved), fresh.state in EDITABLE)
    if fresh.state not in EDITABLE:
        kept = payloads.pretty(drafts.body_of(typing.doc))
        context = {"reason": str(moved), "kept": kept, "deployment": fresh}
        return render(request, "compose/gone.html", context, status=409)
    context = {
        "deployment": fresh,
        "reason": str(moved),
        "choices": [choice(one) for one in typing.differences],
        "kept": carried(request),
        "who": last_writer(fresh),
        "is_me": last_writer(fresh) == str(request.user),
    }
    return render(request, "compose/conflict.html", context, status=409)


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """All that was typed, to be posted again as it is."""
    dropped = NOT_CARRIED | ACTS
    return [
        (name, text)
        for name in request.POST
        if name not in dropped and not name.startswith("choose-")
        for text in request.POST.getlist(name)
    ]


def last_writer(deployment: Deployment) -> str:
    last = deployment.events.filter(action__in=["edited", "created", "imported", "copied"]).first()
    return (last.by_name if last else "") or "Somebody"


def choice(one: Difference) -> Choice:
    label, of = words_for(one)
    return Choice(one.name, label, of, one.mine, one.theirs)


def words_for(one: Difference) -> tuple[str, str]:
    """What people call this place: the field, and the model it belongs to."""
    name, of = one.name, f"model {one.place}" if one.place else ""
    if name.startswith("row-"):
        return "A model that only they have", ""
    if name.startswith("env-"):
        return "A variable that only they have", of
    if name.startswith("schedule-"):
        return f"Auto-stop, {SCHEDULE[name.removeprefix('schedule-')]}", ""
    if not name.startswith("config-"):
        return capital(SERVICE.get(name, name)), ""
    steps = name.split("-")
    if len(steps) == 2:
        return "A model that only you have", of
    if len(steps) == 4 and steps[2] == "envs":
        return "A variable that only you have", of
    if len(steps) == 5:
        return f"Variable {int(steps[3]) + 1}, {'name' if steps[4] == 'key' else 'value'}", of
    if steps[2] == "custom_spec":
        return CUSTOM_SPEC[steps[3]], of
    return capital(ENTRY.get(steps[2], steps[2])), of


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]
