"""What the cloud offers in a target, as last seen: a row is one entry, or the state of one list."""

import json

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Kind(models.TextChoices):
    """What can be picked. Values are our words, the cloud's lists are in the worker."""

    MODEL = "model", "models"
    SPECIFICATION = "specification", "specifications"
    POOL = "pool", "dedicated pools"
    WORKSPACE = "workspace", "workspaces"
    VPC = "vpc", "VPCs"
    SUBNET = "subnet", "subnets"
    SECURITY_GROUP = "security_group", "security groups"


class CatalogEntryQuerySet(models.QuerySet["CatalogEntry"]):
    def of(self, target, kind: str, *, part: str = "") -> "CatalogEntryQuerySet":
        """The entries of one list; `part` is the inference type of specifications, the key of a pool's generation."""
        rows = self.filter(target=target, kind=kind)
        return rows.filter(part=part) if part else rows

    def matching(self, text: str) -> "CatalogEntryQuerySet":
        """Entries in whose name, version or id every typed word stands."""
        rows = self
        for word in text.lower().split()[:8]:
            rows = rows.filter(words__contains=word)
        return rows


class CatalogEntry(models.Model):
    """One model, specification, pool, workspace, VPC, subnet or security group of a target."""

    target = models.ForeignKey("deployer.Target", models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    part = models.CharField(max_length=40, blank=True)  # `real-time` or `batch` of a specification; `cluster`, `pool`
    key = models.CharField(max_length=200)  # the id that a request names
    parent = models.CharField(max_length=200, blank=True)  # the VPC of a subnet or security group
    name = models.CharField(max_length=300, blank=True)
    version = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=40, blank=True)  # as heard
    words = models.CharField(max_length=600, blank=True)  # name, version and id in lower case, for searching
    place = models.PositiveIntegerField(default=0)  # in the order of the cloud: newest first
    facts = models.TextField(default="{}")  # what the list said, as JSON
    detail = models.TextField(blank=True)  # what the entry's own page says (APIs of a model, rules of a group), as JSON
    detail_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    objects = CatalogEntryQuerySet.as_manager()

    class Meta:
        ordering = ["target", "kind", "part", "place", "pk"]
        constraints = [
            models.UniqueConstraint(name="offer_is_listed_once", fields=["target", "kind", "part", "key"]),
            models.CheckConstraint(name="offer_kind_is_known", condition=Q(kind__in=[k.value for k in Kind])),
        ]
        indexes = [models.Index(fields=["target", "kind", "part", "place"], name="offer_by_place")]

    def __str__(self) -> str:
        return f"{self.name or self.key} {self.version}".strip()

    @property
    def said(self) -> dict:
        return json.loads(self.facts)

    @property
    def more(self) -> dict:
        return json.loads(self.detail) if self.detail else {}


class CatalogListQuerySet(models.QuerySet["CatalogList"]):
    def due(self, now=None) -> "CatalogListQuerySet":
        return self.filter(next_look_at__lte=now or timezone.now()).order_by("next_look_at", "pk")


class CatalogList(models.Model):
    """How fresh one list of a target is, and what was in the way of a fresher one."""

    target = models.ForeignKey("deployer.Target", models.CASCADE, related_name="lists")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    count = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # when it was last read whole
    asked_at = models.DateTimeField(null=True)  # when a person asked for a fresh one that is not there yet
    next_look_at = models.DateTimeField(null=True)
    lease = models.CharField(max_length=64, blank=True)
    problem = models.TextField(blank=True)  # why the last look failed: a sentence people read

    objects = CatalogListQuerySet.as_manager()

    class Meta:
        ordering = ["target", "kind"]
        constraints = [models.UniqueConstraint(name="list_is_known_once", fields=["target", "kind"])]
        indexes = [
            models.Index(fields=["next_look_at"], name="list_due", condition=Q(next_look_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.target_id}"
