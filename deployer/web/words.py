"""What an event says, in words. The rows hold data; the sentence people read is made here, when it is shown.

A title is what somebody did ("approved version 3"): the page puts the name before it, `DEPLOYER` for the system.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from deployer.models import Event
from deployer.web import times

DEPLOYER = "Deployer"


class Sentence(NamedTuple):
    """An icon of the sprite, a tone (or none), what was done, and more about it (or nothing)."""

    icon: str
    tone: str
    title: str
    detail: str


Facts = dict[str, Any]
Words = str | Callable[[Facts], str]


def sentence(event: Event) -> Sentence:
    """The words for one event. An action we do not know is shown as it came."""
    icon, tone, title, detail = TABLE.get(event.action, ("info", "", event.action, ""))
    facts = event.facts
    told = detail(facts) if callable(detail) else detail
    return Sentence(icon, tone, title(facts) if callable(title) else title, joined(told, said(event)))


def who(event: Event) -> str:
    return event.by_name or event.by_key or DEPLOYER


def said(event: Event) -> str:
    """People are quoted; what Deployer noted is told as it is."""
    if not event.comment:
        return ""
    return f"“{event.comment}”" if event.by_key else event.comment


def joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def of_version(verb: str) -> Callable[[Facts], str]:
    def title(facts: Facts) -> str:
        number = facts.get("version")
        return f"{verb} version {number}" if number else f"{verb} it"

    return title


def copied(facts: Facts) -> str:
    source = facts.get("copied_from")
    return f"began a draft as a copy of {source}" if source else "began a draft as a copy"


def edited(facts: Facts) -> str:
    revision = part(facts, "after").get("revision")
    return f"saved the draft, revision {revision}" if revision else "saved the draft"


def led_back(facts: Facts) -> str:
    """An edit in review or after approval takes the deployment back to a draft."""
    before, after = part(facts, "before").get("state"), part(facts, "after").get("state")
    if before and after and before != after:
        return f"It was {STATES.get(before, before)} and is {STATES.get(after, after)} again."
    return ""


def complete(facts: Facts) -> str:
    needed = facts.get("needed")
    if not needed:
        return "counted enough approvals"
    return f"counted {needed} of {needed} approvals"


def sending(facts: Facts) -> str:
    attempt = facts.get("attempt")
    return f"began to send it, attempt {attempt}" if attempt else "began to send it"


def taken(facts: Facts) -> str:
    found = facts.get("by") == "look"
    return "found the service and took it as the outcome" if found else "heard that the cloud accepted it"


def checked(facts: Facts) -> str:
    verdict = {"pass": "it passed", "warn": "it passed with warnings", "block": "it is blocked"}
    number = facts.get("version")
    said = verdict.get(str(facts.get("verdict")), "the cloud could not be asked")
    return f"checked version {number} against the cloud: {said}" if number else f"checked it against the cloud: {said}"


def check_counts(facts: Facts) -> str:
    words = {"block": "blocking", "warn": "to be warned of", "pass": "passed"}
    parts = [f"{facts[name]} {word}" for name, word in words.items() if facts.get(name)]
    return f"{', '.join(parts)}." if parts else ""


def service_id(facts: Facts) -> str:
    found = facts.get("service_id")
    return f"Service {found}." if found else ""


def refused(facts: Facts) -> str:
    code = facts.get("code")
    return f"heard that the cloud refused it, {code}" if code else "heard that the cloud refused it"


def cloud_says(facts: Facts) -> str:
    after = facts.get("after")
    status = after.get("status") if isinstance(after, dict) else after
    return f"heard from the cloud: {status}" if status else "heard from the cloud"


def cloud_error(facts: Facts) -> str:
    return str(facts.get("error") or part(facts, "after").get("error_msg") or "")


def changed(facts: Facts) -> str:
    """Which facts are others now; the values stand under the event."""
    before, after = part(facts, "before"), part(facts, "after")
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return ("Changed: " + ", ".join(name.replace("_", " ") for name in names) + ".") if names and before else ""


def made_or_changed(noun: str) -> Callable[[Facts], str]:
    def title(facts: Facts) -> str:
        return f"changed the {noun}" if part(facts, "before") else f"made the {noun}"

    return title


def reason(facts: Facts) -> str:
    return str(facts.get("reason") or "")


def rotated(facts: Facts) -> str:
    lost = facts.get("cannot_be_opened") or []
    shut = f" No key opens those of {', '.join(map(str, lost))}." if lost else ""
    return f"Values: {facts.get('values', 0)}.{shut}"


def part(facts: Facts, name: str) -> Facts:
    value = facts.get(name)
    return value if isinstance(value, dict) else {}


def chosen_time(facts: Facts) -> str:
    at = part(facts, "after").get("at")
    return f"chose another time to send it, {moment_in(at)}" if at else "had it sent as soon as it may go"


def frozen(facts: Facts) -> str:
    return f"froze sending to {facts.get('place') or 'a target'}"


def lifted(facts: Facts) -> str:
    return f"lifted the freeze of {facts.get('place') or 'a target'}"


def ends(facts: Facts) -> str:
    at = facts.get("ends_at")
    return f"Until {moment_in(at)}." if at else "Until it is lifted."


def removed(facts: Facts) -> str:
    outcome = str(facts.get("outcome") or "")
    return {
        "deleted": "deleted the twin",
        "refused": "could not delete the twin",
        "unlike": "did not delete it: it is no twin",
    }.get(outcome, "ended the deletion of the twin")


def moment_in(text: Any) -> str:
    """A moment out of an event's data, on the reader's clock."""
    try:
        return times.when(datetime.fromisoformat(str(text)))
    except ValueError:
        return str(text)


STATES = {
    "draft": "a draft",
    "in_review": "in review",
    "changes_requested": "back with its authors",
    "approved": "approved",
    "submitted": "submitted",
    "closed": "closed",
}

TABLE: dict[str, tuple[str, str, Words, Words]] = {
    "created": ("plus", "", "began a draft", ""),
    "imported": ("upload", "", "began a draft from pasted text", ""),
    "copied": ("copy", "", copied, ""),
    "edited": ("pencil", "", edited, led_back),
    "review_asked": ("eye", "moving", of_version("asked for review of"), ""),
    "preflight_finished": ("shield-check", "", checked, check_counts),
    "approved": ("circle-check", "good", of_version("approved"), ""),
    "approval_complete": ("circle-check", "good", complete, ""),
    "changes_requested": ("corner-up-left", "warn", of_version("asked for changes to"), ""),
    "rejected": ("ban", "alarm", of_version("rejected"), ""),
    "withdrawn": ("undo-2", "", "withdrew it", ""),
    "submitted": ("send", "", of_version("submitted"), ""),
    "sending": ("send", "moving", sending, ""),
    "accepted": ("check", "good", taken, service_id),
    "refused": ("circle-minus", "alarm", refused, ""),
    "put_back": ("rotate-cw", "", "put it back in the line: nothing had left", ""),
    "answer_lost": ("circle-help", "warn", "lost the answer: the outcome is unknown", ""),
    "needs_person": ("circle-help", "alarm", "needs a person to decide", ""),
    "cancelled": ("circle-minus", "", "cancelled the sending", reason),
    "cancel": ("circle-minus", "", "cancelled the sending", ""),
    "send_again": ("rotate-cw", "warn", "had it sent again", ""),
    "give_up": ("circle-minus", "warn", "gave up looking for it", ""),
    "settle_as": ("check", "warn", "said which service it is", service_id),
    "rescheduled": ("clock", "", chosen_time, ""),
    "freeze_begun": ("snowflake", "warn", frozen, ends),
    "freeze_lifted": ("snowflake", "", lifted, ""),
    "twin_found": ("copy", "warn", "found a twin of its service", service_id),
    "effect_found": ("circle-help", "warn", "found that a lost call had made a service", service_id),
    "sent_again": ("rotate-cw", "warn", "sent it again by itself, as the target allows", ""),
    "removal_asked": ("trash-2", "warn", "asked to delete the twin", service_id),
    "removal_done": ("trash-2", "", removed, service_id),
    "cloud_status": ("server", "", cloud_says, cloud_error),
    "target_changed": ("target", "", made_or_changed("target"), changed),
    "person_changed": ("user-round", "", made_or_changed("person"), changed),
    "keys_rotated": ("key-round", "", "encrypted the secrets anew with the first key", rotated),
    "approval_stale": ("history", "warn", "found that its approval no longer counts", reason),
}
ACTIONS = {
    "created": "Draft begun",
    "imported": "Draft begun from text",
    "copied": "Draft begun as a copy",
    "edited": "Draft saved",
    "review_asked": "Review asked",
    "preflight_finished": "Preflight finished",
    "approved": "Approved",
    "approval_complete": "Approvals complete",
    "changes_requested": "Changes requested",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn",
    "submitted": "Submitted",
    "sending": "Sending begun",
    "accepted": "Accepted",
    "refused": "Refused",
    "put_back": "Put back in the line",
    "answer_lost": "Answer lost",
    "needs_person": "Person needed",
    "cancelled": "Cancelled by Deployer",
    "cancel": "Cancelled by hand",
    "send_again": "Sent again by hand",
    "give_up": "Given up by hand",
    "settle_as": "Settled by hand",
    "rescheduled": "Another time chosen",
    "freeze_begun": "Sending frozen",
    "freeze_lifted": "Freeze lifted",
    "twin_found": "Twin found",
    "effect_found": "Late effect found",
    "sent_again": "Sent again by itself",
    "removal_asked": "Deletion of a twin asked",
    "removal_done": "Deletion of a twin done",
    "cloud_status": "Heard from the cloud",
    "target_changed": "Target changed",
    "person_changed": "Person changed",
    "keys_rotated": "Keys rotated",
    "approval_stale": "Approval stale",
}
