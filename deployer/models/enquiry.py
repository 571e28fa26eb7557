"""A row is a question about a cloud that a page put, and that a worker answers: a page never waits for the cloud."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q

from deployer.models.clock import DbNow
from deployer.models.encrypted import EncryptedTextField


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def due(self, now=None) -> "EnquiryQuerySet":
        return self.filter(next_action_at__lte=now or DbNow()).order_by("next_action_at", "pk")


class Enquiry(models.Model):
    """One question. What it needs to know, credentials included, is encrypted, and gone with the answer."""

    class Kind(models.TextChoices):
        CONNECTION = "connection", "connection test"
        PROJECTS = "projects", "search for projects"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    target = models.ForeignKey("deployer.Target", models.CASCADE, null=True, related_name="enquiries")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    question = EncryptedTextField(blank=True)  # JSON: endpoints, who, secret
    next_action_at = models.DateTimeField(null=True)
    lease = models.CharField(max_length=64, blank=True)
    answer = models.TextField(blank=True)  # JSON, never a credential
    answered_at = models.DateTimeField(null=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="enquiry_answered_keeps_no_secret",
                condition=Q(answered_at__isnull=True) | Q(question="", next_action_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["next_action_at"], name="enquiry_due", condition=Q(next_action_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def said(self) -> dict:
        return json.loads(self.answer) if self.answer else {}
