"""A row is something that happened. Each carries the hash of the one before; `Chain` holds length and head."""

import hashlib
import json
from datetime import UTC

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """Who did what, when, with what before and after. Numbered without gaps, never changed."""

    number = models.BigIntegerField(primary_key=True)  # its place in the chain, from 1
    action = models.CharField(max_length=40)
    deployment = models.ForeignKey("deployer.Deployment", models.PROTECT, null=True, related_name="events")
    target_name = models.CharField(max_length=64, blank=True)
    by_key = models.CharField(max_length=150, blank=True)  # empty: the system itself
    by_name = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    comment = models.TextField(blank=True)
    data = models.TextField(default="{}")  # before, after and facts, as canonical JSON
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.CheckConstraint(name="event_starts_at_one", condition=Q(number__gte=1))]
        indexes = [
            models.Index(fields=["deployment", "-number"], name="event_by_deployment"),
            models.Index(fields=["action", "-number"], name="event_by_action"),
            models.Index(fields=["by_key", "-number"], name="event_by_person"),
            models.Index(fields=["target_name", "-number"], name="event_by_target"),
            models.Index(fields=["at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"

    @property
    def facts(self) -> dict:
        return json.loads(self.data)

    def seal(self) -> str:
        """The hash of everything this row says, the previous hash included (SHA-256 over canonical JSON)."""
        before, between, after = self.said_around()
        return hashlib.sha256(f"{before}{self.number}{between}{self.previous}{after}".encode()).hexdigest()

    def said_around(self) -> tuple[str, str, str]:
        """What the row says, as canonical JSON in ASCII, around its number and the previous hash."""
        said = {
            "number": 0,
            "action": self.action,
            "deployment": self.deployment_id,
            "target": self.target_name,
            "by": [self.by_key, self.by_name],
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "comment": self.comment,
            "data": self.data,
            "previous": "",
        }
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        # Inside of a text a quote is written with a backslash, so these bare ones stand but once.
        before, _, after = text.partition('"number":0,"previous":""')
        return f'{before}"number":', ',"previous":"', f'"{after}'


class Chain(models.Model):
    """The one row that knows how long the chain is and how it ends, so that a cut tail shows."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    length = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(name="chain_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.length} events"
