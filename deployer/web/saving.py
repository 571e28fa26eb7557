"""Saving what was posted: which revision it was typed into, what is too much, and the verb itself."""

from django.http import HttpRequest

from deployer.domain import draft as drafts
from deployer.domain.lifecycle import EDITABLE
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Deployment
from deployer.web import posted, removed, typed_form
from deployer.web.typed_form import Typing
from deployer.workflow import drafting
from deployer.workflow.drafting import Saved

__all__ = ["Saved", "Typing", "problem", "read", "refusal", "revision_of", "save"]

UNKNOWN = -1  # a revision no draft has


def read(request: HttpRequest, deployment: Deployment) -> Typing:
    """The draft as posted, over the saved one. Removed rows are known, so that one that comes back is whole."""
    before = drafts.loads(deployment.draft)
    chosen = frozenset(name for name, value in choices(request) if value == "theirs")
    return typed_form.read(posted.take_apart(request.POST), before, chosen, removed.rows(request, deployment))


def choices(request: HttpRequest) -> list[tuple[str, str]]:
    """What was chosen where two people typed: the name of the control, and whose text."""
    prefix = "choose-"
    return [(name.removeprefix(prefix), request.POST[name]) for name in request.POST if name.startswith(prefix)]


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
    usable = text is not None and text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if usable and text else None


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
