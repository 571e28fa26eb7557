"""A row is a place to deploy: endpoints, project, edition of the API, credentials, review policy."""

import hashlib
import json
import re

from django.db import models
from django.db.models import Q

from deployer.models.encrypted import EncryptedTextField


class Target(models.Model):
    """Where a deployment goes, and who must agree before it does."""

    class Login(models.TextChoices):
        PASSWORD = "password", "user and password"
        KEYS = "keys", "access key and secret key"

    class Preflight(models.TextChoices):
        ADVISE = "advise", "advises"
        REQUIRED = "required", "required"

    name = models.SlugField(max_length=64, unique=True)
    endpoint = models.CharField(max_length=300)
    iam_endpoint = models.CharField(max_length=300)
    vpc_endpoint = models.CharField(max_length=300, blank=True, help_text="Only to look up networks.")
    region = models.CharField(max_length=64, blank=True)
    project_id = models.CharField(max_length=64)
    project_name = models.CharField(max_length=64, blank=True)
    workspace_id = models.CharField(max_length=64, blank=True, help_text="Prefills new drafts; nothing is added later.")
    edition = models.CharField(max_length=32, default="otc-2022")

    login = models.CharField(max_length=16, choices=Login.choices, default=Login.PASSWORD)
    username = models.CharField(max_length=128, blank=True)
    domain_name = models.CharField(max_length=128, blank=True)
    access_key = models.CharField(max_length=128, blank=True)
    secret = EncryptedTextField(blank=True)
    security_token = EncryptedTextField(blank=True)  # of temporary keys

    approvals = models.PositiveSmallIntegerField(default=1)
    approval_hours = models.PositiveIntegerField(null=True, blank=True, help_text="How long an approval lasts.")
    revives = models.BooleanField(default=False, help_text="Returning to approved content revives its approvals.")
    submits_itself = models.BooleanField(default=False, help_text="Send at once on the last approval.")
    preflight = models.CharField(max_length=16, choices=Preflight.choices, default=Preflight.ADVISE)
    quiet_seconds = models.PositiveIntegerField(default=600, help_text="How long a lost answer is looked for.")

    resends_itself = models.BooleanField(default=False, help_text="What was lost and not found is sent again.")
    windows = models.CharField(max_length=300, blank=True, help_text="When it may be sent; empty: always.")
    zone = models.CharField(max_length=64, default="UTC", help_text="The time zone of the windows.")
    most_calls = models.PositiveSmallIntegerField(default=8, help_text="Calls of the cloud at once, at most.")
    paused_until = models.DateTimeField(null=True)  # the cloud asked for a pause (429 with Retry-After)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="target_asks_for_an_approval", condition=Q(approvals__gte=1)),
            models.CheckConstraint(name="target_lets_one_call_through", condition=Q(most_calls__gte=1)),
            models.CheckConstraint(
                name="target_login_is_whole",
                condition=Q(login="password", username__gt="", domain_name__gt="") | Q(login="keys", access_key__gt=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def network_endpoint(self) -> str:
        """Where VPCs are listed: as said, or the sibling of ModelArts' own host, or the same gateway.

        Both clouds name hosts {service}.{region}.{domain}: endpoints of Open Telekom Cloud and Huawei Cloud.
        """
        if self.vpc_endpoint:
            return self.vpc_endpoint
        return re.sub(r"^(https?://)modelarts\.", r"\1vpc.", self.endpoint)

    @property
    def site(self) -> str:
        """The project in the cloud, whatever the target is called: two targets of one project share its names.

        SHA-256, hex. Names of services are unique in a project: ModelArts.3503.
        """
        place = f"{self.endpoint.rstrip('/').lower()}\n{self.project_id}"
        return hashlib.sha256(place.encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """What an approval also rests on: where it would go and under which policy (SHA-256, hex).

        Credentials are left out on purpose: rotating a password changes nothing of what was agreed.
        """
        facts = {
            "endpoint": self.endpoint,
            "iam_endpoint": self.iam_endpoint,
            "region": self.region,
            "project_id": self.project_id,
            "edition": self.edition,
            "approvals": self.approvals,
            "approval_hours": self.approval_hours,
            "revives": self.revives,
            "submits_itself": self.submits_itself,
            "preflight": self.preflight,
        }
        # Only where they say something: what was agreed before they came is not made stale by an empty one.
        later = {"vpc_endpoint": self.vpc_endpoint, "resends_itself": self.resends_itself, "windows": self.windows}
        facts |= {name: value for name, value in later.items() if value}
        if self.windows:
            facts["zone"] = self.zone
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
