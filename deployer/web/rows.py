"""Rows of models and variables: each button posts the whole form, and what changed comes back.

The draft is saved on the way, so nothing typed is lost. Once it is with reviewers a button alone must not take it
back: then the page comes back with everything as typed, unsaved.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from deployer.domain.lifecycle import EDITABLE
from deployer.models import Deployment
from deployer.web import access, composer, conflicts, filling, fragments, pickers, removed, row_acts, saving
from deployer.web.composer import Composer
from deployer.web.pasted import NotVariables
from deployer.web.row_acts import CannotDo, Done
from deployer.workflow import permissions
from deployer.workflow.errors import MovedOn


@require_POST
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Do what the pressed button says to the rows as typed."""
    deployment = access.deployment_for(request.user, number)
    permissions.must_allow(request.user, "edit", deployment)
    typing = saving.read(request, deployment)
    try:
        refusal = saving.refusal(request, deployment, typing)
        done = Done() if refusal else act(request, deployment, typing)
        if not refusal and (deployment.is_writable or deployment.state not in EDITABLE):
            deployment = saving.save(request, deployment, typing).deployment
    except MovedOn as moved:
        return conflicts.answer(request, deployment, typing, moved)
    except (CannotDo, NotVariables) as error:
        done, refusal = Done(), str(error)
    if refusal:
        return refused(request, deployment, typing, refusal)
    if done.removed:
        removed.note(request, deployment, done.removed, done.place)
    if done.filled:
        filling.note(request, deployment, filled_row(request), done.filled)
    if done.words and not request.htmx:
        messages.info(request, done.words)
    return answer(request, deployment, typing, done)


def act(request: HttpRequest, deployment: Deployment, typing: saving.Typing) -> Done:
    doc = typing.doc
    for name, act_on in row_acts.ACTS.items():
        if name in request.POST:
            return act_on(doc, request.POST[name])
    if "undo" in request.POST:
        entry = removed.take(request, deployment, request.POST["undo"])
        if entry is None:
            raise CannotDo("This model cannot be put back any more.")
        return row_acts.put_back(doc, entry["row"], entry["place"])
    if filled_row(request):
        return filling.fill(deployment, doc, filled_row(request), over="fill_over" in request.POST)
    if "unfill" in request.POST:
        key = request.POST["unfill"]
        done = filling.unfill(doc, key, filling.of(request, deployment).get(key, {}))
        filling.forget(request, deployment, key)
        return done
    if "pick" in request.POST:
        return pickers.lead(deployment, doc, request.POST["pick"])
    if "paste" in request.POST:
        key = request.POST["paste"]
        return row_acts.paste(doc, key, request.POST.get(f"pasted-{key}", ""))
    return Done()


def filled_row(request: HttpRequest) -> str:
    """The key of the row whose model's definition is to fill its fields."""
    return request.POST.get("fill", "") or request.POST.get("fill_over", "")


def answer(request: HttpRequest, deployment: Deployment, typing: saving.Typing, done: Done) -> HttpResponse:
    if request.htmx:
        return fragments.rows(request, deployment, typing, done)
    if done.leads:
        return HttpResponseRedirect(done.leads)
    if done.reading:
        messages.info(request, "The model's definition is being read. Fill from the model again in a moment.")
    if deployment.is_writable:
        return HttpResponseRedirect(f"{reverse('compose-page', args=[deployment.pk])}#{done.focus}")
    shown = Composer(deployment, request.user, typing.doc, unsaved=True, removed=removed.of(request, deployment))
    return composer.page(request, shown)


def refused(request: HttpRequest, deployment: Deployment, typing: saving.Typing, why: str) -> HttpResponse:
    """422: nothing was saved, and all that was typed stands on the page."""
    if request.htmx:
        return fragments.refused(request, deployment, why)
    pasted = {name: request.POST[name] for name in request.POST if name.startswith("pasted-")}
    extra = [saving.problem(why)]
    shown = Composer(deployment, request.user, typing.doc, insists=True, unsaved=True, extra=extra, pasted=pasted)
    return composer.page(request, shown, status=422)
