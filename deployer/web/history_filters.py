"""The filters of the list of deployments; its exports take the same ones."""

import re
from collections.abc import Iterator

from django import forms
from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, FilterSet, MultipleChoiceFilter

from deployer.domain.lifecycle import State
from deployer.models import Deployment, ModelShare, Person, Target, Version
from deployer.web import numbers, waiting
from deployer.web.filters import Filters, days, named, search_box

STATES = [
    (State.DRAFT.value, "Draft"),
    (State.IN_REVIEW.value, "In review"),
    (State.CHANGES_REQUESTED.value, "Changes requested"),
    (State.APPROVED.value, "Approved"),
    (State.SUBMITTED.value, "Submitted"),
    (State.CLOSED.value, "Closed"),
]
ONLY = [("mine", "Mine"), ("waiting", "Waits for me"), ("moving", "In flight")]


class _Deployments(FilterSet):
    """Every deployment, drafts included."""

    q = CharFilter(method="search", max_length=200, widget=search_box("name, number, model, fingerprint"))
    state = MultipleChoiceFilter(
        choices=STATES,
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "No state is named %(value)s."},
    )
    target = named(Target, "name", "Target")
    author = named(Person, "username", "Author")
    kind = ChoiceFilter(
        choices=Deployment.Kind.choices,
        empty_label="Kind: any",
        error_messages={"invalid_choice": "No kind is named %(value)s."},
        widget=forms.Select(attrs={"class": "control", "aria-label": "Kind"}),
    )
    model = CharFilter(
        method="uses", max_length=200, label="Model id", widget=forms.TextInput(attrs={"class": "control mono"})
    )
    only = ChoiceFilter(
        choices=ONLY,
        method="narrow",
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "No list is named %(value)s."},
    )

    class Meta:
        model = Deployment
        fields: list[str] = []
        form = Filters

    def uses(self, queryset: QuerySet, _: str, model_id: str) -> QuerySet:
        """This exact model in any version, by the index on model ids."""
        return queryset.filter(pk__in=using(model_id))

    def narrow(self, queryset: QuerySet, _: str, only: str) -> QuerySet:
        person = self.request.user
        if only == "mine":
            return queryset.filter(author=person)
        chosen = waiting.waiting_for(person) if only == "waiting" else waiting.in_flight()
        return queryset.filter(pk__in=chosen.values("pk"))

    def search(self, queryset: QuerySet, _: str, text: str) -> QuerySet:
        first, *others = answers_to(text)
        return queryset.filter(pk__in=first.union(*others, all=True) if others else first)


def answers_to(text: str) -> Iterator[QuerySet]:
    """Where one box may lead: part of a name, a number, a model id, the beginning of a fingerprint.

    Each is a question to one index that holds all it needs. Part of a name reads the index of names from end to
    end and no row; the others jump. Keys only, so that the list then fetches just the rows of one page.
    """
    yield Deployment.objects.filter(service_name__icontains=text).order_by().values("pk")
    number = numbers.whole(text)
    if number is not None:
        yield Deployment.objects.filter(pk=number).order_by().values("pk")
    yield using(text)
    digits = text.replace(" ", "").lower()
    if re.fullmatch(r"[0-9a-f]{8,64}", digits):
        # "g" follows every hex digit in any collation, so this is the prefix as a range, which any index answers.
        prints = Version.objects.filter(fingerprint__gte=digits, fingerprint__lt=digits + "g")
        yield prints.order_by().values("deployment")


def using(model_id: str) -> QuerySet:
    return ModelShare.objects.filter(model_id=model_id).order_by().values("version__deployment")


DeploymentFilter = type(_Deployments)("DeploymentFilter", (_Deployments,), days("created_at"))
