"""A row is a stop put on sending: for one target, or for all. Composing and reviewing go on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from deployer.models.clock import DbNow


class FreezeQuerySet(models.QuerySet["Freeze"]):
    def in_force(self) -> "FreezeQuerySet":
        """What stops sending now: by the database's clock, so that no worker's own ends a freeze early."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=DbNow()), lifted_at__isnull=True)


class Freeze(models.Model):
    """Who stopped sending, why, until when, and who lifted it."""

    target = models.ForeignKey("deployer.Target", models.PROTECT, null=True, related_name="freezes")  # null: all
    reason = models.TextField()
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # by itself
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = FreezeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="freeze_is_lifted_by_somebody_or_not",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
            models.CheckConstraint(name="freeze_has_a_reason", condition=Q(reason__gt="")),
            models.CheckConstraint(
                name="freeze_ends_after_it_began",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("begun_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["target"], name="freeze_not_lifted", condition=Q(lifted_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.target or 'all targets'}: {self.reason[:40]}"
