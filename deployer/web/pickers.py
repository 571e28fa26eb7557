"""Pickers: the entries of a list that fit what is typed, as a small fragment or as a plain page to choose from.

Reading is for everybody who may see the deployment, and never waits for the cloud: a fresh list is asked for.
"""

from dataclasses import asdict
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from deployer.domain import draft as drafts
from deployer.models import CatalogEntry, Deployment
from deployer.models.catalog import Kind
from deployer.web import access, addresses
from deployer.web.controls import PICKED, field_of
from deployer.web.filters import real_text
from deployer.web.offering import FORMS, Question, offering
from deployer.web.row_acts import CannotDo, Doc, Done, control_place
from deployer.workflow import catalog, permissions

LONGEST = 200


@require_safe
def choices(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """GET ?q=…&for=control: at most 20 entries; with script a fragment, without a page."""
    deployment = access.deployment_for(request.user, number)
    return answer(request, deployment, question_of(request, deployment, kind))


@require_POST
def refresh(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Wish for a fresh list. The answer is the list as it is, which goes on asking until the fresh one is there."""
    deployment = access.deployment_for(request.user, number)
    question = question_of(request, deployment, kind)
    if kind == "uri":
        raise Http404
    catalog.ask_refresh(deployment.target, by=request.user, kinds=[kind])
    if request.htmx:
        return answer(request, deployment, question)
    return HttpResponseRedirect(address(deployment, kind, request.GET.dict()))


@require_safe
def definition(request: HttpRequest, number: int) -> JsonResponse:
    """Whether the definition of a model is there. A page asks while the worker reads it."""
    deployment = access.deployment_for(request.user, number)
    rows = CatalogEntry.objects.filter(target=deployment.target, kind=Kind.MODEL, part="")
    key = real_text(request.GET.get("model", ""))[:LONGEST]
    return JsonResponse({"ready": rows.filter(key=key, detail_at__isnull=False).exists()})


def question_of(request: HttpRequest, deployment: Deployment, kind: str) -> Question:
    """What is asked for, or 404 for a list there is none of. The type is the page's, else the saved one."""
    if kind not in FORMS:
        raise Http404
    given = {name: real_text(request.GET.get(name, ""))[:LONGEST] for name in ("q", "for", "type", "vpc", "model")}
    field = field_of(given["for"])
    return Question(
        kind,
        field if PICKED.get(field) == kind else "",
        given["q"],
        given["type"] or deployment.infer_type,
        given["vpc"],
        given["model"],
    )


def answer(request: HttpRequest, deployment: Deployment, question: Question) -> HttpResponse:
    found = (addresses.offering if question.kind == "uri" else offering)(deployment.target, question)
    context = {"deployment": deployment, "question": question, "offering": found}
    if request.htmx:
        return render(request, "pickers/_list.html", context)
    return render(request, "pickers/page.html", context | page_context(request, deployment, question))


def page_context(request: HttpRequest, deployment: Deployment, question: Question) -> dict[str, object]:
    """What the plain page adds: where a choice is posted, and with it the keys that keep all rows in their places."""
    control = request.GET.get("for", "")
    doc = drafts.loads(deployment.draft)
    can_choose = permissions.may_edit(request.user, deployment) and deployment.is_writable and is_there(doc, control)
    keys = [(f"config-{index}-key", row["id"]) for index, row in enumerate(doc["rows"])]
    return {"control": control if can_choose else "", "keys": keys, "given": asdict(question) | request.GET.dict()}


def is_there(doc: Doc, control: str) -> bool:
    if not field_of(control):
        return False
    try:
        control_place(doc, control)
    except CannotDo:
        return False
    return True


def address(deployment: Deployment, kind: str, given: dict[str, str]) -> str:
    return f"{reverse('compose-pick', args=[deployment.pk, kind])}?{urlencode(given)}"


def lead(deployment: Deployment, doc: Doc, control: str) -> Done:
    """Without script: save what is typed, and go to the plain page of this control's list."""
    if not deployment.is_writable:
        raise CannotDo("This is with the reviewers. Save first: that makes it a draft again.")
    place, _ = control_place(doc, control)
    field = field_of(control)
    if not field:
        raise CannotDo("This field has no list to choose from.")
    fields = doc["fields"]
    given = {"for": control, "vpc": text(fields.get("vpc_id")), "type": text(fields.get("infer_type"))}
    given["model"] = text(place.get("model_id"))
    return Done(control, leads=address(deployment, PICKED[field], {name: one for name, one in given.items() if one}))


def text(value: object) -> str:
    return value if isinstance(value, str) else ""
