"""What the typed ids of a draft stand for, as last seen: two queries for all of its controls, however many.

A third one, for its name, where a subnet or a group lies in another VPC than the one that is typed.
"""

from datetime import datetime

from deployer.domain import choosing
from deployer.domain.tables import BATCH, REAL_TIME
from deployer.models import CatalogEntry, Target
from deployer.models.catalog import Kind
from deployer.web.controls import Control, Stand, field_of
from deployer.web.form_view import FormView
from deployer.web.offering import PARTS
from deployer.web.times import moment
from deployer.workflow import catalog

LONGEST = 200  # characters of an id that the catalog can know

Found = dict[tuple[str, str], list[CatalogEntry]]


def place(form: FormView, target: Target) -> Found:
    """Tell each control what its text stands for; gives the entries found, by kind and id."""
    asked = [control for control in form.picked if control.picks != "uri" and is_id(control)]
    if not asked:
        return {}
    seen = {row.kind: row.seen_at for row in catalog.lists(target)}
    found = entries(target, asked, with_detail=form.shows_data)
    vpc = form.fields["vpc_id"].text
    found |= owners(target, found, vpc)
    for control in asked:
        one = chosen(found.get((control.picks, control.text), []), control, form.infer_type)
        control.stand = stand(one, seen.get(control.picks), str(form.infer_type or ""), vpc, found)
    return found


def is_id(control: Control) -> bool:
    text = control.text
    return 0 < len(text) <= LONGEST and text.isprintable() and not control.odd


def entries(target: Target, asked: list[Control], *, with_detail: bool) -> Found:
    """One query by the unique key: every part is named, so that the index leads to each id."""
    rows = CatalogEntry.objects.filter(
        target=target,
        kind__in={control.picks for control in asked},
        part__in=["", REAL_TIME, BATCH, *PARTS.values()],
        key__in={control.text for control in asked},
    ).defer("words", *([] if with_detail else ["detail"]))
    found: Found = {}
    for row in rows.order_by():
        found.setdefault((row.kind, row.key), []).append(row)
    return found


def owners(target: Target, found: Found, vpc: str) -> Found:
    """The VPCs that what is typed lies in, where they are not the one that is typed."""
    placed = [row for rows in found.values() for row in rows if row.kind in (Kind.SUBNET, Kind.SECURITY_GROUP)]
    others = {row.parent for row in placed} - {"", vpc} if vpc else set()
    rows = CatalogEntry.objects.of(target, Kind.VPC).filter(key__in=others) if others else ()
    return {(Kind.VPC.value, row.key): [row] for row in rows}


def chosen(rows: list[CatalogEntry], control: Control, infer_type: object) -> CatalogEntry | None:
    """Of equal ids the one that is meant: of this inference type, of this kind of pool."""
    part = infer_type if control.picks == Kind.SPECIFICATION else PARTS.get(field_of(control.id), "")
    return next((row for row in rows if row.part == part), rows[0] if rows else None)


def stand(row: CatalogEntry | None, seen_at: datetime | None, infer_type: str, vpc: str, found: Found) -> Stand | None:
    if row is None:
        return Stand(f"Not in the list of {moment(seen_at)}. Is it right?") if seen_at else None
    facts = row.said
    name = choosing.label(row.kind, row.key, row.name, row.version, facts)
    why = choosing.why_not(row.kind, row.status, facts, infer_type=infer_type) or of_other_type(row, infer_type)
    why = why or choosing.caution(row.kind, facts) or of_other_vpc(row, vpc, found)
    if why:
        return Stand(f"{name}: {why}", "warn", name)
    state = choosing.standing(row.kind, row.status, facts)
    words = f"{name}, {state}" if state else name
    return Stand(words, name=name) if words != row.key else None


def of_other_type(row: CatalogEntry, infer_type: str) -> str:
    """A flavor that is listed for the other inference type alone."""
    other = row.kind == Kind.SPECIFICATION and infer_type in (REAL_TIME, BATCH) and row.part != infer_type
    return f"is for {row.part} only" if other else ""


def of_other_vpc(row: CatalogEntry, vpc: str, found: Found) -> str:
    if row.kind not in (Kind.SUBNET, Kind.SECURITY_GROUP) or not (vpc and row.parent) or row.parent == vpc:
        return ""
    owner = next(iter(found.get((Kind.VPC.value, row.parent), [])), None)
    return f"belongs to another VPC, {owner or row.parent}"
