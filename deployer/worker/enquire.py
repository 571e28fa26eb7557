"""Answering what an admin asks about a cloud while a target is being written down. Whoever asks is waiting."""

import contextlib
import logging
from collections.abc import Mapping
from typing import Any

from deployer.modelarts.auth import Auth, PasswordToken, SignedRequests
from deployer.modelarts.diagnosis import diagnose
from deployer.modelarts.errors import ModelArtsError
from deployer.modelarts.iam import ProjectSeen, find_projects
from deployer.modelarts.network import Network
from deployer.models import Enquiry, Target
from deployer.worker import clouds
from deployer.worker.records import AWAY, OUR_FAULT
from deployer.worker.troubles import why_not_read
from deployer.workflow import enquiries

log = logging.getLogger(__name__)

LONGEST = 30.0  # seconds for an answer, all in all
A_STEP = LONGEST / 6  # a test has at most six calls
A_THIRD = LONGEST / 3  # looking for projects is two logins and a list
TIMEOUT = (4.0, 8.0)  # connect, each read
MOST_PROJECTS = 500
WITHOUT_NETWORKS = (
    "Services can be sent all the same, with ids of networks typed in. For lists, give the login the right to read "
    "VPCs, or enter the address of the VPC service."
)
NOTHING_TO_LOG_IN_WITH = "The secret is missing, or cannot be read with the present keys. Type it again."


def enquire(pk: int, worker: str) -> bool:
    """Answer one question. False if somebody else has it."""
    enquiry = enquiries.claim(pk, seconds=LONGEST + 30)
    if enquiry is None:
        return False
    enquiries.answer(enquiry, answer_to(enquiry))
    return True


def answer_to(enquiry: Enquiry) -> dict[str, Any]:
    """What was found out, or why nothing could be. Only a lost database is raised."""
    try:
        facts = enquiries.facts_of(enquiry)
        if not facts.get("secret"):
            return {"problem": NOTHING_TO_LOG_IN_WITH}
        return ANSWERS[enquiry.kind](facts)
    except AWAY:
        raise
    except Exception as trouble:  # noqa: BLE001 - whoever waits is told
        words = why_not_read(trouble)
        if words == OUR_FAULT:
            # Without the exception's own text: it may quote what was typed.
            log.error("Enquiry %s broke: %s", enquiry.pk, type(trouble).__name__)
        return {"problem": words}


def connection(facts: Mapping[str, str]) -> dict[str, Any]:
    """Every step on the way to the services, each with what it says and the way out."""
    auth, roads = login_of(facts), {"timeout": TIMEOUT, "deadline": A_STEP, **clouds.allowed()}
    steps = diagnose(facts["endpoint"], facts["iam_endpoint"], auth, facts["project_id"], **roads)
    told = [
        {
            "id": step.name,
            "name": step.title,
            "state": step.state,
            "cause": step.cause,
            "words": step.words,
            "way_out": step.way_out,
        }
        for step in steps
    ]
    if steps[-1].state == "ok":
        told.append(of_networks(facts, auth, roads))
    return {"steps": told, "problem": ""}


def of_networks(facts: Mapping[str, str], auth: Auth, roads: dict[str, Any]) -> dict[str, Any]:
    """Whether networks can be listed too. Without them everything works but their pickers, so it only warns."""
    place = Target(endpoint=facts["endpoint"], vpc_endpoint=facts["vpc_endpoint"]).network_endpoint
    step = {"id": "networks", "name": "May list networks", "cause": "", "way_out": ""}
    with contextlib.closing(Network(place, facts["project_id"], auth, **roads)) as network:
        try:
            network.vpcs()
        except ModelArtsError as trouble:
            words = f"Networks cannot be listed at {place}. {why_not_read(trouble)}"
            return {**step, "state": "warn", "cause": "networks", "words": words, "way_out": WITHOUT_NETWORKS}
    return {**step, "state": "ok", "words": "VPCs, subnets and security groups can be chosen from lists."}


def projects(facts: Mapping[str, str]) -> dict[str, Any]:
    """The projects these credentials see, the one named like the region first."""
    roads: dict[str, Any] = {"timeout": TIMEOUT, "deadline": A_THIRD, **clouds.allowed()}
    if facts["login"] == Target.Login.KEYS:
        found = find_projects(facts["iam_endpoint"], login_of(facts), region=facts["region"], **roads)
    else:
        found = find_projects(
            facts["iam_endpoint"],
            username=facts["username"],
            password=facts["secret"],
            domain=facts["domain_name"],
            region=facts["region"],
            **roads,
        )
    found = sorted(found, key=lambda one: one.name != facts["region"])
    return {"projects": [row_of(one) for one in found[:MOST_PROJECTS]], "problem": ""}


def row_of(seen: ProjectSeen) -> dict[str, Any]:
    return {"id": seen.id, "name": seen.name, "enabled": seen.enabled}


def login_of(facts: Mapping[str, str]) -> Auth:
    """A login of its own: a token that is kept already would prove nothing of what was typed."""
    if facts["login"] == Target.Login.KEYS:
        return SignedRequests(
            facts["access_key"], facts["secret"], facts["project_id"], security_token=facts["security_token"]
        )
    return PasswordToken(
        facts["iam_endpoint"],
        facts["username"],
        facts["secret"],
        facts["domain_name"],
        project_id=facts["project_id"],
        project_name=facts["region"],
        timeout=TIMEOUT,
        **clouds.allowed(),
    )


ANSWERS = {Enquiry.Kind.CONNECTION: connection, Enquiry.Kind.PROJECTS: projects}
