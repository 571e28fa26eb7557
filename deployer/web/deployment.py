"""The page of one deployment, in every state; its status as a fragment; its versions; deploying it again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from deployer.domain import diff, effects, effects_of_change, headline
from deployer.models import Deployment, Person, Preflight, Target, Version
from deployer.web import access, cloud_events, frozen, live, numbers, sending, texts, twins, verdicts
from deployer.web.called import called
from deployer.web.preflight_view import place_of
from deployer.web.timeline import line_of
from deployer.workflow import drafting, permissions, preflight, scheduling
from deployer.workflow.standing import Standing, standing

ICONS = {
    diff.TRAFFIC: "sliders-horizontal",
    diff.CAPACITY: "server",
    diff.VARIABLES: "braces",
    diff.NETWORK: "network",
    diff.AUTO_STOP: "timer",
    diff.DATA: "file-text",
    diff.BASICS: "info",
    diff.MORE: "bell",
    diff.OTHER: "package",
}


@require_safe
def page(request: HttpRequest, number: int) -> HttpResponse:
    deployment = access.deployment_for(request.user, number)
    return render(request, "deployment/page.html", context_of(request, deployment))


def context_of(request: HttpRequest, deployment: Deployment, **more: Any) -> dict[str, Any]:
    """All the page shows. `more`: what a refused move adds (news, problems, the comment and which form it is of)."""
    judged = standing(deployment)
    text = texts.of(deployment)
    moving = live.state_of(deployment, request.user, judged)
    run = preflight.newest(deployment)
    return {
        **moving,
        **panel_of(request, deployment, judged, moving["hands"], run),
        "preflight": place_of(request.user, deployment, run, text, where="page"),
        **asked(deployment.target, text, texts.before(deployment, text)),
        **(cloud_events.context_of(deployment.service) if deployment.service else {}),
        "asked_event": deployment.events.filter(action="review_asked").first() if deployment.version_number else None,
        "versions": versions_of(deployment),
        "copy_refusal": permissions.refusal(request.user, "edit", deployment),
        **place_in_line(request.user, deployment),
        **more,
    }


def place_in_line(person: Person, deployment: Deployment) -> dict[str, Any]:
    """What is frozen, when it goes out, and the twin of what it made."""
    freezes = frozen.concerning(deployment)
    return {
        **frozen.banners(person, freezes),
        **sending.timing(person, deployment, freezes),
        **twins.beside(person, deployment.service),
        "candidates": sending.candidates(deployment),
    }


def asked(target: Target, text: texts.Text, base: texts.Text | None) -> dict[str, Any]:
    """The request in sentences: what changes where there is something to compare with, and all of it."""
    read, *others = called(target, text.body, *([base.body] if base else []))
    changes = effects_of_change.changed(others[0], read) if base else []
    is_other = any(section.lines for section in changes)
    return {
        "text": text,
        "base": base,
        "changes": changes if is_other else [],
        "asked": effects.asked(read),
        "headline": headline.of_change(base.body, text.body) if base and is_other else headline.of_new(text.body),
        "icons": ICONS,
    }


def versions_of(deployment: Deployment) -> list[Version]:
    """Newest first, without their texts. Two queries."""
    rows = deployment.versions.defer("draft", "payload", "problems").select_related("created_by")
    return list(rows.prefetch_related("editors").order_by("-number"))


@require_GET
def status(request: HttpRequest, number: int) -> HttpResponse:
    """What moved since the page was drawn. `since` and `panel` are the signs of what it shows."""
    deployment = access.deployment_for(request.user, number)
    found = live.state_of(deployment, request.user)
    if not request.htmx:
        return redirect("deployment-page", number)
    if request.GET.get("since") == found["since"]:
        answer = render(request, "deployment/_seconds.html", found)
        answer["HX-Reswap"] = "none"
        return answer
    shown = request.GET.get("panel", "")
    if shown.partition(".")[0] != deployment.state:
        # What can be done is another thing now, all over the page.
        return HttpResponse(headers={"HX-Refresh": "true"})
    if shown != found["panel_is"]:
        found |= panel_of(request, deployment, standing(deployment), found["hands"], preflight.newest(deployment)) | {
            "new_panel": True
        }
        found["text"] = texts.of(deployment)
        found |= place_in_line(request.user, deployment)
    newest = numbers.whole(request.GET.get("newest"))
    found["fresh"] = found["timeline"].since(newest) if newest is not None else []
    return render(request, "deployment/_status.html", found)


def panel_of(
    request: HttpRequest,
    deployment: Deployment,
    judged: Standing,
    hands: list[dict[str, str]],
    run: Preflight | None,
) -> dict[str, Any]:
    """The panel, and each reason why something is not open, once. `run`: the latest preflight."""
    found = verdicts.panel(request.user, deployment, judged, run)
    refusals = [offer.refusal for offer in found["offers"].values()] + [hand["refusal"] for hand in hands]
    if scheduling.can_move(deployment.submission):
        refusals.append(scheduling.refusal(request.user, deployment))
    ids = {why: f"why-{place}" for place, why in enumerate(dict.fromkeys(why for why in refusals if why))}
    # What the preflight has against an approval stands beside it, since it may go while the page is open.
    reasons = [(why, key) for why, key in ids.items() if why != found["objection"]]
    words = {"reasons": reasons, "version_said": str(deployment.version_number)}
    words["reason_ids"] = ids | ({found["objection"]: "why-approve"} if found["objection"] else {})
    return found | words | {"addresses": verdicts.ADDRESSES}


@require_safe
def timeline(request: HttpRequest, number: int) -> HttpResponse:
    deployment = access.deployment_for(request.user, number)
    before = request.GET.get("before", "")
    if before and not numbers.whole(before):
        raise Http404
    found = {"deployment": deployment, "timeline": line_of(deployment, before=int(before or 0)), "before": before}
    return render(request, "deployment/_events.html" if request.htmx else "deployment/timeline.html", found)


@require_POST
def copy(request: HttpRequest, number: int) -> HttpResponse:
    """A new draft with the same text: of the version named, else of the draft while it is one, else of the latest."""
    source = access.deployment_for(request.user, number)
    wanted = request.POST.get("version", "")
    version = version_of(source, wanted) if wanted else latest_of(source)
    fresh = drafting.copy(source, by=request.user, version=version)
    messages.success(request, f"A copy of {number}. Its words count as yours, so others approve it.")
    return redirect("compose-page", fresh.pk)


def latest_of(deployment: Deployment) -> Version | None:
    if deployment.is_writable or not deployment.version_number:
        return None
    return deployment.versions.get(number=deployment.version_number)


def version_of(deployment: Deployment, wanted: str | int) -> Version:
    """The version of this number, or 404."""
    number = numbers.whole(str(wanted), numbers.MOST_VERSIONS)
    if number is None:
        raise Http404
    return get_object_or_404(
        deployment.versions.select_related("created_by").prefetch_related("editors"), number=number
    )


@require_safe
def version(request: HttpRequest, number: int, version: int) -> HttpResponse:
    """One version as it was asked, compared with the one before or the one named by `against`."""
    deployment = access.deployment_for(request.user, number)
    row = version_of(deployment, version)
    text = texts.of_version(row)
    against = request.GET.get("against")
    base = texts.of_version(version_of(deployment, against)) if against else texts.before(deployment, text)
    judged = standing(deployment)
    found = {
        "deployment": deployment,
        "version": row,
        **asked(deployment.target, text, base),
        "verdicts": [verdicts.said(one, deployment, judged) for one in judged.decisions if one.version_id == row.pk],
        "versions": versions_of(deployment),
        "copy_refusal": permissions.refusal(request.user, "edit", deployment),
    }
    return render(request, "deployment/version.html", found)
