"""A row is a service in the cloud as last seen. What the cloud says is copied as heard."""

from django.db import models
from django.utils import timezone

from deployer.models.clock import DbNow


class ServiceQuerySet(models.QuerySet["Service"]):
    def due(self, now=None) -> "ServiceQuerySet":
        return self.filter(next_look_at__lte=now or DbNow()).order_by("next_look_at", "pk")

    def stopping_before(self, moment) -> "ServiceQuerySet":
        return self.filter(due_time__lte=moment, due_time__gt=timezone.now(), status__in=["running", "concerning"])


class Service(models.Model):
    """A service of one target, with the configuration it reported."""

    target = models.ForeignKey("deployer.Target", models.PROTECT, related_name="services")
    service_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    infer_type = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=40)
    progress = models.PositiveSmallIntegerField(null=True)
    error_msg = models.TextField(blank=True)
    access_address = models.CharField(max_length=500, blank=True)
    config = models.TextField(default="[]")  # as reported, JSON text
    due_time = models.DateTimeField(null=True)  # auto-stop
    twin_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="twins")  # made by the same sending
    events_at = models.DateTimeField(null=True)  # when its events were copied last
    is_settled = models.BooleanField(default=False)  # nothing is expected to move by itself
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when what we saw last differed from what we had seen before
    next_look_at = models.DateTimeField(null=True)  # to be looked at closely, by itself; empty once it is gone
    asked_at = models.DateTimeField(null=True)  # when somebody last wished for a look at once
    missing_since = models.DateTimeField(null=True)  # the cloud did not show it; once is no proof

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(name="service_is_known_once", fields=["target", "service_id"])]
        indexes = [
            models.Index(fields=["next_look_at"], name="service_due", condition=models.Q(next_look_at__isnull=False)),
            models.Index(
                fields=["target", "next_look_at"],
                name="service_alive",
                condition=models.Q(next_look_at__isnull=False),
            ),
            models.Index(fields=["status", "-id"], name="service_by_status"),
            models.Index(fields=["target", "name"], name="service_by_name"),
            models.Index(fields=["name", "-id"], name="service_by_name_alone"),
            models.Index(fields=["-id"], name="service_unsettled", condition=models.Q(is_settled=False)),
            models.Index(fields=["due_time"], name="service_stops", condition=models.Q(due_time__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.status})"
