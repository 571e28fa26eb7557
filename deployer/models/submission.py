"""A row is the intent to send one version, and what became of it. That row *is* the queue."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from deployer.domain.lifecycle import IN_THE_LINE, Outcome
from deployer.models.clock import DbNow


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def open(self) -> "SubmissionQuerySet":
        return self.filter(outcome__in=[o.value for o in IN_THE_LINE])

    def due(self, now=None) -> "SubmissionQuerySet":
        """Rows somebody should look at now, longest due first: to be sent, to be settled, or whose sender died."""
        rows = self.open().filter(next_action_at__lte=now or DbNow(), needs_person=False)
        return rows.order_by("next_action_at", "pk")  # in the order of their index, else SQLite reads the whole table

    def due_for_a_late_look(self) -> "SubmissionQuerySet":
        """Rows nobody waits for any more, whose lost call may still show what it made."""
        return self.filter(late_look_at__lte=DbNow()).order_by("late_look_at", "pk")


class Submission(models.Model):
    """At most one service comes of it."""

    deployment = models.ForeignKey("deployer.Deployment", models.PROTECT, related_name="submissions")
    version = models.ForeignKey("deployer.Version", models.PROTECT, related_name="submissions")
    target = models.ForeignKey("deployer.Target", models.PROTECT, related_name="submissions")
    site = models.CharField(
        max_length=64, default=""
    )  # Target.site as it was submitted: names and ids are unique there
    service_name = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    outcome = models.CharField(max_length=12, choices=[(o.value, o.value) for o in Outcome], default=Outcome.WAITING)
    needs_person = models.BooleanField(default=False)
    reason = models.TextField(blank=True)  # why it waits, was refused, was ended or needs a person, as people read it
    error_code = models.CharField(max_length=64, blank=True)
    problem_path = models.CharField(max_length=200, blank=True)  # the field a refusal concerns

    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)  # a person chose when it is sent
    next_action_at = models.DateTimeField(null=True)
    lease = models.CharField(max_length=64, blank=True)  # fencing token of whoever works on it now
    lease_until = models.DateTimeField(null=True)
    tried = models.PositiveIntegerField(default=0)  # the number of its last attempt row
    lost = models.PositiveSmallIntegerField(default=0)  # calls whose answer was lost: each may have had an effect
    returns = models.PositiveIntegerField(default=0)  # how often it came back to the line
    looks = models.PositiveIntegerField(default=0)  # looks since the last call
    late_look_at = models.DateTimeField(null=True)  # a lost call may show its effect long after somebody decided
    sent_at = models.DateTimeField(null=True)  # when the (last) call went out, by the database's clock
    known_before = models.TextField(default="[]")  # service ids of this name listed before the call: never adopted

    service_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - unique where known
    resource_ids = models.TextField(default="[]")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="service_belongs_to_one_submission",
                fields=["site", "service_id"],
                condition=Q(service_id__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_of_a_name_at_a_time",
                fields=["site", "service_name"],
                condition=Q(outcome__in=["sending", "unknown"]),
            ),
            models.UniqueConstraint(
                name="deployment_is_sent_once",
                fields=["deployment"],
                condition=Q(outcome__in=["waiting", "sending", "unknown", "accepted"]),
            ),
            models.CheckConstraint(
                name="submission_accepted_knows_its_service",
                condition=~Q(outcome="accepted") | Q(service_id__isnull=False, service_id__gt=""),
            ),
            models.CheckConstraint(
                name="submission_in_line_has_a_next_step",
                condition=~Q(outcome__in=["waiting", "sending", "unknown"])
                | Q(next_action_at__isnull=False)
                | Q(needs_person=True),
            ),
            models.CheckConstraint(
                name="submission_needs_a_person_for_a_reason", condition=Q(needs_person=False) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="submission_sending_is_leased", condition=~Q(outcome="sending") | Q(lease__gt="")
            ),
            models.CheckConstraint(
                name="submission_final_is_settled",
                condition=Q(outcome__in=["waiting", "sending", "unknown"]) | Q(settled_at__isnull=False),
            ),
        ]
        indexes = [
            # Not by outcome: SQLite does not use a partial index whose condition comes as parameters. Rows that are
            # final or wait for a person have no next action.
            models.Index(fields=["next_action_at"], name="submission_due", condition=Q(next_action_at__isnull=False)),
            models.Index(fields=["site", "service_name", "id"], name="submission_by_name"),
            models.Index(fields=["late_look_at"], name="submission_late_look", condition=Q(late_look_at__isnull=False)),
            # Every page says how many need a person. Few do, and no other row is in it.
            models.Index(fields=["-id"], name="submission_needs_person", condition=Q(needs_person=True)),
            # How many calls of a target are out: asked before each call, of the few rows that have a next action.
            models.Index(
                fields=["target", "outcome"], name="submission_in_line", condition=Q(next_action_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} to {self.target_id}: {self.outcome}"


class Attempt(models.Model):
    """One call of a submission, written when it is over. Append-only."""

    class Kind(models.TextChoices):
        SEND = "send", "sent"
        LOOK = "look", "looked for"
        LOGIN = "login", "logged in"
        HAND = "hand", "decided by hand"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="tries")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    worker = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    outcome = models.CharField(max_length=24)  # accepted, refused, unknown, put_back, not_found, found
    http_status = models.PositiveSmallIntegerField(null=True)
    request_id = models.CharField(max_length=128, blank=True)
    detail = models.TextField(blank=True)  # a sentence people read
    answer = models.TextField(blank=True)  # the raw answer, at most 4 KB, credentials masked

    class Meta:
        ordering = ["submission", "number"]
        constraints = [models.UniqueConstraint(name="attempt_number_is_unique", fields=["submission", "number"])]

    def __str__(self) -> str:
        return f"{self.submission_id}.{self.number} {self.kind} {self.outcome}"
