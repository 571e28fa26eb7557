"""Filters and tags of all templates. Presentation alone: nothing here decides, asks the database or knows a rule."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from deployer.web import figures, shares, times

register = template.Library()

SPRITE = "vendor/lucide/icons.svg"
# Where the rail leads: url name, word, icon.
PLACES = [
    ("overview", "Overview", "inbox"),
    ("history-list", "Deployments", "layers"),
    ("in-flight", "In flight", "send"),
    ("review-list", "Reviews", "stamp"),
    ("service-list", "Services", "server"),
    ("target-list", "Targets", "target"),
    ("audit-list", "Audit", "scroll-text"),
]
# How news of a level looks: tone, icon. The levels are those of the messages framework.
LEVELS = {
    "success": ("good", "circle-check"),
    "warning": ("warn", "triangle-alert"),
    "error": ("alarm", "circle-x"),
}

# Times, figures and shares of traffic have files of their own; here they get the names templates use.
register.filter("ago", times.ago)
register.filter("when", times.when)
register.filter("moment", times.moment)
register.filter("clock", times.clock)
register.filter("lasting", times.lasting)
register.filter("elsewhere", times.elsewhere)
register.filter("percent", figures.percent)
register.filter("true_minus", figures.true_minus)
register.filter("signed", figures.signed)
register.filter("grouped", figures.grouped)
register.filter("counted", figures.counted)
register.filter("short_print", figures.short_print)
register.filter("split_parts", shares.parts)
register.filter("in_words", shares.in_words)
register.filter("share_look", shares.look)
register.filter("of_100", shares.of_100)


@register.simple_tag
def icon(name: str, tone: str = "", label: str = "") -> SafeString:
    """One icon of the sprite; with a label it is read out, without one it is decoration beside a word."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')  # noqa: S308
    toned = format_html(' data-tone="{}"', tone) if tone else ""
    return format_html('<svg class="icon"{} {}><use href="{}#{}"/></svg>', toned, said, static(SPRITE), name)


@register.simple_tag
def swatch(look: int | str) -> SafeString:
    """The colour and pattern of one share of traffic, beside its name."""
    return format_html(
        '<svg class="swatch" aria-hidden="true"><rect width="100%" height="100%" fill="url(#share-{})"/></svg>', look
    )


@register.simple_tag(takes_context=True)
def remembered(context: template.Context) -> SafeString:
    """Theme and density as this person left them, so that the first paint is already right."""
    cookies = getattr(context.get("request"), "COOKIES", {})
    theme = format_html(' data-theme="{}"', cookies["theme"]) if cookies.get("theme") in {"light", "dark"} else ""
    tight = mark_safe(' data-density="tight"') if cookies.get("density") == "tight" else ""
    return format_html("{}{}", theme, tight)


@register.simple_tag(takes_context=True)
def places(context: template.Context) -> list[dict[str, str]]:
    """The entries of the rail, the one we are in marked; a place without a page yet is left out."""
    path = getattr(context.get("request"), "path", "")
    found = []
    for name, word, icon_name in PLACES:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"name": name, "word": word, "icon": icon_name, "address": address, "is": _mark(path, address)})
    return found


def _mark(path: str, address: str) -> str:
    """What aria-current says: the page itself, a page below it, or nothing."""
    if path == address:
        return "page"
    return "true" if address != "/" and path.startswith(address) else ""


@register.simple_tag(takes_context=True)
def querystring_without(context: template.Context, *names: str) -> str:
    """The address's own query without these parameters, as a link: `?` alone when nothing is left."""
    query: QueryDict = context["request"].GET.copy()
    for name in names:
        query.pop(name, None)
    return "?" + query.urlencode()


@register.filter
def initials(person: Any) -> str:
    """Two letters for an avatar: of first and last name, else the first two of the only one."""
    name = person if isinstance(person, str) else _full_name(person)
    words = name.split()
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return name.strip()[:2].upper()


def _full_name(person: Any) -> str:
    full = getattr(person, "get_full_name", None)
    return (full() if callable(full) else "") or str(person or "")


@register.filter
def pretty_json(value: Any) -> str:
    """JSON to read: sorted keys, two spaces, letters as they are. Text that is not JSON comes back unchanged."""
    if isinstance(value, str | bytes):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value if isinstance(value, str) else value.decode(errors="replace")
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str)


@register.filter
def level_tone(level: str) -> str:
    """The tone of a message's level."""
    return LEVELS.get(level, ("", "info"))[0]


@register.filter
def level_icon(level: str) -> str:
    """The icon of a message's level."""
    return LEVELS.get(level, ("", "info"))[1]


@register.filter
def at_path(problems: Any, path: str) -> list[Any]:
    """Those problems that belong to exactly this path, for the place beside its field."""
    return [problem for problem in problems or () if problem.path == path]


@register.filter
def blocking(problems: Any) -> bool:
    """Whether one of these is more than a warning, so that the control is marked as wrong."""
    return any(getattr(problem, "severity", "block") != "warn" for problem in problems or ())


@register.filter
def unless_among(service_id: str, services: Any) -> str:
    """An id that was typed, for its box; empty where it is one of the services to choose from."""
    return "" if any(one.service_id == service_id for one in services or ()) else service_id or ""


@register.filter
def votes(given: int, needed: int) -> list[bool]:
    """One entry for each approval needed: given or still missing."""
    return [place < given for place in range(max(given, needed))]


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """The value under a key that is a variable; None when there is none."""
    return mapping.get(key) if hasattr(mapping, "get") else None
