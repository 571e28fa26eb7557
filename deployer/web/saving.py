"""Saving what was posted: which revision it was typed into, what is too much, and the verb itself."""

from collections.abc import Iterator

from django.http import HttpRequest

from deployer.domain import draft as drafts
from deployer.domain.lifecycle import EDITABLE
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Deployment
from deployer.web import newer_lists, numbers, posted, removed, three_way, typed_form
from deployer.web.typed_form import Typing
from deployer.workflow import drafting
from deployer.workflow.drafting import Saved

__all__ = [
    "Saved",
    "Typing",
    "base",
    "began_with",
    "mine_alone",
    "problem",
    "read",
    "read_over",
    "refusal",
    "revision_of",
    "save",
]

UNKNOWN = -1  # a revision no draft has


def read(request: HttpRequest, deployment: Deployment) -> Typing:
    """The draft as posted, over the saved one. Removed rows are known, so that one that comes back is whole."""
    return read_over(request, deployment, drafts.loads(deployment.draft), origin(request, deployment))


def read_over(
    request: HttpRequest, deployment: Deployment, before: drafts.Doc, origin: drafts.Doc | None = None
) -> Typing:
    """The draft as posted, over this one; `origin` is what the page was drawn from, where that is another."""
    chosen = frozenset(name for name, value in choices(request) if value == "theirs")
    rows, edition = removed.rows(request, deployment), deployment.target.edition
    return typed_form.read(posted.take_apart(request.POST), before, chosen, rows, edition, origin)


def choices(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What was chosen where two people typed: the name of the control, and whose text."""
    prefix = "choose-"
    for name in request.POST:
        if name == prefix + three_way.WEIGHTS:
            yield from ((one, request.POST[name]) for one in request.POST if three_way.is_weight(one))
        elif (plain := name.removeprefix(prefix)) != name and plain in newer_lists.ITEMS:
            yield plain, request.POST[name]
            yield from ((one, request.POST[name]) for one in request.POST if newer_lists.is_inside(one, plain))
        elif name.startswith(prefix):
            yield name.removeprefix(prefix), request.POST[name]


def began_with(request: HttpRequest) -> int | None:
    """The revision whose text was on the page when somebody began to type, through all conflicts since."""
    return whole(request.POST.get("began_with")) or whole(request.POST.get("revision"))


def base_number(request: HttpRequest, deployment: Deployment) -> int | None:
    """The revision that was typed over, or None where the post does not say."""
    number = began_with(request)
    if number is None and deployment.is_writable:
        number = whole(request.POST.get("seen"))  # of a draft, `seen` is the revision
    return number


def base(request: HttpRequest, deployment: Deployment) -> drafts.Doc | None:
    """What was typed over, or None where the post does not say or it is not kept any more."""
    number = base_number(request, deployment)
    return None if number is None else drafting.as_it_was(deployment, number)


def origin(request: HttpRequest, deployment: Deployment) -> drafts.Doc | None:
    """What was typed over, where something else is saved by now: a draft of nothing where it is not kept any more."""
    if base_number(request, deployment) in (None, deployment.revision):
        return None
    return base(request, deployment) or {"fields": {}, "rows": []}


def mine_alone(request: HttpRequest, deployment: Deployment) -> drafts.Doc:
    """What this person typed, over what they began with: no choice, and nothing of the others since."""
    over = base(request, deployment) or drafts.loads(deployment.draft)
    rows = removed.rows(request, deployment)
    edition = deployment.target.edition
    return typed_form.read(posted.take_apart(request.POST), over, frozenset(), rows, edition).doc


def revision_of(request: HttpRequest, deployment: Deployment) -> int | None:
    """The revision the text was typed into; None if the post does not say.

    `revision` is exact. `seen` alone is the revision of a draft, or the version's number once it is with others.
    """
    exact = whole(request.POST.get("revision"))
    if exact is not None:
        return exact
    seen = whole(request.POST.get("seen"))
    if seen is None:
        return None
    return deployment.revision if seen == deployment.seen else UNKNOWN


def whole(text: str | None) -> int | None:
    """A revision or a version; no draft has more."""
    return numbers.whole(text, numbers.MOST_VERSIONS)


def refusal(request: HttpRequest, deployment: Deployment, typing: Typing) -> str:
    """Why this post cannot be taken at all (422), in a sentence; empty if it can. A stale post is told first."""
    revision = revision_of(request, deployment)
    if deployment.state not in EDITABLE:
        save(request, deployment, typing)  # raises MovedOn
    if revision is None:
        return "This page does not say what it was typed into (seen). Load it again; nothing was saved."
    too_much = posted.too_much(request.POST)
    if too_much and revision != deployment.revision:
        save(request, deployment, typing)  # raises MovedOn, or there is nothing to save
    return too_much


def problem(words: str) -> Problem:
    """A problem of the post as a whole."""
    return Problem("", BLOCK, words)


def save(request: HttpRequest, deployment: Deployment, typing: Typing) -> Saved:
    """Keep it. Raises MovedOn if somebody else saved meanwhile, NotAllowed if this person may not."""
    revision = revision_of(request, deployment)
    known = UNKNOWN if revision is None else revision
    return drafting.save(deployment, typing.doc, revision=known, by=request.user, by_itself=bool(request.htmx))
