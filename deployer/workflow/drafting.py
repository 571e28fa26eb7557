"""Beginning and writing drafts. Saving always succeeds, valid or not; only a row that moved on stops it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from deployer.domain import draft as drafts
from deployer.domain import reading
from deployer.domain.lifecycle import EDITABLE, WRITABLE, State
from deployer.models import Deployment, DraftRevision, Person, Target, Version
from deployer.workflow import history, permissions
from deployer.workflow.errors import MovedOn, NotAllowed
from deployer.workflow.locking import locked, moved_on

Doc = dict[str, Any]

KEPT_REVISIONS = 30  # of one draft: as far back as an open page may have begun and still be compared
KEPT_DAYS = 7


@dataclass(frozen=True)
class Saved:
    """What a save did: nothing, or one more revision."""

    deployment: Deployment
    changed: bool


def begin(target: Target, infer_type: str, *, by: Person) -> Deployment:
    """A new, empty draft. The target's workspace prefills the form."""
    return create(target, drafts.new(infer_type, target.workspace_id), by=by)


def begin_from_text(target: Target, text: str | bytes, *, by: Person) -> Deployment:
    """A new draft from a request as JSON text, problems and all.

    Raises domain.reading.Unreadable if it is no JSON object, domain.draft.TooMuch over the limits.
    """
    return create(target, drafts.from_body(reading.read_object(text)), by=by, action="imported")


def copy(source: Deployment, *, by: Person, version: Version | None = None) -> Deployment:
    """A new draft with the text of another deployment. Its words count as the copier's."""
    text = version.draft if version else source.draft
    return create(source.target, drafts.loads(text), by=by, action="copied", copied_from=source)


@transaction.atomic
def create(
    target: Target, doc: Doc, *, by: Person, action: str = "created", copied_from: Deployment | None = None
) -> Deployment:
    if "author" not in by.roles:
        raise NotAllowed("Only authors write deployments.")
    if copied_from:
        locked(copied_from)  # before the chain, since the new row points at it
    now = timezone.now()
    deployment = Deployment(
        target=target, author=by, copied_from=copied_from, created_at=now, updated_at=now, **columns(doc)
    )
    deployment.save()
    deployment.editors.add(by)
    keep_revision(deployment, by=by)
    facts = {"copied_from": copied_from.pk} if copied_from else {}
    history.write([history.Entry(action, by, deployment, data=facts)])
    return deployment


@transaction.atomic
def save(deployment: Deployment, doc: Doc, *, revision: int, by: Person, by_itself: bool = False) -> Saved:
    """Keep what was typed. A save that changes nothing makes no revision and no editor.

    `revision`: the one the text was typed into. Raises NotAllowed or MovedOn; a stale save never overwrites.
    An edit in review or after approval leads back to a draft, which needs a new version and new approval: but never
    one that a page made `by_itself` while somebody typed, since its tab may be older than the review.
    """
    fresh = locked(deployment)
    permissions.must_allow(by, "edit", fresh)
    if fresh.state not in EDITABLE:
        raise moved_on(fresh, fresh.seen)
    if drafts.same(doc, drafts.loads(fresh.draft)):
        return Saved(fresh, changed=False)
    if fresh.revision != revision:
        raise overtaken(fresh)
    if by_itself and fresh.state not in WRITABLE:
        raise moved_on(fresh, fresh.seen)
    return Saved(write(fresh, doc, by=by), changed=True)


def write(fresh: Deployment, doc: Doc, *, by: Person) -> Deployment:
    """The save itself, on a locked row."""
    before = {"revision": fresh.revision, "state": fresh.state}
    if fresh.state not in WRITABLE:
        fresh.state = State.DRAFT
    for name, value in columns(doc).items():
        setattr(fresh, name, value)
    fresh.revision += 1
    fresh.updated_at = timezone.now()
    fresh.save()
    fresh.editors.add(by)
    keep_revision(fresh, by=by)
    after = {"revision": fresh.revision, "state": fresh.state}
    history.write([history.Entry("edited", by, fresh, data={"before": before, "after": after})])
    return fresh


def keep_revision(deployment: Deployment, *, by: Person) -> None:
    """Keep this revision's text for a while. Now and then the oldest go, so that a draft keeps 30 to 40 of them."""
    DraftRevision.objects.create(
        deployment=deployment,
        number=deployment.revision,
        draft=deployment.draft,
        saved_by=by,
        saved_at=deployment.updated_at,
    )
    if deployment.revision % 10 == 0:
        deployment.revisions.filter(number__lte=deployment.revision - KEPT_REVISIONS).delete()


def as_it_was(deployment: Deployment, revision: int) -> Doc | None:
    """The draft as it stood at a revision, or None where that is not kept any more."""
    text = deployment.revisions.filter(number=revision).values_list("draft", flat=True).first()
    return None if text is None else drafts.loads(text)


def forget_revisions(portion: int = 500) -> int:
    """Take away revisions no open page can mean any more (older than 7 days), a portion at a time. How many."""
    old = DraftRevision.objects.filter(saved_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    keys = list(old.order_by("saved_at").values_list("pk", flat=True)[:portion])
    return DraftRevision.objects.filter(pk__in=keys).delete()[0] if keys else 0


def overtaken(fresh: Deployment) -> MovedOn:
    last = fresh.events.filter(action__in=["edited", "created", "imported", "copied"]).first()
    who = (last.by_name if last else "") or "Somebody"
    return MovedOn(fresh, f"{who} saved revision {fresh.revision} meanwhile. Nothing was overwritten.")


def columns(doc: Doc) -> dict[str, Any]:
    """The draft as text, and what lists show of it."""
    fields = doc.get("fields", {})
    return {
        "draft": drafts.dumps(doc),
        "service_name": plain(fields.get("service_name"), 200),
        "infer_type": plain(fields.get("infer_type"), 40),
        "summary": summary(doc),
    }


def plain(value: object, limit: int) -> str:
    """Text for a column: whatever was typed, without what a database refuses."""
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:limit]


def summary(doc: Doc) -> str:
    """What a row of a list says of the change: `2 models 70 / 30`, or `batch, 1 model, csv`."""
    rows = doc.get("rows", [])
    many = f"{len(rows)} model" + ("" if len(rows) == 1 else "s")
    if doc.get("fields", {}).get("infer_type") == "batch":
        mapping = plain(rows[0].get("fields", {}).get("mapping_type"), 20) if rows else ""
        return ", ".join(part for part in ("batch", many, mapping) if part)
    weights = [plain(row.get("fields", {}).get("weight"), 12) or "?" for row in rows]
    shares = " / ".join(weights) if len(rows) > 1 else ""
    return f"{many} {shares}".strip()[:200]
