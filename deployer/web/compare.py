"""Two deployments beside each other: in sentences, field by field, and as bodies."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from deployer.domain import body_lines, diff, effects_of_change, headline, saying
from deployer.domain.payload import canonical
from deployer.models import Deployment
from deployer.web import access, numbers, texts
from deployer.web.badges import badge_for
from deployer.web.called import called
from deployer.web.deployment import ICONS

MOST_LINES = 6_000  # of one body; the JSON has all of them


@require_safe
def page(request: HttpRequest, number: int, other: int) -> HttpResponse:
    """Each by its draft while it is one, else by its latest version."""
    left, right = access.deployment_for(request.user, number), access.deployment_for(request.user, other)
    one, two = texts.of(left), texts.of(right)
    changes = diff.compare(one.body, two.body)
    before, after = body_lines.side_by_side(one.body, two.body)
    found = {
        "left": side(left, one, before),
        "right": side(right, two, after),
        "sections": [
            part for part in effects_of_change.changed(*called(right.target, one.body, two.body)) if part.lines
        ],
        "headline": headline.of_change(one.body, two.body),
        "fields": [field(change) for change in changes],
        "same": same(one.body, two.body),
        "icons": ICONS,
    }
    return render(request, "compare/page.html", found)


def side(deployment: Deployment, text: texts.Text, lines: list[body_lines.BodyLine]) -> dict[str, Any]:
    return {
        "deployment": deployment,
        "text": text,
        "badge": badge_for(deployment),
        "lines": lines[:MOST_LINES],
        "is_cut": len(lines) > MOST_LINES,
        "said": str(deployment.pk),
    }


def field(change: diff.Change) -> dict[str, Any]:
    return {
        "path": change.path,
        "model": change.model,
        "before": None if change.added else saying.said(change.before, "null"),
        "after": None if change.removed else saying.said(change.after, "null"),
    }


def same(one: dict[str, Any], two: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields beside the models that say the same on both sides."""
    shared = [key for key in one if key in two and key != "config"]
    return [(key, saying.said(one[key], "null")) for key in sorted(shared) if alike(one[key], two[key])]


def alike(one: Any, two: Any) -> bool:
    try:
        return canonical(one) == canonical(two)
    except ValueError:  # NaN, in a draft that will be refused anyway
        return False


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Two numbers, from a form (`a`, `b`) or from two rows of a list (`pick`): the older one goes left."""
    given = request.POST if request.method == "POST" else request.GET
    picked = given.getlist("pick") or [given.get("a", ""), given.get("b", "")]
    why = refusal(picked)
    if why:
        kept = {"heading_words": "There is nothing to compare", "reason": why}
        return render(request, "compare/refused.html", kept, status=422)
    left, right = sorted(int(text) for text in picked)
    return redirect("deployment-compare", left, right)


def refusal(picked: list[str]) -> str:
    """What is wrong with a choice, in words."""
    given = [text.strip() for text in picked]
    wrong = [text for text in given if numbers.whole(text) is None]
    if any(wrong):
        return f"{json.dumps(wrong[0][:40], ensure_ascii=False)} is not the number of a deployment."
    if wrong or len(given) != 2:
        return f"Choose two deployments. {len([text for text in given if text])} came."
    if int(given[0]) == int(given[1]):
        return "Choose two different deployments. The same one came twice."
    return ""
