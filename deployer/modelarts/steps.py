"""The steps of a connection test, and what each kind of trouble means to a person."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "failed", "skipped"]

# The steps in their order; the words are headings.
TITLES = {
    "iam_address": "Address of IAM",
    "iam": "IAM answers",
    "login": "Log in",
    "project": "Project",
    "modelarts": "ModelArts answers",
    "services": "May list services",
}

# Cause: what happened, the way out. {host} is whom we asked.
_WORDS = {
    "address": ("The address cannot be used.", "Correct it, or ask an administrator to allow it."),
    "dns": ("The name {host} is not known here.", "Look for a typing error, or ask for the DNS of this machine."),
    "refused": ("Nothing listens at {host}.", "Check address and port. A firewall may refuse too."),
    "timeout": (
        "{host} could not be reached in time.",
        "A firewall or a missing route may be in the way. Ask for outgoing HTTPS to this host.",
    ),
    "read_timeout": (
        "{host} was reached, and did not answer in time.",
        "Test again. If it stays so, ask the cloud's support.",
    ),
    "tls": (
        "{host} could not prove who it is.",
        "Check the address. If it is right, look at its certificate and at the CA bundle of this machine.",
    ),
    "proxy": (
        "The proxy did not let us through to {host}.",
        "Look at HTTPS_PROXY and NO_PROXY, and at the rules of the proxy.",
    ),
    "request": (
        "The request could not be written.",
        "Enter the credentials again. One of them may hold a line break or odd letters.",
    ),
    "credentials": ("{host} does not accept the credentials.", "Enter user, domain and password again."),
    "keys": (
        "{host} does not accept the access key.",
        "Enter key and secret key again, and check the clock of this machine: 15 minutes off is too much.",
    ),
    "project": ("The login is not for this project.", "Choose another project id, or the region the id belongs to."),
    "permission": (
        "The login is right, but it may not list services.",
        "Ask the account's administrator for the permission modelarts:service:list.",
    ),
    "agency": (
        "ModelArts may not act for this account yet.",
        "Set up its agency in the ModelArts console, under authorization.",
    ),
    "not_iam": ("What answers at {host} is no IAM.", "It looks like https://iam.eu-de.otc.t-systems.com."),
    "not_modelarts": (
        "What answers at {host} is no ModelArts.",
        "It looks like https://modelarts.eu-de.otc.t-systems.com.",
    ),
    "redirect": (
        "{host} points to another address, which is never followed.",
        "Enter the address of the service itself, not that of a console or a web page.",
    ),
    "fault": ("{host} is in trouble.", "Test again in a few minutes."),
    "busy": ("{host} asked us to wait.", "Test again in a minute."),
    "broken": (
        "The answer of {host} broke off, or could not be read.",
        "Test again. If it stays so, something between here and there may be cutting lines.",
    ),
    "rejected": ("{host} rejected the call.", "Its own words say why."),
}
CAUSES = frozenset(_WORDS)


@dataclass(frozen=True)
class Step:
    """What one step of the test found. `cause` is a word of CAUSES, empty unless it failed; time in ms, if it ran."""

    name: str
    state: State
    cause: str = ""
    words: str = ""
    way_out: str = ""
    milliseconds: int | None = None

    @property
    def title(self) -> str:
        return TITLES[self.name]


def ok(name: str, words: str) -> Step:
    """A step that went well."""
    return Step(name, "ok", words=words)


def skipped(name: str, words: str) -> Step:
    """A step that was not tried, and why."""
    return Step(name, "skipped", words=words)


def failed(name: str, cause: str, host: str, *, words: str = "", way_out: str = "") -> Step:
    """A step that failed, in the words of its cause unless there are better ones."""
    happened, way = _WORDS[cause]
    return Step(name, "failed", cause, words or happened.format(host=host), way_out or way)
