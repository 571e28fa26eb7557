"""Freezes on the pages: what is frozen where, and the two forms, to begin one and to lift one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from deployer.domain.problems import BLOCK, Problem
from deployer.models import Freeze, Target
from deployer.web import in_flight
from deployer.web.frozen import in_words
from deployer.web.moments import MomentField
from deployer.web.move_forms import Comment
from deployer.workflow import freezing
from deployer.workflow.errors import HasProblems, MovedOn

UNPRINTABLE = "The reason holds a character that cannot be stored."
GOES = "goes out now, or when its time comes."


class FreezeForm(forms.Form):
    """Where, why, until when."""

    target = forms.ModelChoiceField(
        Target.objects.all(),
        to_field_name="name",
        required=False,
        error_messages={"invalid_choice": "There is no target of this name."},
    )
    reason = Comment(required=False, error_messages={"null_characters_not_allowed": UNPRINTABLE})
    ends_at = MomentField()

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["ends_at"].zone = data.get("ends_at_zone", "")


class LiftForm(forms.Form):
    """Why it may go on."""

    reason = Comment(required=False, error_messages={"null_characters_not_allowed": UNPRINTABLE})


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    freezing.must_allow(request.user)
    form = FreezeForm(request.POST)
    try:
        must_be_readable(form)
        given = form.cleaned_data
        freeze = freezing.begin(given["target"], given["reason"], given["ends_at"], request.user)
    except MovedOn as news:
        return in_flight.show(request, status=409, moved_on=str(news), freeze_typed=request.POST)
    except HasProblems as refused:
        return in_flight.show(request, status=422, freeze_problems=refused.problems, freeze_typed=request.POST)
    messages.success(request, f"Sending to {freezing.place_of(freeze)} is frozen {freezing.until(freeze)}.")
    return redirect("in-flight")


@require_POST
def lift(request: HttpRequest, key: int) -> HttpResponse:
    freezing.must_allow(request.user)
    freeze = get_object_or_404(Freeze.objects.select_related("target"), pk=key)
    form = LiftForm(request.POST)
    try:
        must_be_readable(form)
        freezing.lift(freeze, request.user, form.cleaned_data["reason"])
    except MovedOn as news:
        return in_flight.show(request, status=409, moved_on=str(news), kept=request.POST.get("reason", ""))
    except HasProblems as refused:
        return in_flight.show(request, status=422, lift_problems={key: refused.problems}, lift_typed=request.POST)
    messages.success(request, told_of_lifting(freeze))
    return redirect("in-flight")


def told_of_lifting(freeze: Freeze) -> str:
    """What goes on now, and what is held still by freezes beside this one. One query."""
    others = freezing.every_in_force()
    if freeze.target and any(one.target is None for one in others):
        return f"The freeze of {freeze.target.name} is lifted. Sending to all targets is frozen still."
    if others and freeze.target is None:
        names = ", ".join(freezing.place_of(one) for one in others)
        return f"Sending goes on, but not to {names}: that is frozen still. What was held elsewhere {GOES}"
    return f"{in_words(freeze)} goes on. What was held {GOES}"


def must_be_readable(form: forms.Form) -> None:
    found = [Problem(name, BLOCK, message) for name, said in form.errors.items() for message in said]
    if found:
        raise HasProblems(found)
