"""One target being written down: what the page shows of it, whatever button was pressed."""

import copy
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from deployer.domain.problems import BLOCK, Problem
from deployer.domain.regions import REGIONS, is_from_table, region_called
from deployer.models import Enquiry, Person, Target
from deployer.web import asked, target_form, targets, zone
from deployer.web.controls import Control, options_for
from deployer.web.figures import counted
from deployer.web.target_form import ENDPOINTS, TargetForm
from deployer.web.target_merge import WAS, merged
from deployer.workflow import targets as verbs
from deployer.workflow.permissions import listed
from deployer.workflow.target_rules import of_policy, of_times


class Editing:
    """The page of a target that is new (`target` is None) or changes, with what was typed so far."""

    def __init__(self, request: HttpRequest, target: Target | None) -> None:
        self.request, self.target = request, target
        self.here = reverse("target-edit", args=[target.name]) if target else reverse("target-new")
        self.seen = verbs.mark(target) if target else verbs.NONE_YET
        self.now = target_form.texts_of(target or target_form.fresh())
        self.form = TargetForm(self.posted()) if request.method == "POST" else None
        self.texts = target_form.texts_typed(self.form.data) if self.form else dict(self.now)
        self.problems: list[Problem] = []
        self.refusals: list[Problem] = []  # why a question cannot be put yet
        self.conflict = self.filled = ""
        self.test = self.asked_before("test", Enquiry.Kind.CONNECTION)
        self.found = self.asked_before("projects", Enquiry.Kind.PROJECTS)

    def posted(self) -> Any:
        """The name of a target that is there stays, whatever is posted."""
        post = self.request.POST.copy()
        if self.target:
            post["name"] = self.target.name
        return post

    def asked_before(self, what: str, kind: str) -> asked.Question | None:
        return asked.mine(self.request.user, self.request.POST.get(f"asked-{what}", ""), kind)

    # What would follow
    @property
    def wanted(self) -> Target:
        """The target as typed, as far as it can be read. In memory."""
        present = copy.copy(self.target) if self.target else target_form.fresh()
        if self.form is None:
            return present
        self.form.is_valid()
        return verbs.typed_over(present, **self.form.facts())

    @property
    def effect(self) -> verbs.Effect:
        return verbs.foresee(self.target, self.wanted) if self.target else verbs.Effect()

    def is_agreed(self, effect: verbs.Effect) -> bool:
        return not effect.is_felt or self.request.POST.get("agreed") == effect.mark

    # What buttons do to the texts
    def fill(self, *, all_of_them: bool) -> None:
        """The endpoints of the chosen region. Unasked, what somebody typed themselves stays."""
        region = region_called(self.texts["region"])
        if region is None:
            named = self.texts["region"].strip()[:64]
            self.filled = (
                f"The endpoints of {named} are not known here. Type them." if named else "Choose a region first."
            )
            return
        for name, address in region.endpoints.items():
            present = self.texts[name].strip()
            if all_of_them or not present or is_from_table(name, present):
                self.texts[name] = address
        kept = [name for name in ENDPOINTS if self.texts[name] != region.endpoints[name]]
        self.filled = f"Filled in for {region.name}, {region.vendor}." if not kept else "What you typed yourself stays."
        self.read_again()

    def use_project(self, key: str) -> None:
        """A project out of the answer that was found."""
        for project in self.found.projects if self.found else []:
            if project["id"] == key:
                self.texts |= {"project_id": key[:64], "project_name": str(project.get("name") or "")[:64]}
        self.read_again()

    def read_again(self) -> None:
        """The form over the texts as they are now, with the secrets as posted."""
        post = self.posted()
        for name, text in self.texts.items():
            if name not in target_form.SECRETS:
                post[name] = text
        self.form = TargetForm(post)

    def moved_on(self, why: str) -> None:
        """Somebody changed it meanwhile: what they touched is shown, and what was typed here is kept."""
        self.conflict = why
        self.texts, self.problems = merged(self.request.POST, self.texts, self.now)
        self.read_again()

    # For the template
    def context(self) -> dict[str, Any]:
        effect = self.effect
        at = {name: Control(name, text, self.at(name)) for name, text in self.texts.items()}
        edition = options_for(self.texts["edition"], target_form.EDITION_WORDS)
        return {
            "editing": self,
            "target": self.target,
            "at": at,
            "was": [(WAS + name, text) for name, text in self.now.items() if name not in target_form.SECRETS],
            "summary": [{"message": one.message, "anchor": one.path} for one in self.problems if one.severity == BLOCK],
            "effect": effect,
            "effect_words": effect_words(effect),
            "agreed": self.is_agreed(effect) and effect.is_felt,
            "at_agreed": self.at("agreed"),
            "effect_short": "takes approvals back" if effect.is_felt else "keeps approvals",
            "policy": [] if of_policy(self.wanted) or of_times(self.wanted) else targets.policy(self.wanted),
            "unmet": never_met(self.wanted),
            "secret_again": bool(self.request.POST.get("secret") or self.request.POST.get("security_token")),
            "regions": REGIONS.values(),
            "example_address": REGIONS["eu-de"].address_of("modelarts"),
            "editions": edition,
            "logins": target_form.LOGINS,
            "preflights": target_form.PREFLIGHTS,
            "senders": target_form.SENDERS,
            "resenders": target_form.RESENDERS,
            "zones": zone.offered(),
            "test": self.test,
            "found": self.found,
            "has_secret": bool(self.target and self.target.secret),
            "has_token": bool(self.target and self.target.security_token),
        }

    def at(self, name: str) -> list[Problem]:
        return [problem for problem in self.problems if problem.path == name]


def never_met(target: Target) -> str:
    """A warning where fewer people may approve than must; somebody may still get the role."""
    many = Person.objects.filter(is_active=True, groups__name="approver").count()
    if of_policy(target) or many >= target.approvals:
        return ""
    return f"This can never be met now: {target.approvals} must approve, {counted(many, 'person,people')} may."


def effect_words(effect: verbs.Effect) -> list[str]:
    """What saving does to work that is under way, a sentence for each kind."""
    found = []
    if effect.back:
        many = counted(len(effect.back), "approved deployment goes,approved deployments go")
        found.append(f"{many} back to review: {numbers(effect.back)}.")
    if effect.losing:
        many = counted(len(effect.losing), "deployment in review loses its approvals,deployments in review lose theirs")
        found.append(f"{many}: {numbers(effect.losing)}.")
    if effect.unsent:
        many = counted(len(effect.unsent), "deployment waits to be sent and is,deployments wait to be sent and are")
        found.append(f"{many} not sent: {numbers(effect.unsent)}.")
    return found


def numbers(found: Any) -> str:
    return listed([str(number) for number in found])
