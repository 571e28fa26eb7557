"""What waits for one person, and what moves by itself: the questions behind the overview and the tabs of the list."""

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from deployer.domain.lifecycle import State
from deployer.models import Deployment, Person, Removal, Service, Submission
from deployer.workflow import removing
from deployer.workflow.standing import standings
from deployer.workflow.watching import GONE


def sent_back_to(person: Person) -> QuerySet:
    """Their own deployments that somebody, or the cloud, gave back."""
    if "author" not in person.roles:
        return Deployment.objects.none()
    # From the state, not from the author: few are back at any time, and an author's past may be long.
    back = Deployment.objects.filter(state=State.CHANGES_REQUESTED).values("pk")
    return Deployment.objects.filter(pk__in=back, author=person)


def undecided_for(person: Person) -> QuerySet:
    """What the worker can settle no further. Operators decide these."""
    if "operator" not in person.roles:
        return Deployment.objects.none()
    return stuck()


def stuck() -> QuerySet:
    undecided = Submission.objects.open().filter(needs_person=True)
    return Deployment.objects.filter(pk__in=undecided.values("deployment"))


def twins_for(person: Person) -> QuerySet:
    """Services made beside another by one sending, that are there and not on their way out. Operators decide these."""
    if "operator" not in person.roles:
        return Service.objects.none()
    # From the few twins, which an index holds, not from all services.
    there = Service.objects.filter(pk__in=Service.objects.filter(twin_of__isnull=False).values("pk"))
    return there.filter(~Exists(leaving()), deployments=None).exclude(status=GONE)


def leaving() -> QuerySet:
    """The open wishes to delete a service, to be asked of each row of services."""
    return Removal.objects.filter(service=OuterRef("pk"), outcome__in=removing.OPEN)


def waiting_for(person: Person) -> QuerySet:
    """Of deployments all three kinds together: a verdict, a text to mend, a decision."""
    kinds = (Deployment.objects.awaiting_review_by(person), sent_back_to(person), undecided_for(person))
    wanted = Q()
    for kind in kinds:
        if not kind.query.is_empty():
            wanted |= Q(pk__in=kind.values("pk"))
    return Deployment.objects.filter(wanted) if wanted else Deployment.objects.none()


def moving() -> QuerySet:
    """Submitted, and the last word is not spoken. Asked from the few that move, not from all that were ever sent."""
    in_line = Submission.objects.open().filter(needs_person=False, next_action_at__isnull=False).values("deployment")
    starting = Service.objects.filter(is_settled=False).values("pk")
    return Deployment.objects.filter(Q(pk__in=in_line) | Q(service__in=starting))


def in_flight() -> QuerySet:
    """What moves, and what would if a person decided."""
    return Deployment.objects.filter(Q(pk__in=moving().values("pk")) | Q(pk__in=stuck().values("pk")))


def given_to(rows: list[Deployment]) -> dict[int, int]:
    """How many approvals count now, for those of these rows that are in review; five queries for all, or none."""
    asked = [row for row in rows if row.state == State.IN_REVIEW]
    if not asked:
        return {}
    prefetch_related_objects(asked, "editors")
    return {number: standing.given for number, standing in standings(asked).items()}
