"""Rows made straight in the tables, valid as they stand; a test spoils one fact at a time."""

import hashlib
from typing import Any

from django.utils import timezone

from deployer.models import (
    Attempt,
    CatalogEntry,
    CloudEvent,
    Decision,
    Deployment,
    Enquiry,
    Event,
    Freeze,
    ModelShare,
    Preflight,
    Removal,
    RemovalAttempt,
    Service,
    Submission,
    Version,
)
from tests.factories import TargetFactory, demo_person

NOUGHT = "0" * 64


def deployment(**facts: Any) -> Deployment:
    now = timezone.now()
    known = {
        "target": TargetFactory(),
        "author": demo_person("alice"),
        "state": "draft",
        "draft": "{}",
        "created_at": now,
        "updated_at": now,
    }
    return Deployment.objects.create(**known | facts)


def version(**facts: Any) -> Version:
    known = {
        "number": 1,
        "draft": "{}",
        "payload": "{}",
        "fingerprint": hashlib.sha256(b"{}").hexdigest(),
        "target_fingerprint": NOUGHT,
        "revision": 1,
        "created_by": demo_person("alice"),
        "created_at": timezone.now(),
    }
    of = facts.pop("deployment", None) or deployment()
    return Version.objects.create(deployment=of, **known | facts)


def share(**facts: Any) -> ModelShare:
    of = facts.pop("version", None) or version()
    return ModelShare.objects.create(version=of, **{"position": 0, "model_id": "m", "weight": 100} | facts)


def decision(**facts: Any) -> Decision:
    of = facts.pop("version", None) or version()
    known = {
        "person": demo_person("bob"),
        "verdict": "approve",
        "target_fingerprint": NOUGHT,
        "decided_at": timezone.now(),
    }
    return Decision.objects.create(version=of, **known | facts)


def submission(**facts: Any) -> Submission:
    """Waiting, unless told otherwise."""
    of = facts.pop("version", None) or version()
    now = timezone.now()
    known = {
        "deployment": of.deployment,
        "target": of.deployment.target,
        "site": of.deployment.target.site,
        "service_name": "mnist",
        "fingerprint": of.fingerprint,
        "outcome": "waiting",
        "next_action_at": now,
        "created_at": now,
    }
    return Submission.objects.create(version=of, **known | facts)


def attempt(**facts: Any) -> Attempt:
    of = facts.pop("submission", None) or submission()
    now = timezone.now()
    known = {
        "number": 1,
        "kind": "send",
        "worker": "w",
        "started_at": now,
        "finished_at": now,
        "outcome": "accepted",
    }
    return Attempt.objects.create(submission=of, **known | facts)


def preflight(**facts: Any) -> Preflight:
    """Open and due, unless told otherwise."""
    of = facts.pop("version", None) or version()
    now = timezone.now()
    known = {
        "deployment": of.deployment,
        "payload": of.payload,
        "fingerprint": of.fingerprint,
        "target_fingerprint": NOUGHT,
        "asked_at": now,
        "next_action_at": now,
    }
    return Preflight.objects.create(version=of, **known | facts)


def service(**facts: Any) -> Service:
    now = timezone.now()
    known = {
        "target": TargetFactory(),
        "service_id": "s-1",
        "name": "mnist",
        "status": "running",
        "created_at": now,
        "seen_at": now,
        "changed_at": now,
    }
    return Service.objects.create(**known | facts)


def cloud_event(**facts: Any) -> CloudEvent:
    now = timezone.now()
    known = {"occurred_at": now, "info": "Pulling the image.", "mark": NOUGHT, "copied_at": now}
    return CloudEvent.objects.create(service=facts.pop("service", None) or service(), **known | facts)


def freeze(**facts: Any) -> Freeze:
    known = {"reason": "The cloud is being mended.", "begun_by": demo_person("olga"), "begun_at": timezone.now()}
    return Freeze.objects.create(**known | facts)


def removal(**facts: Any) -> Removal:
    """Waiting, unless told otherwise."""
    of, now = facts.pop("submission", None) or submission(), timezone.now()
    known = {
        "target": of.target,
        "service": facts.pop("service", None) or service(target=of.target),
        "reason": "It is the twin of the one that was sent.",
        "asked_by": demo_person("olga"),
        "asked_at": now,
        "next_action_at": now,
    }
    return Removal.objects.create(submission=of, **known | facts)


def removal_attempt(**facts: Any) -> RemovalAttempt:
    now = timezone.now()
    known = {"number": 1, "kind": "look", "worker": "w", "started_at": now, "finished_at": now, "outcome": "alike"}
    return RemovalAttempt.objects.create(removal=facts.pop("removal", None) or removal(), **known | facts)


def offer(**facts: Any) -> CatalogEntry:
    known = {"target": TargetFactory(), "kind": "model", "key": "m-1", "name": "sentiment", "seen_at": timezone.now()}
    return CatalogEntry.objects.create(**known | facts)


def enquiry(**facts: Any) -> Enquiry:
    """Open, unless told otherwise."""
    now = timezone.now()
    known = {"kind": "projects", "asked_by": demo_person("root"), "asked_at": now, "next_action_at": now}
    return Enquiry.objects.create(**known | {"question": "{}"} | facts)


def event(**facts: Any) -> Event:
    known = {"number": 1, "action": "created", "at": timezone.now(), "previous": NOUGHT}
    row = Event(**known | facts)
    row.hash = facts.get("hash") or row.seal()
    row.save(force_insert=True)
    return row


def editor() -> Any:
    """That somebody had a hand in a deployment."""
    of = deployment()
    of.editors.add(demo_person("bob"))
    return of.editors.through.objects.get()


def version_editor() -> Any:
    of = version()
    of.editors.add(demo_person("bob"))
    return of.editors.through.objects.get()
