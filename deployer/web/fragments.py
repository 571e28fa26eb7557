"""Answers to the composer's script: what changed, out of band, and never the input somebody is typing in."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deployer.models import Deployment
from deployer.web import filling, loudness, removed
from deployer.web.composer import Composer
from deployer.web.row_acts import Done
from deployer.web.saving import Typing

KEEP = {"HX-Reswap": "none"}  # the rows on the page stay as they are
ANEW = {"HX-Retarget": "#draft-body", "HX-Reswap": "outerHTML"}
WHOLE_ROWS = ("add", "duplicate", "remove", "up", "down", "undo", "fill", "fill_over", "unfill")


def context_of(request: HttpRequest, deployment: Deployment, typing: Typing, **more: Any) -> dict[str, Any]:
    loud = loudness.is_loud(request, deployment, typing.doc)
    shown = Composer(deployment, request.user, typing.doc, loud=loud, removed=removed.of(request, deployment))
    shown.filled = filling.of(request, deployment)
    return {"composer": shown, "form": shown.form, "deployment": deployment, "live": True, **more}


def saved(request: HttpRequest, deployment: Deployment, typing: Typing) -> HttpResponse:
    """After a save by itself: the new revision, problems, preview, side panel."""
    return then(news(request, context_of(request, deployment, typing)), {"draft-saved": True})


def checked(request: HttpRequest, deployment: Deployment, typing: Typing) -> HttpResponse:
    """The same news without a save."""
    return news(request, context_of(request, deployment, typing, unsaved=True))


def news(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What changed around the inputs. Another inference type has other fields: then the whole form comes anew."""
    form = context["form"]
    if request.POST.get("drawn", form.drawn) != form.drawn:
        return steer(render(request, "compose/_answer.html", context | {"part": "compose/_body.html"}), ANEW)
    return render(request, "compose/_live.html", context | {"changed_rows": rows_to_open(request, form)})


def rows_to_open(request: HttpRequest, form: Any) -> list[Any]:
    """Rows whose custom resources the page shows and should not, or the other way round."""
    return [
        row
        for row in form.rows
        if not row.raw and (row.custom is not None) != (f"{row.prefix}-custom_spec-cpu" in request.POST)
    ]


def rows(request: HttpRequest, deployment: Deployment, typing: Typing, done: Done) -> HttpResponse:
    """After a button: the row that came, the variables of one row, or all rows; and the news as ever."""
    context = context_of(request, deployment, typing, unsaved=not deployment.is_writable)
    form = context["form"]
    part, row = "compose/_rows.html", None
    if "add" in request.POST and len(form.rows) > 1:  # the first one replaces the words about none
        part, row = "compose/_row.html", form.rows[-1]
    elif any(name in request.POST for name in ("add-variable", "remove-variable", "paste")):
        key = next(request.POST[name] for name in ("add-variable", "remove-variable", "paste") if name in request.POST)
        part, row = "compose/_variables.html", next(one for one in form.rows if one.id == key.partition("-")[0])
    elif not any(name in request.POST for name in WHOLE_ROWS):
        part = "compose/_body.html"
    context |= {"row": row, "part": part, "new_row": row, "open": True}
    form.waits_for(done.reading)
    answer = render(request, "compose/_answer.html", context)
    if part == "compose/_body.html":
        steer(answer, ANEW)
    elif part == "compose/_rows.html" and request.headers.get("HX-Target") != "row-place":
        # Who aims at the rows gets them there anyway.
        steer(answer, {"HX-Retarget": "#row-place", "HX-Reswap": "outerHTML"})
    events: dict[str, Any] = {"composer-focus": {"id": done.focus, "words": done.words}}
    return then(answer, events | ({"draft-saved": True} if deployment.is_writable else {}))


def refused(request: HttpRequest, deployment: Deployment, why: str) -> HttpResponse:
    """422: one sentence on top; nothing on the page is touched."""
    answer = render(request, "compose/_news.html", {"why": why, "deployment": deployment, "live": True}, status=422)
    return steer(answer, KEEP)


def moved_on(request: HttpRequest, deployment: Deployment, why: str, can_compare: bool) -> HttpResponse:
    """409: somebody else saved. What is typed stays; the way to compare is offered."""
    context = {"why": why, "deployment": deployment, "live": True, "moved_on": True, "can_compare": can_compare}
    answer = render(request, "compose/_news.html", context, status=409)
    return steer(answer, KEEP)


def steer(answer: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        answer[name] = value
    return answer


def then(answer: HttpResponse, events: dict[str, Any]) -> HttpResponse:
    """Tell the page what happened, once the swap has settled."""
    return steer(answer, {"HX-Trigger-After-Settle": json.dumps(events)})
