"""A row is what was checked and asked for: an immutable request body, its fingerprint, and who had a hand in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Version(models.Model):
    """One request body as canonical JSON. Decisions and submissions point here."""

    deployment = models.ForeignKey("deployer.Deployment", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    draft = models.TextField()  # the document it was made from, so that one can go back to it
    payload = models.TextField()  # text, not a JSON column: the bytes stored are the bytes sent
    fingerprint = models.CharField(max_length=64)
    target_fingerprint = models.CharField(max_length=64)
    revision = models.PositiveIntegerField()
    problems = models.TextField(default="[]")  # the warnings it was asked with, as JSON
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="edited_versions", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["deployment", "number"]
        constraints = [
            models.UniqueConstraint(name="version_number_is_unique", fields=["deployment", "number"]),
            models.CheckConstraint(name="version_starts_at_one", condition=Q(number__gte=1)),
        ]
        indexes = [models.Index(fields=["fingerprint"], name="version_by_fingerprint")]

    def __str__(self) -> str:
        return f"{self.deployment_id} version {self.number}"


class ModelShare(models.Model):
    """One model of a version, so that "every deployment that used model X" is one indexed question."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="shares")
    position = models.PositiveSmallIntegerField()
    model_id = models.CharField(max_length=200)
    weight = models.PositiveSmallIntegerField(null=True)
    specification = models.CharField(max_length=200, blank=True)
    instance_count = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(name="share_position_is_unique", fields=["version", "position"])]
        indexes = [models.Index(fields=["model_id", "-version"], name="share_by_model")]

    def __str__(self) -> str:
        return f"{self.model_id} {self.weight or ''}".strip()
