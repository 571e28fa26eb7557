"""A row is the intent to delete one service that should not be there: the twin of a service that was sent once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from deployer.models.clock import DbNow

OUTCOMES = ("waiting", "deleting", "deleted", "refused", "unlike", "cancelled")


class RemovalQuerySet(models.QuerySet["Removal"]):
    def due(self, now=None) -> "RemovalQuerySet":
        return self.filter(next_action_at__lte=now or DbNow()).order_by("next_action_at", "pk")


class Removal(models.Model):
    """An operator's move with a reason. Checked by id, name and content before the call; every call is an attempt."""

    target = models.ForeignKey("deployer.Target", models.PROTECT, related_name="removals")
    submission = models.ForeignKey("deployer.Submission", models.PROTECT, related_name="removals")  # whose twin it is
    service = models.ForeignKey("deployer.Service", models.PROTECT, related_name="removals")
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=[(one, one) for one in OUTCOMES], default="waiting")
    said = models.TextField(blank=True)  # what came of it, a sentence people read
    attempts = models.PositiveIntegerField(default=0)
    next_action_at = models.DateTimeField(null=True)
    lease = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = RemovalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="service_is_removed_once_at_a_time",
                fields=["service"],
                condition=Q(outcome__in=["waiting", "deleting"]),
            ),
            models.CheckConstraint(name="removal_has_a_reason", condition=Q(reason__gt="")),
            models.CheckConstraint(
                name="removal_moves_or_is_settled",
                condition=Q(outcome__in=["waiting", "deleting"], next_action_at__isnull=False, settled_at__isnull=True)
                | Q(
                    outcome__in=["deleted", "refused", "unlike", "cancelled"],
                    next_action_at__isnull=True,
                    settled_at__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["next_action_at"], name="removal_due", condition=Q(next_action_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"removal of {self.service_id}: {self.outcome}"


class RemovalAttempt(models.Model):
    """One call of a removal, written when it is over. Append-only."""

    removal = models.ForeignKey(Removal, models.PROTECT, related_name="tries")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=[("look", "looked at"), ("delete", "deleted")])
    worker = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    outcome = models.CharField(max_length=24)
    http_status = models.PositiveSmallIntegerField(null=True)
    request_id = models.CharField(max_length=128, blank=True)
    detail = models.TextField(blank=True)
    answer = models.TextField(blank=True)  # the raw answer, at most 4 KB, credentials masked

    class Meta:
        ordering = ["removal", "number"]
        constraints = [models.UniqueConstraint(name="removal_attempt_is_unique", fields=["removal", "number"])]

    def __str__(self) -> str:
        return f"{self.removal_id}.{self.number} {self.kind} {self.outcome}"
