"""A row is a draft as it stood at one of its latest revisions: what two texts are compared with when they part."""

from django.conf import settings
from django.db import models


class DraftRevision(models.Model):
    """One revision of a draft. Only the latest are kept: they serve tabs that are still open, not the history."""

    deployment = models.ForeignKey("deployer.Deployment", models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    draft = models.TextField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["deployment", "-number"]
        constraints = [models.UniqueConstraint(name="revision_is_kept_once", fields=["deployment", "number"])]
        indexes = [models.Index(fields=["saved_at"], name="revision_by_time")]

    def __str__(self) -> str:
        return f"{self.deployment_id} revision {self.number}"
