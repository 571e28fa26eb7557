"""Adding and changing a target. One form, several buttons: save, fill in, find projects, test. Admins only.

A button of the script brings the part that changed; without script the same button brings the page, with what was
typed. Secrets go in and never come back.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from deployer.domain.problems import BLOCK, Problem
from deployer.models import Target
from deployer.web import access, asked
from deployer.web.figures import counted
from deployer.web.filters import real_text
from deployer.web.target_editing import Editing
from deployer.web.target_form import SECRETS
from deployer.workflow import enquiries, permissions
from deployer.workflow import targets as verbs
from deployer.workflow.errors import HasProblems, MovedOn

OF_LOGIN = {"login", "username", "domain_name", "access_key", "secret", "security_token", "iam_endpoint"}
OF_CONNECTION = OF_LOGIN | {"endpoint", "vpc_endpoint", "project_id"}


@never_cache
@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    permissions.must_change_targets(request.user)
    return answer(Editing(request, None))


@never_cache
@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, name: str) -> HttpResponse:
    target = access.target_named(request.user, real_text(name))
    permissions.must_change_targets(request.user)
    return answer(Editing(request, target))


def answer(editing: Editing) -> HttpResponse:
    if editing.form is None:
        return show(editing)
    for button, act in ACTS.items():
        if button in editing.request.POST:
            return act(editing)
    return save(editing)


def show(editing: Editing, part: str = "", status: int = 200, **more: Any) -> HttpResponse:
    """The page, or for the script the part that changed."""
    template = f"targets/{part}" if part and editing.request.htmx else "targets/edit.html"
    return render(editing.request, template, editing.context() | more, status=status)


# The buttons
def check(editing: Editing) -> HttpResponse:
    """What would follow from what is typed. Nothing is kept."""
    return show(editing, "_follows.html")


def fill(editing: Editing) -> HttpResponse:
    editing.fill(all_of_them=editing.request.POST["fill"] != "unasked")
    return show(editing, "_filled.html", live=True)


def use(editing: Editing) -> HttpResponse:
    editing.use_project(editing.request.POST["use"])
    return show(editing, "_project.html")


def find(editing: Editing) -> HttpResponse:
    editing.found = put(editing, OF_LOGIN, enquiries.ask_projects)
    return show(editing, "_found.html", status=422 if editing.refusals else 200)


def test(editing: Editing) -> HttpResponse:
    editing.test = put(editing, OF_CONNECTION, enquiries.ask_connection_of)
    return show(editing, "_steps.html", status=422 if editing.refusals else 200, question=editing.test)


def look(editing: Editing) -> HttpResponse:
    """Without script: the page again, with what was answered meanwhile."""
    return show(editing)


ACTS: dict[str, Callable[[Editing], HttpResponse]] = {
    "check": check,
    "fill": fill,
    "use": use,
    "find": find,
    "test": test,
    "look": look,
}


def put(editing: Editing, needed: set[str], ask: Callable[..., Any]) -> asked.Question | None:
    """Put a question with what is typed, or note what is missing for it."""
    wanted, problems = as_typed(editing)
    editing.refusals = [problem for problem in problems if problem.path in needed]
    if editing.refusals:
        editing.problems = editing.refusals
        return None
    facts = {name: getattr(wanted, name) for name in enquiries.FACTS}
    return asked.question(ask(facts, by=editing.request.user))


def as_typed(editing: Editing) -> tuple[Target, list[Problem]]:
    """The target with its secret, in memory, and all that is wrong with it. One problem a box is enough."""
    form = editing.form
    form.is_valid()
    present = (
        Target.objects.get(pk=editing.target.pk) if editing.target else Target(name=form.cleaned_data.get("name", ""))
    )
    wanted = verbs.ask(present, **form.secrets(), **form.facts())
    problems = form.problems()
    told = {problem.path for problem in problems}
    return wanted.target, [*problems, *(problem for problem in wanted.problems if problem.path not in told)]


# Saving
UNSEEN = "The form did not say which target it shows. Load the page again; nothing was saved."


def save(editing: Editing) -> HttpResponse:
    seen = editing.request.POST.get("seen", "") if editing.target else verbs.NONE_YET
    try:
        if editing.target and not seen:
            raise HasProblems([Problem("seen", BLOCK, UNSEEN)])
        if editing.target and seen != editing.seen:
            raise MovedOn(None, verbs.moved_on(editing.target.name))
        must_make_sense(editing)
        form = editing.form
        name = form.cleaned_data["name"]
        kept = verbs.save(name, seen=seen, by=editing.request.user, **form.secrets(), **form.facts())
    except MovedOn as moved:
        return conflict(editing, str(moved))
    except HasProblems as error:
        editing.problems = error.problems
        return show(editing, status=422)
    messages.success(editing.request, told(kept))
    return redirect("target-page", kept.target.name)


def must_make_sense(editing: Editing) -> None:
    """Raise HasProblems for what was typed, or when what follows was not agreed to."""
    _, problems = as_typed(editing)
    effect = editing.effect
    if not problems and not editing.is_agreed(effect):
        problems = [Problem("agreed", BLOCK, "Saving takes approvals back. Tick that it is meant, then save again.")]
    if problems:
        raise HasProblems(problems)


def conflict(editing: Editing, why: str) -> HttpResponse:
    """409: the target as it is now beside what was typed, to be saved knowingly."""
    fresh = Editing(editing.request, access.target_named(editing.request.user, editing.target.name))
    fresh.moved_on(why)
    return show(fresh, status=409)


def told(kept: verbs.Kept) -> str:
    if not kept.changed:
        return f"{kept.target.name} is as it was."
    words = f"{kept.target.name} is {'made' if kept.is_new else 'changed'}."
    if kept.stale:
        words += f" {counted(kept.stale, 'approved deployment')} went back to review."
    return words
