"""The composer's page and its fragments: everything they show of one draft, worked out once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from deployer.domain import draft as drafts
from deployer.domain import payload as payloads
from deployer.domain import typed, weights
from deployer.domain.lifecycle import State
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Deployment, Person
from deployer.web.badges import badge_for
from deployer.web.form_view import FormView, Placed, RowView
from deployer.web.variable_rows import variable_rows
from deployer.workflow import permissions, review

Doc = dict[str, Any]
MOST_CHECKS = 12
UNITS = [("", "no auto-stop"), ("MINUTES", "minutes"), ("HOURS", "hours"), ("DAYS", "days")]


@dataclass
class Composer:
    """One draft as its page shows it. `loud`: also say what is still blank; `kept`: shown, but not saved."""

    deployment: Deployment
    person: Person
    doc: Doc
    loud: bool = False
    insists: bool = False  # the summary takes the focus: somebody asked for what cannot be done
    unsaved: bool = False
    problems: Sequence[Problem] | None = None
    extra: Sequence[Problem] = ()  # about the post, not about the draft
    removed: Sequence[dict[str, Any]] = ()
    pasted: Mapping[str, str] = field(default_factory=dict)  # by the name of its control: no part of the draft

    @cached_property
    def form(self) -> FormView:
        problems = review.check(self.deployment, self.doc).problems if self.problems is None else self.problems
        form = FormView(self.doc, [*self.extra, *problems], loud=self.loud)
        for row in form.rows:
            row.variable_rows = partial(variable_rows, row, self.rows_url)
            row.pasted = self.pasted.get(f"pasted-{row.id}", "")
        return form

    @cached_property
    def rows_url(self) -> str:
        """Where the buttons of rows post to."""
        return reverse("compose-rows", args=[self.deployment.pk])

    # -- head

    @cached_property
    def name(self) -> str:
        return self.form.fields["service_name"].text or "New deployment"

    @cached_property
    def badge(self) -> Any:
        return badge_for(self.deployment)

    @property
    def writes_itself(self) -> bool:
        """Saved while somebody types; not once it is with others: then a save takes it back and is asked for."""
        return self.deployment.is_writable

    @property
    def kind(self) -> str:
        return {"real-time": "Real-time service", "batch": "Batch service"}.get(str(self.form.infer_type), "Service")

    # -- problems

    @cached_property
    def summary(self) -> list[Placed]:
        return self.form.shown

    @cached_property
    def checks(self) -> list[Placed]:
        ordered = sorted(self.form.placed, key=lambda placed: placed.severity != BLOCK)
        return ordered[:MOST_CHECKS]

    @property
    def more_checks(self) -> int:
        return max(0, len(self.form.placed) - MOST_CHECKS)

    # -- traffic

    @cached_property
    def shares(self) -> list[dict[str, Any]]:
        return [{"name": self.called(row), "weight": points(row)} for row in self.form.rows if not row.raw]

    @staticmethod
    def called(row: RowView) -> str:
        return row.name

    @cached_property
    def total(self) -> int:
        return weights.total([share["weight"] for share in self.shares])

    @property
    def weight_boxes(self) -> str:
        return " ".join(f"{row.prefix}-weight" for row in self.form.rows if not row.raw)

    # -- choices

    @property
    def types(self) -> list[tuple[str, str]]:
        return with_present([("real-time", "real-time"), ("batch", "batch")], self.form.fields["infer_type"].text)

    @property
    def units(self) -> list[tuple[str, str]]:
        return with_present(UNITS, self.form.schedule["time_unit"].text)

    # -- network

    @cached_property
    def pool(self) -> str:
        """The pool in force for the whole service, if there is one."""
        fields = self.doc["fields"]
        found = fields.get("cluster_id") or fields.get("pool_name")
        return found if isinstance(found, str) else ""

    @cached_property
    def own_pools(self) -> list[RowView]:
        """Rows that bring a pool of their own: it counts before the service's (CreateService, table 2)."""
        return [row for row in self.form.rows if not row.raw and row.controls["cluster_id"].text]

    @property
    def pool_is_overridden(self) -> bool:
        rows = [row for row in self.form.rows if not row.raw]
        others = [row for row in self.own_pools if row.controls["cluster_id"].text != self.pool]
        return bool(self.pool) and bool(rows) and len(others) == len(rows)

    @property
    def vpc_is_idle(self) -> bool:
        """A dedicated pool brings its own network: the VPC has no effect, and is sent as typed."""
        in_pools = bool(self.pool) or bool(self.own_pools)
        return in_pools and any(self.form.fields[key].text for key in NETWORK)

    @property
    def has_network(self) -> bool:
        return any(self.form.fields[key].text for key in (*NETWORK, "cluster_id"))

    @property
    def has_schedule(self) -> bool:
        return "schedule" in self.doc["fields"] or any(control.text for control in self.form.schedule.values())

    # -- side

    @cached_property
    def body(self) -> str:
        return payloads.preview(self.doc)

    @cached_property
    def deciders(self) -> str:
        return permissions.names_of_deciders(self.deployment)

    @property
    def next_step(self) -> str:
        return "ask again" if self.deployment.state in (State.IN_REVIEW, State.APPROVED) else "ask for review"

    @property
    def facts(self) -> list[tuple[str, str]]:
        form, target = self.form, self.deployment.target
        found = [
            ("Target", f"{target.name}, {target.project_name or target.region or target.project_id}"),
            ("Type", form.fields["infer_type"].text or "not chosen"),
            ("Models", str(len(form.rows))),
            ("Capacity", capacity(form.rows)),
        ]
        if self.pool:
            found.append(("Pool", self.pool))
        if form.fields["vpc_id"].text:
            found.append(("Network", "of the pool" if self.vpc_is_idle else form.fields["vpc_id"].text))
        if not form.is_batch:
            found.append(("Auto-stop", auto_stop(form)))
        return found


NETWORK = ("vpc_id", "subnet_network_id", "security_group_id")


def points(row: RowView) -> int:
    """The weight as the live total counts it: ASCII digits, anything else is nothing."""
    text = row.controls["weight"].text.strip(typed.BLANKS)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 30 else 0


def capacity(rows: Sequence[RowView]) -> str:
    """ "3 × gpu.p4, ? × custom": instances by specification."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if not row.raw:
            found.setdefault(row.controls["specification"].text or "?", []).append(row.controls["instance_count"].text)
    parts = []
    for specification, counts in list(found.items())[:4]:
        known = all(count.isascii() and count.isdigit() and len(count) < 7 for count in counts)
        many = str(sum(int(count) for count in counts)) if known else "?"
        parts.append(f"{many} × {specification.removeprefix('modelarts.vm.')}")
    if len(found) > 4:
        parts.append(f"{len(found) - 4} more")
    return ", ".join(parts).replace("? × ?", "not said yet") or "none"


def auto_stop(form: FormView) -> str:
    duration, unit = form.schedule["duration"].text, form.schedule["time_unit"].text
    if not duration and not unit:
        return "none, runs on"
    return f"{duration or '?'} {unit.lower() or '?'} after start"


def with_present(options: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """The options, and what is there if it is none of them: it is shown as it came."""
    if text in [value for value, _ in options]:
        return options
    return [(text, text or "not chosen"), *options]


def is_loud(request: HttpRequest, deployment: Deployment, doc: Doc) -> bool:
    """Whether blanks are said beside their fields: once somebody asked for review, or for what came from outside."""
    from_outside = deployment.revision == 1 and not is_blank(doc)
    if from_outside:
        remember_loud(request, deployment)
    return (
        from_outside
        or "asked" in request.GET
        or bool(deployment.version_number or loud_key(deployment) in request.session)
    )


def loud_key(deployment: Deployment) -> str:
    return f"asked-{deployment.pk}"


def remember_loud(request: HttpRequest, deployment: Deployment) -> None:
    """For this person and draft blanks are said from now on, so that problems do not come and go while typing."""
    if loud_key(deployment) not in request.session:
        request.session[loud_key(deployment)] = 1


def is_blank(doc: Doc) -> bool:
    """Whether nothing was typed yet but what a new draft has."""
    fields = {key for key, value in doc["fields"].items() if value != ""} - {"infer_type", "workspace_id"}
    return not fields and all("raw" not in row and not row["fields"] and not row.get("envs") for row in doc["rows"])


def page(request: HttpRequest, composer: Composer, *, status: int = 200) -> HttpResponse:
    """The whole page. 422 and 409 lead the eye to what is said on top."""
    context = {"composer": composer, "form": composer.form, "deployment": composer.deployment}
    return render(request, "compose/page.html", context, status=status)


def page_with_problems(
    request: HttpRequest, deployment: Deployment, problems: Sequence[Problem], status: int = 422
) -> HttpResponse:
    """The saved draft with these problems, each beside its field: the answer to a refused *Ask for review*."""
    remember_loud(request, deployment)
    doc = drafts.loads(deployment.draft)
    known = [problem for problem in problems if problem.path not in ("seen", "comment")]
    extra = [problem for problem in problems if problem.path in ("seen", "comment")]
    composer = Composer(deployment, request.user, doc, loud=True, insists=True, problems=known, extra=extra)
    return page(request, composer, status=status)
