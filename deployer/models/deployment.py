"""A row is one proposed change in one target, from first keystroke to closed."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from deployer.domain.lifecycle import WRITABLE, Closed, Outcome, State
from deployer.models.decision import Decision


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def for_lists(self) -> "DeploymentQuerySet":
        """With all that a row of a list shows, in one query. The draft itself stays in the database."""
        return self.select_related("target", "author", "submission", "service").defer("draft")

    def awaiting_review_by(self, person) -> "DeploymentQuerySet":
        """What this person could approve and has not said a word on since they were (last) asked."""
        if "approver" not in person.roles:
            return self.none()
        said = Decision.objects.filter(
            person=person, version__deployment=OuterRef("pk"), decided_at__gte=OuterRef("asked_at")
        )
        return self.filter(~Exists(said), state=State.IN_REVIEW).exclude(editors=person)

    def moving(self) -> "DeploymentQuerySet":
        """Submitted, and the last word is not spoken."""
        in_line = Q(submission__outcome__in=[Outcome.WAITING, Outcome.SENDING, Outcome.UNKNOWN])
        starting = Q(submission__outcome=Outcome.ACCEPTED, service__is_settled=False)
        return self.filter(Q(state=State.SUBMITTED) & (in_line | starting))


class Deployment(models.Model):
    """One proposed change in one target. Its number is its primary key."""

    class Kind(models.TextChoices):
        CREATE = "create", "new service"

    number = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.CREATE)
    target = models.ForeignKey("deployer.Target", models.PROTECT, related_name="deployments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deployments")
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="edited", blank=True)
    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in State], default=State.DRAFT)
    closed_as = models.CharField(max_length=12, blank=True, choices=[(c.value, c.value) for c in Closed])

    draft = models.TextField()  # the document as typed, as JSON text: valid or not, it is kept
    revision = models.PositiveIntegerField(default=1)
    version_number = models.PositiveIntegerField(default=0)  # the latest version; 0 while there is none
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")

    # Said again from the draft or version, so that lists need not read either.
    service_name = models.CharField(max_length=200, blank=True)
    infer_type = models.CharField(max_length=40, blank=True)
    summary = models.CharField(max_length=200, blank=True)

    submission = models.OneToOneField("deployer.Submission", models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey("deployer.Service", models.PROTECT, null=True, blank=True, related_name="deployments")

    # Since when verdicts are asked for: later than every verdict that no longer counts (see workflow/standing.py).
    asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="deployment_state_is_known", condition=Q(state__in=[s.value for s in State])),
            models.CheckConstraint(
                name="deployment_is_closed_for_a_reason",
                condition=Q(state=State.CLOSED.value, closed_as__in=[c.value for c in Closed])
                | (~Q(state=State.CLOSED.value) & Q(closed_as="")),
            ),
            models.CheckConstraint(
                name="deployment_in_review_has_a_version",
                condition=Q(state__in=[State.DRAFT.value, State.CLOSED.value]) | Q(version_number__gte=1),
            ),
            models.CheckConstraint(
                name="deployment_in_review_was_asked",
                condition=~Q(state=State.IN_REVIEW.value) | Q(asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deployment_submitted_has_a_submission",
                condition=~Q(state=State.SUBMITTED.value) | Q(submission__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-number"], name="deployment_by_state"),
            models.Index(fields=["target", "-number"], name="deployment_by_target"),
            models.Index(fields=["author", "-number"], name="deployment_by_author"),
            models.Index(fields=["service_name", "-number"], name="deployment_by_service_name"),
            models.Index(fields=["-created_at"], name="deployment_by_created"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.service_name or 'unnamed'}"

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def seen(self) -> int:
        """What a page shows and posts back: the revision while it is written, the version's number from then on."""
        return self.revision if self.is_writable else self.version_number
