"""The form of a target: text to values, with problems in our words. What a target must be like is in the workflow."""

from typing import Any

from django import forms
from django.conf import settings

from deployer.domain import windows
from deployer.domain.editions import DEFAULT, EDITIONS
from deployer.domain.problems import BLOCK, Problem
from deployer.modelarts.address import BadAddress, check_endpoint
from deployer.models import Target

ENDPOINTS = ("endpoint", "iam_endpoint", "vpc_endpoint")
SECRETS = ("secret", "security_token")  # taken in, never given back
UNPRINTABLE = "It holds a character that cannot be stored."
TOO_LONG = "It is longer than any secret is."
A_NUMBER = "Write a whole number."
FIT_FOR_A_COLUMN = 2_147_483_647


class Line(forms.CharField):
    """One line of text; what is too long is said by the workflow."""

    def __init__(self, words: str = "", **options: Any) -> None:
        messages = {"required": words, "null_characters_not_allowed": UNPRINTABLE, "max_length": TOO_LONG}
        super().__init__(required=bool(words), error_messages=messages, **options)


class Whole(forms.IntegerField):
    """A whole number; the range that makes sense is the workflow's, this one is the column's."""

    def __init__(self, words: str = "") -> None:
        messages = {"required": words, "invalid": A_NUMBER, "min_value": A_NUMBER, "max_value": "This is too much."}
        super().__init__(required=bool(words), min_value=0, max_value=FIT_FOR_A_COLUMN, error_messages=messages)


class TargetForm(forms.Form):
    """Every column of a target that people choose, and the secrets as typed."""

    name = Line("Give the target a name: prod, or dev-eu.")
    edition = Line("Choose the edition of the API.")
    region = Line()
    endpoint = Line("Say where ModelArts answers: https://modelarts.eu-de.otc.t-systems.com.")
    iam_endpoint = Line("Say where IAM answers: https://iam.eu-de.otc.t-systems.com.")
    vpc_endpoint = Line()
    project_id = Line("Say which project: its id, as the console shows it under My Credentials.")
    project_name = Line()
    workspace_id = Line()
    login = Line("Choose how to log in.")
    username = Line()
    domain_name = Line()
    access_key = Line()
    secret = Line(strip=False, max_length=4096)
    security_token = Line(max_length=16384)
    approvals = Whole("Say how many must approve.")
    approval_hours = Whole()
    revives = forms.BooleanField(required=False)
    submits_itself = forms.BooleanField(required=False)
    preflight = Line("Choose what a preflight is for.")
    quiet_seconds = Whole("Say how long a lost answer is looked for.")
    resends_itself = forms.BooleanField(required=False)
    windows = Line()
    zone = Line(empty_value="UTC")
    most_calls = Whole("Say how many calls may be out at once.")

    def clean_endpoint(self) -> str:
        return checked(self.cleaned_data["endpoint"])

    def clean_iam_endpoint(self) -> str:
        return checked(self.cleaned_data["iam_endpoint"])

    def clean_vpc_endpoint(self) -> str:
        return checked(self.cleaned_data["vpc_endpoint"])

    def clean_windows(self) -> str:
        """As they are said back; what cannot be read is judged by the workflow, as it was typed."""
        try:
            return str(windows.parse(self.cleaned_data["windows"]))
        except ValueError:
            return self.cleaned_data["windows"]

    def clean(self) -> dict[str, Any]:
        """Only what belongs to the chosen login is kept: the other login's boxes are out of sight."""
        given = super().clean() or {}
        if given.get("login") == Target.Login.KEYS:
            given |= {"username": "", "domain_name": ""}
        elif given.get("login") == Target.Login.PASSWORD:
            given |= {"access_key": "", "security_token": ""}
        return given

    def problems(self) -> list[Problem]:
        return [Problem(name, BLOCK, message) for name, found in self.errors.items() for message in found]

    def facts(self) -> dict[str, Any]:
        """The columns that could be read; the name and the secrets are told apart from them."""
        given = self.cleaned_data
        return {name: given[name] for name in self.fields if name in given and name not in ("name", *SECRETS)}

    def secrets(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in SECRETS}


def checked(address: str) -> str:
    """The address if it may be called. Asks no DNS; each connection checks again where the name leads."""
    if not address:
        return ""
    try:
        allowed = tuple(settings.ALLOWED_CLOUD_HOSTS)
        check_endpoint(address, local_allowed=settings.ALLOW_LOCAL_TARGETS, allowed_hosts=allowed)
    except BadAddress as error:
        raise forms.ValidationError(error.message) from None
    return address.rstrip("/")


def texts_of(target: Target) -> dict[str, str]:
    """What the boxes hold before somebody types: the target as it is, its secrets left out."""
    texts = {}
    for name in TargetForm.base_fields:
        value = "" if name in SECRETS else getattr(target, name)
        texts[name] = "" if value is None or value is False else "on" if value is True else str(value)
    return texts


def texts_typed(post: Any) -> dict[str, str]:
    """What was typed, without the secrets: they are never sent back."""
    return {name: "" if name in SECRETS else post.get(name, "") for name in TargetForm.base_fields}


def fresh() -> Target:
    """A target nobody has typed yet, with what is sensible to begin with."""
    return Target(edition=DEFAULT, region="")


EDITION_WORDS = [(edition.name, f"{edition.name}: {edition.title}") for edition in EDITIONS.values()]
LOGINS = [("password", "User and password"), ("keys", "Access key and secret key")]
PREFLIGHTS = [("advise", "only advises"), ("required", "must pass before an approval")]
SENDERS = [("", "its author or an operator sends it"), ("on", "it is sent at once")]
RESENDERS = [("", "a person decides"), ("on", "it is sent again by itself, once")]
LABELS = {
    "name": "Name",
    "edition": "API edition",
    "region": "Region",
    "endpoint": "ModelArts",
    "iam_endpoint": "IAM",
    "vpc_endpoint": "VPC",
    "project_id": "Project id",
    "project_name": "Project",
    "workspace_id": "Workspace",
    "login": "Signs in with",
    "username": "User",
    "domain_name": "Domain",
    "access_key": "Access key",
    "secret": "Secret",
    "security_token": "Security token",
    "approvals": "Approvals",
    "approval_hours": "An approval lapses after",
    "revives": "Same text again",
    "submits_itself": "Once approved",
    "preflight": "Preflight",
    "quiet_seconds": "A lost answer is looked for",
    "resends_itself": "Not found by then",
    "windows": "Sent within",
    "zone": "Time zone",
    "most_calls": "Calls at once",
}
