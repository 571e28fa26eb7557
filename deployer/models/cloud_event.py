"""A row is an event of a service as the cloud told it, copied because the cloud forgets it after a month."""

from django.db import models


class CloudEvent(models.Model):
    """What the cloud says happened to a service. Copied once, never changed."""

    service = models.ForeignKey("deployer.Service", models.PROTECT, related_name="cloud_events")
    occurred_at = models.DateTimeField()
    event_type = models.CharField(max_length=40, blank=True)  # normal, abnormal
    info = models.TextField(blank=True)
    mark = models.CharField(max_length=64)  # hash of time, type and words: copied twice is copied once
    copied_at = models.DateTimeField()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        constraints = [models.UniqueConstraint(name="cloud_event_is_copied_once", fields=["service", "mark"])]
        indexes = [models.Index(fields=["service", "-occurred_at"], name="cloud_event_by_time")]

    def __str__(self) -> str:
        return f"{self.occurred_at:%Y-%m-%d %H:%M} {self.info[:40]}"
