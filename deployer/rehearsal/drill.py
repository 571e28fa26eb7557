"""Drills for the sender: small deployments taken through the real verbs by the demo people, up to submitted."""

import json
import secrets
import time
from collections.abc import Callable, Iterator

from deployer.domain.lifecycle import State
from deployer.models import Deployment, Person, Target
from deployer.rehearsal.cast import PEOPLE
from deployer.workflow import drafting, people, preflight, review, submission

# Of the documents' samples, so every sandbox has them. Services in a dedicated pool hold no quota, so that a drill
# may be long: ModelArts user guide, "Quotas".
MODEL = "eb6a4a8c-5713-4a27-b8ed-c7e694499af5"
POOL = "8abf68a969c3cb3a0169c4acb24b0000"
AUTHOR, APPROVERS = "alice", ("bob", "carol")
PATIENCE = 60.0  # seconds until the checks against the cloud must be over

Step = Callable[[int, str], bool]
"""The worker's step that makes one preflight, by its key; False when another worker is at it."""


class CannotDrill(Exception):
    """Why not, in one sentence."""


def drill(target: Target, number: int, check: Step) -> Iterator[int]:
    """The numbers of so many submitted deployments, as they come. Raises CannotDrill.

    Where an approval needs a preflight, `check` makes it here, so that a drill needs no worker to be at work yet.
    """
    if target.approvals > len(APPROVERS):
        raise CannotDrill(
            f"{target.name} asks for {target.approvals} approvals; the demo people have {len(APPROVERS)} approvers."
        )
    cast = {name: player(name) for name in (AUTHOR, *APPROVERS)}
    run = secrets.token_hex(3)
    for place in range(1, number + 1):
        yield play(target, f"drill-{run}-{place:05}", cast, check).pk


def player(name: str) -> Person:
    """One of the demo people. Made without a password where they are missing: they act, but nobody logs in as them."""
    person = Person.objects.filter(username=name).first()
    if person is None:
        full_name, roles = PEOPLE[name]
        person, _ = people.save(name, roles=roles, full_name=full_name)
    return person


def play(target: Target, name: str, cast: dict[str, Person], check: Step) -> Deployment:
    """One deployment, from the first word to the line."""
    author = cast[AUTHOR]
    deployment = drafting.begin_from_text(target, json.dumps(body(name)), by=author)
    deployment = review.ask_review(deployment, seen=deployment.seen, by=author)
    if target.preflight == Target.Preflight.REQUIRED:
        must_pass(deployment, check)
    for approver in APPROVERS:
        if deployment.state == State.IN_REVIEW:
            deployment = review.decide(deployment, "approve", seen=deployment.seen, by=cast[approver])
    if deployment.state == State.APPROVED:  # else the target sends by itself
        deployment = submission.submit(deployment, seen=deployment.seen, by=author)
    return deployment


def must_pass(deployment: Deployment, check: Step) -> None:
    """Until the checks of the version asked for are over and open its approval; a worker may be quicker than we."""
    version = deployment.versions.get(number=deployment.version_number)
    ends_at = time.monotonic() + PATIENCE
    while (run := preflight.of_version(version)) and run.finished_at is None and time.monotonic() < ends_at:
        if not check(run.pk, "drill"):
            time.sleep(0.05)
    why = preflight.objection(deployment, version)
    if why:
        raise CannotDrill(f"{deployment.target} takes no drill now. {why}")


def body(name: str) -> dict[str, object]:
    entry = {"model_id": MODEL, "weight": 100, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    return {"service_name": name, "infer_type": "real-time", "cluster_id": POOL, "config": [entry]}
