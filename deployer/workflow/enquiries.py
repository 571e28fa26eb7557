"""Questions about a cloud that admins put while they write a target down. A worker answers; credentials go at once."""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from deployer.models import Enquiry, Person, Target
from deployer.models.clock import DbNow
from deployer.workflow.errors import NotAllowed
from deployer.workflow.outcome import LeaseLost
from deployer.workflow.submission import became_due

FACTS = (
    "endpoint", "iam_endpoint", "vpc_endpoint", "project_id", "login", "username", "domain_name", "access_key",
    "secret", "security_token", "region",
)  # fmt: skip
"""What a question knows. Other keys of a form are not kept."""

LONGEST = 4000  # characters of one fact
UNANSWERED = timedelta(minutes=10)
KEPT = timedelta(hours=1)
NOBODY = "No worker answered within 10 minutes. Start one with the command worker, then ask again."


def ask_connection(target: Target, *, by: Person) -> Enquiry:
    """Wish to know whether a saved target can be reached and used. Raises NotAllowed."""
    return put(Enquiry.Kind.CONNECTION, {}, by=by, target=target)


def ask_connection_of(facts: Mapping[str, Any], *, by: Person) -> Enquiry:
    """The same of a target that is only typed yet; `facts` by the names in FACTS. Raises NotAllowed."""
    return put(Enquiry.Kind.CONNECTION, facts, by=by)


def ask_projects(facts: Mapping[str, Any], *, by: Person) -> Enquiry:
    """Wish to know the projects these credentials see. Raises NotAllowed."""
    return put(Enquiry.Kind.PROJECTS, facts, by=by)


@transaction.atomic
def put(kind: str, facts: Mapping[str, Any], *, by: Person, target: Target | None = None) -> Enquiry:
    if "admin" not in by.roles:
        raise NotAllowed("Only admins test connections.")
    known = {name: str(facts.get(name) or "")[:LONGEST] for name in FACTS}
    now = timezone.now()
    enquiry = Enquiry.objects.create(
        kind=kind,
        target=target,
        asked_by=by,
        asked_at=now,
        next_action_at=DbNow(),
        question="" if target else json.dumps(known),
    )
    enquiry.refresh_from_db(fields=["next_action_at"])
    became_due.send(Enquiry, enquiry=enquiry)
    return enquiry


def claim(pk: int, *, seconds: float) -> Enquiry | None:
    """Take a question that is open, for so long, or None if somebody else has it."""
    token = secrets.token_hex(16)
    rows = Enquiry.objects.filter(pk=pk, next_action_at__lte=DbNow(), answered_at__isnull=True)
    if rows.update(lease=token, next_action_at=DbNow() + timedelta(seconds=seconds)) != 1:
        return None
    return Enquiry.objects.select_related("target").filter(pk=pk, lease=token).first()


def facts_of(enquiry: Enquiry) -> dict[str, str]:
    """What was asked about: the target as it is now, or what was typed. Empty when the question cannot be read."""
    if enquiry.target:
        return {name: str(getattr(enquiry.target, name)) for name in FACTS}
    return dict(json.loads(enquiry.question)) if enquiry.question else {}


def answer(enquiry: Enquiry, said: dict[str, Any]) -> None:
    """Write the answer down; the question, with its credentials, is gone with it. Raises LeaseLost."""
    row = Enquiry.objects.filter(pk=enquiry.pk, lease=enquiry.lease, answered_at__isnull=True).exclude(lease="")
    if row.update(**answered(said)) != 1:
        raise LeaseLost(f"enquiry {enquiry.pk}")


def expire() -> int:
    """Questions nobody answered lose their credentials. How many; one read when there are none."""
    late = Enquiry.objects.filter(answered_at__isnull=True, asked_at__lt=timezone.now() - UNANSWERED)
    if not late.exists():
        return 0
    return late.update(**answered({"problem": NOBODY}))


def prune() -> int:
    """Take away questions older than an hour. How many; one read when there are none.

    The latest test of each target stays: its page says when the connection was tested last, and how that went.
    """
    tests = Enquiry.objects.filter(kind=Enquiry.Kind.CONNECTION, target__isnull=False).order_by()
    latest = tests.values("target").annotate(newest=Max("pk")).values("newest")
    old = Enquiry.objects.filter(asked_at__lt=timezone.now() - KEPT).exclude(pk__in=latest)
    return old.delete()[0] if old.exists() else 0


def answered(said: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return {"answer": text, "answered_at": timezone.now(), "question": "", "next_action_at": None, "lease": ""}
