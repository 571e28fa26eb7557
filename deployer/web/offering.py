"""What a picker offers: the entries of one list that fit what is typed, those that can be chosen first.

Only a page of them is read, however long the list is: 5,000 models cost three queries and a few kilobytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from deployer.domain import choosing
from deployer.domain.places import short
from deployer.domain.tables import BATCH, REAL_TIME
from deployer.models import CatalogEntry, CatalogList, Target
from deployer.models.catalog import Kind
from deployer.web.figures import counted
from deployer.web.times import moment
from deployer.workflow import catalog

MOST = 20  # options of one answer
LARGEST = 5_000  # characters of all options: odd names and ids must not make the answer a large one
SORTED = 400  # of the lists that stay short, so many are put into order
NAME_SHOWN = 90  # the id below tells two long names apart
WAITS = timedelta(seconds=30)  # how long a fresh list is waited for before the page says what is the matter

PARTS = {"cluster_id": "cluster", "pool_name": "pool"}
FORMS = {
    Kind.MODEL: "model,models",
    Kind.SPECIFICATION: "specification,specifications",
    Kind.POOL: "pool,pools",
    Kind.WORKSPACE: "workspace,workspaces",
    Kind.VPC: "VPC,VPCs",
    Kind.SUBNET: "subnet,subnets",
    Kind.SECURITY_GROUP: "security group,security groups",
    "uri": "request URI,request URIs",
}


@dataclass(frozen=True)
class Question:
    """What somebody looks for: the list, the field it is for, the words typed, and what narrows it."""

    kind: str
    field: str = ""
    q: str = ""
    infer_type: str = ""
    vpc: str = ""
    model: str = ""


@dataclass(frozen=True)
class Option:
    """One entry to choose. `why`: it can't be chosen, in words; `caution`: it can, and something is to be known.

    `vpc` and `vpc_name`: the VPC it lies in, where none is chosen yet and this one would follow.
    """

    key: str
    name: str
    state: str
    why: str = ""
    caution: str = ""
    vpc: str = ""
    vpc_name: str = ""

    @property
    def size(self) -> int:
        texts = (self.key, self.name, self.state, self.why, self.caution, self.vpc, self.vpc_name)
        return sum(map(len, texts)) + 120


@dataclass
class Offering:
    """A page of a list, and how fresh the list is."""

    kind: str
    options: list[Option]
    total: int
    listed: CatalogList | None = None
    empty: str = ""
    now: datetime = field(default_factory=timezone.now)

    @property
    def called(self) -> str:
        return FORMS[self.kind].partition(",")[2]

    @property
    def waits(self) -> bool:
        """Somebody asked for a fresh list, and it may still come."""
        asked_at = self.listed.asked_at if self.listed else None
        return bool(asked_at and self.now - asked_at < WAITS)

    @property
    def is_late(self) -> bool:
        return bool(self.listed and self.listed.asked_at) and not self.waits

    @property
    def found(self) -> str:
        """How many there are, for those who do not see them: "20 of 5,000 models", "1 pool"."""
        shown = len(self.options)
        many = counted(self.total, FORMS[self.kind])
        return f"{shown} of {many}" if shown < self.total else many


def offering(target: Target, question: Question) -> Offering:
    """What fits this question in this target."""
    listed = next(row for row in catalog.lists(target) if row.kind == question.kind)
    rows = fitting(target, question)
    total = rows.count() if listed.seen_at else 0
    shown = list(in_order(rows, question)) if total else []
    owners = owners_of(target, shown, question)
    options = [option(row, question, owners.get(row.parent, "")) for row in shown]
    found = Offering(question.kind, cut(options), total, listed)
    found.empty = "" if options else why_empty(listed, question, found)
    return found


def fitting(target: Target, question: Question) -> QuerySet[CatalogEntry]:
    rows = CatalogEntry.objects.of(target, question.kind, part=part_of(question)).matching(question.q)
    if question.kind == Kind.SUBNET and question.vpc:
        return rows.filter(parent=question.vpc)
    if question.kind == Kind.SECURITY_GROUP and question.vpc:
        return rows.filter(parent__in=["", question.vpc])  # the group's VPC is only a hint, and may be missing
    return rows


def part_of(question: Question) -> str:
    """Flavors are listed for each type, with real-time for an unknown one; pools by the field that names them."""
    if question.kind == Kind.SPECIFICATION:
        return question.infer_type if question.infer_type == BATCH else REAL_TIME
    return PARTS.get(question.field, "")


def in_order(rows: QuerySet[CatalogEntry], question: Question) -> Iterable[CatalogEntry]:
    """Those that can be chosen first, then as the cloud lists them: newest first."""
    rows = rows.defer("detail", "words")
    if question.kind == Kind.MODEL:
        return rows.order_by(Case(When(usable(question), then=Value(0)), default=Value(1), output_field=IntegerField()),
                             "place", "pk")[:MOST]  # fmt: skip
    short = list(rows[:SORTED])
    return sorted(short, key=lambda row: bool(why_not(row, question)))[:MOST]


def usable(question: Question) -> Q:
    """A first guess in the database at what `choosing.why_not` says for models: there may be thousands."""
    published = Q(status="") | Q(status__iexact="published")
    if question.infer_type not in (REAL_TIME, BATCH):
        return published
    unsaid = ~Q(facts__contains='"install_types"') | Q(facts__contains='"install_types":[]')
    return published & (unsaid | Q(facts__contains=f'"{question.infer_type}"'))


def why_not(row: CatalogEntry, question: Question) -> str:
    return choosing.why_not(row.kind, row.status, row.said, infer_type=question.infer_type)


def owners_of(target: Target, rows: list[CatalogEntry], question: Question) -> dict[str, str]:
    """The names of the VPCs that subnets and groups lie in, by id, while none is chosen: it may follow from them."""
    if question.kind not in (Kind.SUBNET, Kind.SECURITY_GROUP) or question.vpc:
        return {}
    ids = {row.parent for row in rows} - {""}
    found = CatalogEntry.objects.of(target, Kind.VPC).filter(key__in=ids) if ids else ()
    return {vpc.key: vpc.name or vpc.key for vpc in found}


def option(row: CatalogEntry, question: Question, owner: str = "") -> Option:
    facts, why = row.said, why_not(row, question)
    name = choosing.label(row.kind, row.key, row.name, row.version, facts)
    state = ", ".join(filter(None, [choosing.standing(row.kind, row.status, facts), short(owner, NAME_SHOWN)]))
    return Option(
        row.key,
        short(name, NAME_SHOWN),
        "" if why and row.status and choosing.in_words(row.status) in why else state,  # it is said once
        why,
        choosing.caution(row.kind, facts),
        row.parent if owner else "",
        short(owner, NAME_SHOWN),
    )


def cut(options: list[Option]) -> list[Option]:
    """As many as fit into a small answer."""
    room, found = LARGEST, []
    for one in options:
        room -= one.size
        if room < 0:
            break
        found.append(one)
    return found or options[:1]


def why_empty(listed: CatalogList, question: Question, found: Offering) -> str:
    called = found.called
    if listed.seen_at is None:
        return f"The list of {called} has not been read yet. An id can be typed."
    as_of = f"the list of {moment(listed.seen_at)}"
    if question.q:
        return f"No {FORMS[question.kind].partition(',')[0]} in {as_of} fits. An id can be typed all the same."
    if question.vpc and question.kind in (Kind.SUBNET, Kind.SECURITY_GROUP):
        return f"No {called} of this VPC in {as_of}."
    return f"There were no {called} in {as_of}."
