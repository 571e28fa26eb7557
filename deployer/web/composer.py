"""The composer's page and its fragments: everything they show of one draft, worked out once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from deployer.domain import draft as drafts
from deployer.domain import payload as payloads
from deployer.domain import weights
from deployer.domain.checking import Checked
from deployer.domain.lifecycle import State
from deployer.domain.problems import BLOCK, Problem
from deployer.models import Deployment, Person, Version
from deployer.web import body_view, filling_view, stands
from deployer.web.badges import badge_for
from deployer.web.controls import Placed, options_for
from deployer.web.draft_facts import auto_stop, capacity, points
from deployer.web.form_view import FormView
from deployer.web.loudness import remember_loud
from deployer.web.preflight_view import Place
from deployer.web.row_view import RowView
from deployer.web.variable_rows import variable_rows
from deployer.workflow import permissions, preflight, review

Doc = dict[str, Any]
MOST_CHECKS = 12
NETWORK = ("vpc_id", "subnet_network_id", "security_group_id")
TYPES = [("real-time", "real-time"), ("batch", "batch")]
UNITS = [("", "no auto-stop"), ("MINUTES", "minutes"), ("HOURS", "hours"), ("DAYS", "days")]


@dataclass
class Composer:
    """One draft as its page shows it. `loud`: also say what is still blank."""

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
    filled: Mapping[str, Any] = field(default_factory=dict)  # by row: what its model's definition replaced

    @cached_property
    def checked(self) -> Checked:
        return review.check(self.deployment, self.doc)

    @cached_property
    def form(self) -> FormView:
        problems = self.checked.problems if self.problems is None else self.problems
        form = FormView(self.doc, [*self.extra, *problems], loud=self.loud, edition=self.deployment.target.edition)
        for row in form.rows:
            row.variable_rows = partial(variable_rows, row, self.rows_url)
            row.pasted = self.pasted.get(f"pasted-{row.id}", "")
        self.say_what_ids_stand_for(form)
        return form

    def say_what_ids_stand_for(self, form: FormView) -> None:
        """From the catalog, as last seen. A batch row also gets what its model's definition says."""
        found = stands.place(form, self.deployment.target)
        for index, row in enumerate(form.rows if form.shows_data else []):
            if not row.raw:
                entry = next(iter(found.get(("model", row.controls["model_id"].text), [])), None)
                row.fill = filling_view.view(entry, self.doc["rows"][index]["fields"], self.filled.get(row.id))

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

    @property
    def title(self) -> str:
        stuck = "Error: " if self.loud and self.summary else ""
        return f"{stuck}{self.name}, draft {self.deployment.number}"

    # -- problems

    @cached_property
    def summary(self) -> list[Placed]:
        return self.form.shown

    @cached_property
    def checks(self) -> list[Placed]:
        ordered = sorted(self.form.placed, key=lambda placed: placed.severity != BLOCK)
        return ordered[:MOST_CHECKS]

    @property
    def passed(self) -> str:
        """How many checks found nothing, in words."""
        many = self.checked.passed
        passed = "1 check passed" if many == 1 else f"{many} checks passed"
        return passed if self.form.placed else f"All {passed}"

    @property
    def more_checks(self) -> int:
        return max(0, len(self.form.placed) - MOST_CHECKS)

    # -- traffic

    @cached_property
    def shares(self) -> list[dict[str, Any]]:
        return [{"name": row.short_name, "weight": points(row)} for row in self.form.rows if not row.raw]

    @cached_property
    def total(self) -> int:
        return weights.total([share["weight"] for share in self.shares])

    @property
    def weight_boxes(self) -> str:
        return " ".join(f"{row.prefix}-weight" for row in self.form.rows if not row.raw)

    # -- choices

    @property
    def types(self) -> list[tuple[str, str]]:
        return options_for(self.form.fields["infer_type"].text, TYPES)

    @property
    def units(self) -> list[tuple[str, str]]:
        return options_for(self.form.schedule["time_unit"].text, UNITS)

    # -- network

    @cached_property
    def pool(self) -> str:
        """The pool in force for the whole service, if there is one."""
        fields = self.doc["fields"]
        # A name counts before an id where the edition has both; elsewhere it is an unknown key that may be one.
        keys = ("pool_name", "cluster_id") if self.form.book.has_newer else ("cluster_id", "pool_name")
        found = fields.get(keys[0]) or fields.get(keys[1])
        return found if isinstance(found, str) else ""

    @property
    def pool_name(self) -> str:
        """What the cloud calls it; empty where it is not listed, or has no control."""
        controls = [self.form.newer.get("pool_name"), self.form.fields["cluster_id"]]
        return next((one.stand.name for one in controls if one and one.text == self.pool and one.stand), "")

    @cached_property
    def own_pools(self) -> list[RowView]:
        """Rows that bring a pool of their own: it counts before the service's (CreateService, table 2)."""
        return [row for row in self.form.rows if not row.raw and row.pool]

    @property
    def other_pools(self) -> list[RowView]:
        """Rows whose own pool is not the service's."""
        return [row for row in self.own_pools if row.pool != self.pool]

    @property
    def pool_is_overridden(self) -> bool:
        rows = [row for row in self.form.rows if not row.raw]
        return bool(self.pool) and bool(rows) and len(self.other_pools) == len(rows)

    @property
    def vpc_is_idle(self) -> bool:
        """A dedicated pool brings its own network: the VPC has no effect, and is sent as typed."""
        in_pools = bool(self.pool) or bool(self.own_pools)
        return in_pools and any(self.form.fields[key].text for key in NETWORK)

    @property
    def id_is_idle(self) -> bool:
        """Beside a pool name the id of a pool has no effect (API reference of 2025)."""
        newer = self.form.newer.get("pool_name")
        return bool(newer and newer.text) or self.pool_is_overridden

    @property
    def struck(self) -> str:
        """The controls that have no effect, by their names."""
        idle = list(NETWORK) if self.vpc_is_idle else []
        idle += ["cluster_id"] if self.id_is_idle else []
        idle += ["pool_name"] if self.pool_is_overridden and self.form.newer else []
        return " ".join(idle)

    @property
    def clear_words(self) -> str:
        many = sum(bool(self.form.fields[key].text) for key in NETWORK)
        return {1: "Clear it", 2: "Clear both"}.get(many, "Clear the three")

    @property
    def has_network(self) -> bool:
        newer = self.form.newer.get("pool_name")
        return bool(newer and newer.text) or any(self.form.fields[key].text for key in (*NETWORK, "cluster_id"))

    @property
    def has_schedule(self) -> bool:
        return "schedule" in self.doc["fields"] or any(control.text for control in self.form.schedule.values())

    # -- side

    @cached_property
    def last_version(self) -> Version | None:
        """The version the body is compared with: the latest that was asked for."""
        number = self.deployment.version_number
        return self.deployment.versions.filter(number=number).first() if number else None

    @cached_property
    def body(self) -> SafeString:
        before = json.loads(self.last_version.payload) if self.last_version else None
        return body_view.drawn(self.checked.body, before)

    @cached_property
    def preflight(self) -> Place:
        """The checks against the cloud, and whether they are about the text as it is typed now."""
        row, text = preflight.newest(self.deployment), self.checked.payload
        print_ = payloads.fingerprint(text) if text else ""
        return Place(self.deployment, self.person, row, print_, doc=self.doc, where="edit")

    @cached_property
    def deciders(self) -> str:
        return permissions.names_of_deciders(self.deployment)

    @property
    def next_step(self) -> str:
        return "ask again" if self.deployment.state in (State.IN_REVIEW, State.APPROVED) else "ask for review"

    @property
    def facts(self) -> list[tuple[str, str]]:
        form, target = self.form, self.deployment.target
        """What the draft says, in a few lines, for the side."""
        found = [
            ("Target", f"{target.name}, {target.project_name or target.region or target.project_id}"),
            ("Type", form.fields["infer_type"].text or "not chosen"),
            ("Models", str(len(form.rows))),
            ("Capacity", capacity(form.rows)),
        ]
        if self.pool:
            found.append(("Pool", self.pool_name or self.pool))
        if vpc := form.fields["vpc_id"].text:
            stand = form.fields["vpc_id"].stand
            found.append(
                ("Network", "of the pool" if self.vpc_is_idle else stand.name if stand and stand.name else vpc)
            )
        if not form.is_batch:
            found.append(("Auto-stop", auto_stop(form)))
        return found


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
