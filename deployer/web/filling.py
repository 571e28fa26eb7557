"""A batch job's fields from its model's definition: only empty ones are set, typed ones are replaced when asked for.

What was replaced can be put back: it is kept in the person's session until the draft is saved on purpose.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from deployer.domain import definitions
from deployer.domain.tables import ENTRY
from deployer.models import CatalogEntry, Deployment
from deployer.models.catalog import Kind
from deployer.web.row_acts import CannotDo, Doc, Done, position
from deployer.workflow import catalog
from deployer.workflow.permissions import listed

FIELDS = ("req_uri", "mapping_type", "mapping_rule")
ABSENT = "absent"


@dataclass(frozen=True)
class Plan:
    """What a definition says these fields should be, and what it leaves open."""

    values: Mapping[str, Any]
    uris: tuple[str, ...]
    takes_input: bool

    def empty(self, fields: Mapping[str, Any]) -> list[str]:
        return [name for name in self.values if fields.get(name, "") == ""]

    def differing(self, fields: Mapping[str, Any]) -> list[str]:
        return [name for name, value in self.values.items() if fields.get(name, "") not in ("", value)]

    @property
    def must_choose(self) -> bool:
        return not self.values and len(self.uris) > 1


def plan(detail: Mapping[str, Any], fields: Mapping[str, Any], *, over: bool = True) -> Plan:
    """What follows from a definition. Of several addresses the typed one counts, else somebody chooses.

    Unless `over`, a typed mapping type stays, and a rule follows only where it is one request per row.
    """
    uris = tuple(definitions.request_uris(detail))
    typed = fields.get("req_uri", "")
    uri = typed if typed in uris else uris[0] if len(uris) == 1 else None
    if uri is None:
        return Plan({}, uris, takes_input=True)
    values: dict[str, Any] = {"req_uri": uri}
    kinds = definitions.mapping_types(detail, uri)
    if kinds:
        values["mapping_type"] = kinds[0]
    kept = "" if over else fields.get("mapping_type", "")
    if (kept or values.get("mapping_type")) == "csv":
        rule = definitions.mapping_rule(definitions.schema_of(detail, uri))
        values |= {"mapping_rule": rule} if rule else {}
    return Plan(values, uris, takes_input=bool(kinds))


# -- acts of the row's buttons


def fill(deployment: Deployment, doc: Doc, key: str, *, over: bool = False) -> Done:
    """Set what is empty (with `over`: whatever differs, too) from the definition of the row's model.

    A definition nobody has read yet is asked for; then the row says so, and the button is pressed again when it is
    there. Raises CannotDo where there is none to expect.
    """
    at = position(doc, key)
    fields = doc["rows"][at].get("fields", {})
    entry = entry_of(deployment, fields.get("model_id", ""))
    focus = f"config-{at}-model_id"
    if not entry.detail_at:
        catalog.ask_detail(entry)
        return Done(focus, reading=key)
    if trouble(entry):
        catalog.ask_detail(entry)
        raise CannotDo(f"{trouble(entry)} Press it again in a moment, or type the fields.")
    found = plan(entry.more, fields, over=over)
    if not found.uris:
        raise CannotDo(f"The definition of {entry} names no request URI. Type the fields.")
    if found.must_choose:
        return Done(f"config-{at}-req_uri", words=f"{entry} has {len(found.uris)} request URIs. Choose one.")
    names = found.empty(fields) + (found.differing(fields) if over else [])
    done = Done(focus, words=said(entry, names, found))
    done.filled = {
        name: {"before": fields.get(name, ABSENT), "absent": name not in fields, "after": found.values[name]}
        for name in names
    }
    fields.update({name: found.values[name] for name in names})
    return done


def trouble(entry: CatalogEntry) -> str:
    """Why the definition could not be read, in words; empty when it was."""
    more = entry.more
    if more.get("too_large"):
        return f"The definition of {entry} is too large to be kept."
    why = more.get("problem")
    return f"The definition of {entry} could not be read: {why}" if isinstance(why, str) and why else ""


def said(entry: CatalogEntry, names: list[str], found: Plan) -> str:
    if not found.takes_input:
        return f"The definition of {entry} names no input: a batch job of it fails."
    if not names:
        return f"Nothing was empty. Nothing changed by the definition of {entry}."
    return f"{capital(listed([ENTRY[name] for name in names]))} set from the definition of {entry}."


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def unfill(doc: Doc, key: str, filled: Mapping[str, Any]) -> Done:
    """Take the last filling back, where nobody typed over it since."""
    at = position(doc, key)
    fields = doc["rows"][at]["fields"]
    for name, one in filled.items():
        if not same(fields.get(name, ""), one["after"]):
            continue
        if one["absent"]:
            fields.pop(name, None)
        else:
            fields[name] = one["before"]
    return Done(f"config-{at}-model_id", words="As it was typed before.")


def entry_of(deployment: Deployment, model_id: object) -> CatalogEntry:
    """The row's model as listed, or CannotDo."""
    if not isinstance(model_id, str) or not model_id:
        raise CannotDo("Choose a model first. Its definition names request URI and mapping.")
    rows = CatalogEntry.objects.filter(target=deployment.target, kind=Kind.MODEL, part="", key=model_id)
    entry = rows.first()
    if entry is None:
        raise CannotDo("This model is not in the list, so its definition is not known. Type the fields.")
    return entry


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


# -- what was filled, to be taken back


def key_of(deployment: Deployment) -> str:
    return f"filled-{deployment.pk}"


def of(request: HttpRequest, deployment: Deployment) -> dict[str, Any]:
    """What the last filling of each row changed, by the row's key."""
    return request.session.get(key_of(deployment), {})


def note(request: HttpRequest, deployment: Deployment, key: str, filled: Mapping[str, Any]) -> None:
    request.session[key_of(deployment)] = {**of(request, deployment), key: dict(filled)}


def forget(request: HttpRequest, deployment: Deployment, key: str) -> None:
    entries = of(request, deployment)
    if key in entries:
        request.session[key_of(deployment)] = {one: entries[one] for one in entries if one != key}
