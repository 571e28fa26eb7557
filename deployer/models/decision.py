"""A row is one person's verdict on one version. It is never changed: a later verdict is a later row."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Decision(models.Model):
    """What somebody said about exactly this text, for exactly this target."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", "approved"
        REQUEST_CHANGES = "request_changes", "asked for changes"
        REJECT = "reject", "rejected"

    version = models.ForeignKey("deployer.Version", models.PROTECT, related_name="decisions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    comment = models.TextField(blank=True)
    target_fingerprint = models.CharField(max_length=64)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_verdict_is_known",
                condition=Q(verdict__in=["approve", "request_changes", "reject"]),
            ),
            models.CheckConstraint(name="decision_against_says_why", condition=Q(verdict="approve") | ~Q(comment="")),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_verdict_display()} {self.version}"
