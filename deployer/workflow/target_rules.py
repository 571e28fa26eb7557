"""What a target must be like to be kept, and what its secret is bound to."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from deployer.domain import windows
from deployer.domain.editions import EDITIONS
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Target

BOUND = ("endpoint", "iam_endpoint", "vpc_endpoint", "login", "username", "domain_name", "access_key")
"""A kept secret goes only to the addresses, and only for the login, it was given for.

Otherwise whoever may change an address could have the password sent to a machine of their own.
"""

RANGES = {
    "approvals": (1, 100, "approval is needed", "approvals are the most"),
    "approval_hours": (
        1,
        87_600,
        "hour is the least; leave it empty where approvals do not lapse",
        "hours are the most",
    ),
    "quiet_seconds": (0, 604_800, "seconds are the least", "seconds, a week, are the most"),
    "most_calls": (1, 100, "call at once is needed", "calls at once are the most"),
}
CHOICES = {"login": Target.Login, "preflight": Target.Preflight}
TAKEN = frozenset({"new", "enquiries"})  # addresses of pages beside those of targets


def problems_with(target: Target, secret: str) -> list[Problem]:
    """All that keeps this target from being kept, each at the column it is about."""
    found = [*of_names(target), *of_login(target), *of_policy(target), *of_times(target)]
    if not secret:
        found.append(Problem("secret", BLOCK, "The secret is missing: the password, or the secret key."))
    return [*found, *of_lengths(target)]


def of_names(target: Target) -> list[Problem]:
    found = []
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", target.name) or not re.search(r"[A-Za-z0-9]", target.name):
        found.append(Problem("name", BLOCK, "A target's name has letters, digits, - and _, at most 64."))
    if target.pk is None and target.name.lower() in TAKEN:
        found.append(
            Problem("name", BLOCK, f"A page of Deployer is called {target.name} already. Choose another name.")
        )
    if target.pk is None and (
        alike := Target.objects.filter(name__iexact=target.name).exclude(name=target.name).first()
    ):
        words = f"There is a target named {alike.name} already. Choose a name that differs by more than its case."
        found.append(Problem("name", BLOCK, words))
    if not re.fullmatch(r"[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*", target.project_id):
        words = "A project id is letters, digits and -, as the console shows it under My Credentials."
        found.append(Problem("project_id", BLOCK, words))
    if target.edition not in EDITIONS:
        words = f"{target.edition[:40]} is no edition we know. Choose from {', '.join(EDITIONS)}."
        found.append(Problem("edition", BLOCK, words))
    return found


def of_login(target: Target) -> list[Problem]:
    if target.login == Target.Login.PASSWORD and not (target.username and target.domain_name):
        where = "domain_name" if target.username else "username"
        return [Problem(where, BLOCK, "To log in with a password, user and domain are both needed.")]
    if target.login == Target.Login.KEYS and not target.access_key:
        return [Problem("access_key", BLOCK, "To sign with keys, the access key is needed.")]
    return []


def of_policy(target: Target) -> list[Problem]:
    found = []
    for name, (least, most, low, high) in RANGES.items():
        value = getattr(target, name)
        if value is None and name != "approval_hours":
            found.append(Problem(name, BLOCK, "A number is missing here."))
        elif value is not None and value < least:
            found.append(Problem(name, BLOCK, f"At least {least} {low}."))
        elif value is not None and value > most:
            found.append(Problem(name, BLOCK, f"{most:,} {high}."))
    for name, known in CHOICES.items():
        if getattr(target, name) not in known.values:
            found.append(Problem(name, BLOCK, f"Choose from {', '.join(known.values)}."))
    return found


def of_times(target: Target) -> list[Problem]:
    """Windows that can be read, on a clock that exists."""
    found = []
    try:
        windows.parse(target.windows)
    except ValueError as trouble:
        found.append(Problem("windows", BLOCK, str(trouble)))
    if target.zone not in available_timezones():
        words = f"{target.zone[:64] or 'Nothing'} is no time zone. Write one as Europe/Berlin, or UTC."
        found.append(Problem("zone", BLOCK, words))
    return found


def of_lengths(target: Target) -> list[Problem]:
    found = []
    for field in Target._meta.concrete_fields:
        most = getattr(field, "max_length", None)
        if most and len(str(getattr(target, field.name))) > most and field.name != "name":
            found.append(Problem(field.name, BLOCK, f"The {field.verbose_name} is longer than {most} characters."))
    return found


def secret_is_bound_elsewhere(before: Mapping[str, Any], target: Target) -> bool:
    """Whether the secret kept so far was given for another address or another login than `target` names now."""
    return any(before[name] != getattr(target, name) for name in BOUND)


def again(before: Mapping[str, Any], target: Target) -> Problem:
    """Say why the kept secret does not do."""
    what = "secret key" if target.login == Target.Login.KEYS else "password"
    if before["login"] != target.login:
        words = f"Another way to log in needs another secret. The secret is missing: the {what}."
    else:
        words = f"The {what} is needed again: the one that is kept goes only where it was given for."
    return Problem("secret", BLOCK, words)
