"""The promises I1 to I8, asked of a played scene. The questions themselves are those of `torture`."""

from dataclasses import dataclass, field

from deployer.models import Submission
from deployer.rehearsal.torture.judge import as_evidence, judged, leaks, still_moving
from tests.faults.scene import Scene

__all__ = ["Finding", "as_evidence", "finding_of", "judged", "leaks", "still_moving"]


@dataclass
class Finding:
    """How one fault was met: what was broken, how the rows ended, how long settling took."""

    violations: list[str] = field(default_factory=list)
    ends: tuple[str, ...] = ()
    effects: int = 0
    settling: float | None = None  # seconds from the API answering again to accepted


def finding_of(scene: Scene) -> Finding:
    deeds = scene.deeds()
    rows = list(Submission.objects.filter(target=scene.target).order_by("pk"))
    found = judged({scene.target.pk: deeds}, foreign=scene.foreign)
    found += [f"I4 {row.service_name}: still {row.outcome}: {row.reason}" for row in still_moving([scene.target.pk])]
    if scene.front and scene.front.stranger and scene.front.stranger.heard:
        found.append("I8 another origin heard us")
    if scene.trouble:
        found.append(f"the scene itself broke: {scene.trouble!r}")
    ends = tuple("person" if row.needs_person else row.outcome for row in rows)
    return Finding(found, ends, len(deeds.effects(scene.name)), settling_of(scene, rows))


def settling_of(scene: Scene, rows: list[Submission]) -> float | None:
    """For what was lost and found: from the later of "the call was lost" and "the API answers"."""
    for row in rows:
        lost = row.tries.filter(outcome="unknown").order_by("number").last()
        if lost and row.settled_at and row.outcome == "accepted":
            since = max(lost.finished_at.timestamp(), scene.answering_at or 0.0)
            return row.settled_at.timestamp() - since
    return None
