"""models: what we REMEMBER. Tables, constraints and named questions; they do not decide and never call the network.

May import: domain. Past rows (Event, Version, Decision, Attempt) are append-only: the database itself refuses
UPDATE and DELETE (see `guards.py`; made by a post_migrate step, because a table remake on SQLite drops triggers).
"""

from deployer.models.catalog import CatalogEntry, CatalogList
from deployer.models.cloud_event import CloudEvent
from deployer.models.decision import Decision
from deployer.models.deployment import Deployment
from deployer.models.enquiry import Enquiry
from deployer.models.event import Chain, Event
from deployer.models.freeze import Freeze
from deployer.models.heartbeat import Heartbeat
from deployer.models.person import Person
from deployer.models.preflight import Preflight
from deployer.models.removal import Removal, RemovalAttempt
from deployer.models.revision import DraftRevision
from deployer.models.service import Service
from deployer.models.submission import Attempt, Submission
from deployer.models.tally import Tally
from deployer.models.target import Target
from deployer.models.version import ModelShare, Version
from deployer.models.watch import Watch

__all__ = [
    "Attempt",
    "CatalogEntry",
    "CatalogList",
    "Chain",
    "CloudEvent",
    "Decision",
    "Deployment",
    "DraftRevision",
    "Enquiry",
    "Event",
    "Freeze",
    "Heartbeat",
    "ModelShare",
    "Person",
    "Preflight",
    "Removal",
    "RemovalAttempt",
    "Service",
    "Submission",
    "Tally",
    "Target",
    "Version",
    "Watch",
]
