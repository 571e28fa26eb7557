"""A row is one check of a request against the cloud: what was asked, and what each check said."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q

from deployer.models.clock import DbNow


class PreflightQuerySet(models.QuerySet["Preflight"]):
    def due(self, now=None) -> "PreflightQuerySet":
        return self.filter(next_action_at__lte=now or DbNow()).order_by("next_action_at", "pk")


class Preflight(models.Model):
    """One run over one request body. Open while `finished_at` is null; the newest of a version counts."""

    class Verdict(models.TextChoices):
        PASS = "pass", "passed"
        WARN = "warn", "passed with warnings"
        BLOCK = "block", "blocked"
        FAILED = "failed", "could not look"

    deployment = models.ForeignKey("deployer.Deployment", models.PROTECT, related_name="preflights")
    version = models.ForeignKey("deployer.Version", models.PROTECT, null=True, related_name="preflights")
    revision = models.PositiveIntegerField(default=0)  # of the draft it was run for, where there is no version
    payload = models.TextField()
    fingerprint = models.CharField(max_length=64)
    target_fingerprint = models.CharField(max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    next_action_at = models.DateTimeField(null=True)
    lease = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    results = models.TextField(default="[]")  # a list of results as JSON, see domain.preflight
    reason = models.TextField(blank=True)  # why it could not look
    finished_at = models.DateTimeField(null=True)

    objects = PreflightQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="preflight_is_open_or_has_a_verdict",
                condition=Q(finished_at__isnull=True, verdict="")
                | Q(finished_at__isnull=False, verdict__gt="", next_action_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["next_action_at"], name="preflight_due", condition=Q(next_action_at__isnull=False)),
            models.Index(fields=["deployment", "-id"], name="preflight_by_deployment"),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id}: {self.verdict or 'open'}"

    @property
    def found(self) -> list[dict]:
        return json.loads(self.results)
