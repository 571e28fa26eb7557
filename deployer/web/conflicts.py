"""Somebody else saved meanwhile: both texts side by side, nothing overwritten, nothing lost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deployer.domain import draft as drafts
from deployer.domain import newer as newer_words
from deployer.domain import payload as payloads
from deployer.domain.lifecycle import EDITABLE
from deployer.domain.tables import CUSTOM_SPEC, ENTRY, SCHEDULE, SERVICE
from deployer.models import Deployment
from deployer.web import fragments, newer_lists, newer_view, row_order, saving, three_way
from deployer.web.typed_form import Typing
from deployer.workflow.errors import MovedOn

NOT_CARRIED = {"csrfmiddlewaretoken", "seen", "revision", "began_with", "save", "ask", "compare", "own"}
ACTS = {"add", "duplicate", "remove", "up", "down", "add-variable", "remove-variable", "paste", "undo"}
ACTS |= {"remove-item", "another"}

_NUMBER = re.compile(r"[a-z]-([0-9]+)-[a-zA-Z]")  # of an item of a list


@dataclass(frozen=True)
class Choice:
    """One place where both texts differ, with words for it."""

    name: str
    label: str
    of: str
    mine: str | None
    theirs: str | None
    before: str | None
    by: str

    @property
    def after(self) -> str | None:
        """What the one person made of it who changed it."""
        return self.mine if self.by == three_way.MINE else self.theirs

    @property
    def otherwise(self) -> str:
        """Whose text it is when this change is not taken."""
        return three_way.THEIRS if self.by == three_way.MINE else three_way.MINE


def answer(request: HttpRequest, deployment: Deployment, typing: Typing, moved: MovedOn) -> HttpResponse:
    """409 with everything typed: to choose from where it can still be saved, to copy where it cannot."""
    fresh = Deployment.objects.select_related("target", "author").get(pk=deployment.pk)
    if request.htmx:
        return fragments.moved_on(request, fresh, str(moved), fresh.state in EDITABLE)
    if fresh.state not in EDITABLE:
        kept = payloads.pretty(drafts.body_of(typing.doc))
        context = {"reason": str(moved), "kept": kept, "deployment": fresh}
        return render(request, "compose/gone.html", context, status=409)
    if fresh.revision != deployment.revision:
        typing = saving.read(request, fresh)  # one more was saved while this post was read
    parting = parting_of(request, fresh, typing)
    context = {
        "deployment": fresh,
        "reason": str(moved),
        "choices": [choice(one) for one in parting.of(three_way.BOTH)],
        "taken": [choice(one) for one in parting.of(three_way.MINE, three_way.THEIRS)],
        "same": [words_for(one.name, one.place) for one in parting.same],
        "knows_before": parting.knows_before,
        "began_with": saving.began_with(request),
        "kept": list(carried(request)),
        "who": last_writer(fresh),
        "is_me": last_writer(fresh) == str(request.user),
    }
    return render(request, "compose/conflict.html", context, status=409)


def parting_of(request: HttpRequest, fresh: Deployment, typing: Typing) -> three_way.Parting:
    """Who changed what since the revision this page began with, as far as that is still kept."""
    base = saving.base(request, fresh)
    since = saving.read_over(request, fresh, base) if base is not None else None
    return three_way.parting(typing, drafts.loads(fresh.draft), since, base)


def carried(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """All that was typed, to be posted again as it is; and what was left to the others already stays left to them."""
    dropped = NOT_CARRIED | ACTS
    for name in request.POST:
        if name.startswith("choose-"):
            if request.POST[name] == three_way.THEIRS:
                yield name, three_way.THEIRS
        elif name not in dropped:
            yield from ((name, text) for text in request.POST.getlist(name))


def last_writer(deployment: Deployment) -> str:
    last = deployment.events.filter(action__in=["edited", "created", "imported", "copied"]).first()
    return (last.by_name if last else "") or "Somebody"


def choice(one: three_way.Parted) -> Choice:
    label, of = words_for(one.name, one.place)
    return Choice(one.name, label, of, one.mine, one.theirs, one.before, one.by)


def words_for(name: str, place: str) -> tuple[str, str]:
    """What people call this place: the field, and the model it belongs to."""
    of = f"model {place}" if place else ""
    if name == three_way.WEIGHTS:
        return "Traffic", "all models, since weights make 100 together"
    if name == row_order.ORDER:
        return "Order of models", ""
    if name in newer_lists.ITEMS:
        key = name.rpartition("-")[2]
        return capital(newer_words.SERVICE.get(key) or newer_words.PROPERTIES[key]), ""
    if name.startswith("row-"):
        return "Model", ""
    if name.startswith("env-"):
        return "Variable", of
    if name.startswith("schedule-"):
        return f"Auto-stop, {SCHEDULE[name.removeprefix('schedule-')]}", ""
    plain = re.sub(r"^config-[0-9]+-", "", name)
    newer, number = newer_view.label_of(plain), _NUMBER.search(plain)
    if newer:
        return (f"{newer}, {int(number[1]) + 1}" if number else newer), of
    if not name.startswith("config-"):
        return capital(SERVICE.get(name, newer_words.SERVICE.get(name, name))), ""
    steps = name.split("-")
    if len(steps) == 2:
        return "Model", f"number {place}"
    if len(steps) == 4 and steps[2] == "envs":
        return "Variable", of
    if len(steps) == 5:
        return f"Variable {int(steps[3]) + 1}, {'name' if steps[4] == 'key' else 'value'}", of
    if steps[2] == "custom_spec":
        return CUSTOM_SPEC[steps[3]], of
    return capital(ENTRY.get(steps[2], newer_words.ENTRY.get(steps[2], steps[2]))), of


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]
