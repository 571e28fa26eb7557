"""Services that a caller sees and must not touch: shared with them, another user's, tied to an AI service.

They cannot come about by what one account does, so the door `/_sandbox/neighbours` puts them in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import reading
from .refusals import Refusal

if TYPE_CHECKING:
    from .cloud import Cloud

Json = dict[str, Any]

STRANGER_ID = "f9e8d7c6b5a403928170615243f4e5d6"
MARKS = ("shared", "foreign", "tied")


def must_be_ours(record: Json, *, deleting: bool = False) -> None:
    """Raise the documented code for a service that only its owner, or nobody, may change or delete."""
    mark = record.get("mark", "")
    if mark == "shared":
        raise Refusal(400, "ModelArts.3525", "A shared service cannot be changed or deleted by its guests.")
    if mark == "foreign":
        raise Refusal(400, "ModelArts.3540", "Only the owner may change or delete the service.")
    if mark == "tied" and deleting:
        raise Refusal(400, "ModelArts.3953", "The service is tied to an AI service and cannot be deleted.")


def move_in(cloud: Cloud, project_id: str) -> dict[str, str]:
    """One service of each mark in the project, unless it is there already: mark and service id."""
    there = {record.get("mark", ""): record["service_id"] for record in cloud.services.alive(project_id)}
    for mark in MARKS:
        if mark not in there:
            model = {"model_id": "xxxmodel-idxxx", "weight": 100, "specification": "modelarts.vm.cpu.2u"}
            request = {
                "service_name": f"neighbour-{mark}",
                "infer_type": "real-time",
                "config": [{**model, "instance_count": 1}],
            }
            record = cloud.services.create(project_id, reading.read_service(request), request, mark)
            there[mark] = record["service_id"]
    return {mark: there[mark] for mark in MARKS}
