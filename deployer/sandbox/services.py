"""The services of both projects: kept as records, created, changed and removed under one lock.

A record holds what was asked and when its runs began; what it is doing is computed (lives.py).
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from . import admission, lives, neighbours, quotas
from .clock import Clock
from .conduct import Conduct
from .refusals import Refusal

Json = dict[str, Any]

# UMN and the reference's own reading of 3519: a deployment under way blocks everything but words and times,
# a service on its way out blocks even those.
MAY_START = ("finished", "failed", "stopped")
MAY_STOP = ("running", "concerning", "waiting", "pending")
MAY_CONFIGURE = ("running", "concerning", "failed", "stopped", "finished")
MAY_DESCRIBE = (*MAY_CONFIGURE, "deploying", "waiting", "pending")
MAY_DELETE = MAY_DESCRIBE


class Services:
    """Every service ever created. The caller holds the cloud's lock."""

    def __init__(self, clock: Clock, conduct: Conduct) -> None:
        self.clock = clock
        self.conduct = conduct
        self.records: dict[str, Json] = {}
        self._alive: dict[str, dict[str, Json]] = {}  # project id -> service id -> record
        self._leaving: list[Json] = []  # records whose delete takes a while
        self._texts: dict[str, str] = {}  # Each record as JSON, so that keeping one does not encode them all.

    def load(self, records: list[Json]) -> None:
        self.clear()
        for record in records:
            self._keep(record)

    def clear(self) -> None:
        self.records.clear()
        self._alive.clear()
        self._leaving.clear()
        self._texts.clear()

    def note(self, record: Json) -> None:
        """Call it after every change of a record, or the change is not kept."""
        self._texts[record["service_id"]] = json.dumps(record)

    def as_json(self) -> str:
        """All records as one JSON array, oldest first."""
        return f"[{', '.join(self._texts.values())}]"

    def _keep(self, record: Json) -> None:
        self.records[record["service_id"]] = record
        self.note(record)
        leaving = self.status(record) == "deleting"
        if leaving:
            self._leaving.append(record)
        if leaving or record["deleted_at"] is None:
            self._alive.setdefault(record["project_id"], {})[record["service_id"]] = record

    def _forget_the_gone(self) -> None:
        for record in [one for one in self._leaving if self.status(one) == "deleted"]:
            self._leaving.remove(record)
            self._alive[record["project_id"]].pop(record["service_id"], None)

    def alive(self, project_id: str) -> list[Json]:
        """The project's services, oldest first."""
        self._forget_the_gone()
        return list(self._alive.get(project_id, {}).values())

    def shown(self, project_id: str) -> list[Json]:
        """Those that reads know already."""
        return [record for record in self.alive(project_id) if not self._is_hidden(record)]

    def hide(self, service_id: str, seconds: float) -> None:
        """It exists, and no read knows it for so long: a list that lags behind."""
        record = self.records[service_id]
        record["hidden_until"] = self.clock.now() + int(seconds * 1000)
        self.note(record)

    def _is_hidden(self, record: Json) -> bool:
        return bool(self.clock.now() < record.get("hidden_until", 0))

    def find(self, project_id: str, service_id: str) -> Json:
        self._forget_the_gone()
        record = self._alive.get(project_id, {}).get(service_id)
        if record is None or self._is_hidden(record):
            raise Refusal(404, "ModelArts.3502", f"The service {service_id} does not exist.")
        return record

    def create(self, project_id: str, asked: Json, request: Json, mark: str = "") -> Json:
        """Keep a new service; raises 3503 for a name that is taken and quotas.check's codes for one too many.

        `mark` says whose it is when it is not the caller's own (neighbours.py); such a one fills no quota.
        """
        others = self.alive(project_id)
        taken = any(other["service_name"] == asked["service_name"] for other in others)
        if taken and not self.conduct.twins:
            raise Refusal(409, "ModelArts.3503", f"The service name {asked['service_name']} already exists.")
        if not mark:
            quotas.check_new(self, asked, others)
        fate = "" if mark else self._fate(asked, asked["config"])
        now, wall = self.clock.now(), self.clock.wall()
        record = {
            **asked,
            "service_id": str(uuid.uuid4()),
            "project_id": project_id,
            "resource_ids": [f"INF-{uuid.uuid4().hex[:16]}@{wall}" for _ in asked["config"]],
            "request": request,
            "created_at": wall,
            "updated_at": None,
            "deleted_at": None,
            "mark": mark,
            "runs": [lives.new_run(asked["config"], now, asked["schedule"], fate=fate)],
            "updates": [{"at": now, "config": asked["config"], "run": 0}],
        }
        self._keep(record)
        return record

    def _fate(self, service: Json, config: list[Json]) -> str:
        """What a door has ordered, or waiting where the pool has no room; else the models decide."""
        return self.conduct.next_fate() or admission.waiting(service, config)

    def delete(self, project_id: str, service_ids: list[str]) -> None:
        """All of them or none: an unknown id, or one that must stay, refuses the whole call."""
        found = [self.find(project_id, service_id) for service_id in service_ids]
        for record in found:
            neighbours.must_be_ours(record, deleting=True)
            self.guard(record, MAY_DELETE, "delete")
        for record in found:
            record["deleted_at"] = self.clock.wall()
            record["gone_at"] = self.clock.now() + self.conduct.deleting_ms
            self._leaving.append(record)
            self.note(record)
        self._forget_the_gone()

    def status(self, record: Json) -> str:
        now = self.clock.now()
        if record["deleted_at"] is not None:
            return "deleting" if now < record.get("gone_at", now) else "deleted"
        return lives.status(record["runs"][-1], record["infer_type"], now)

    def config(self, record: Json) -> list[Json]:
        """The configuration in force: a failed update has put the earlier one back."""
        run, config = record["runs"][-1], record["config"]
        if config == run["config"] and lives.rolled_back(run, self.clock.now()):
            config = run["before"]
        return list(config)

    def start(self, record: Json) -> None:
        self.guard(record, MAY_START, "start")
        quotas.check_running(self, record)
        self._run(record, self.config(record), before=None)

    def stop(self, record: Json) -> None:
        self.guard(record, MAY_STOP, "stop")
        run = record["runs"][-1]
        run["ended"], run["stopping"] = self.clock.now(), self.conduct.stopping_ms

    def configure(self, record: Json, config: list[Json]) -> None:
        """Take a new configuration: deployed at once, or at the next start if nothing runs."""
        self.guard(record, MAY_CONFIGURE, "update of the configuration")
        others = [one for one in self.alive(record["project_id"]) if one is not record]
        quotas.check_config(self, record, config, others)
        status, before = self.status(record), self.config(record)
        record["updated_at"] = self.clock.wall()
        update: Json = {"at": self.clock.now(), "config": config, "run": None}
        record["updates"].append(update)
        if status in ("stopped", "finished"):
            record["config"] = config
            return
        self._run(record, config, before=before if status in MAY_STOP else None)
        update["run"] = len(record["runs"]) - 1

    def reschedule(self, record: Json, schedule: list[Json]) -> None:
        """Auto-stop anew, counted from now; an empty schedule lets the service run on."""
        run, now = record["runs"][-1], self.clock.now()
        if self.status(record) in lives.LIVELY:
            run["due"] = lives.due(schedule, now)
        record["schedule"] = schedule

    def _run(self, record: Json, config: list[Json], before: list[Json] | None) -> None:
        now, last = self.clock.now(), record["runs"][-1]
        if self.status(record) in MAY_STOP:
            last["ended"], last["replaced"] = now, True
        run = lives.new_run(config, now, record["schedule"], before, self._fate(record, config))
        if before is not None:
            run["due"] = last["due"]  # An update does not put off the auto-stop.
        record["config"] = config
        record["runs"].append(run)

    def guard(self, record: Json, allowed: tuple[str, ...], what: str) -> None:
        """Raise 3519 where the status forbids the act."""
        status = self.status(record)
        if status not in allowed:
            message = f"The {what} of the service is not allowed in the status {status}, only in {', '.join(allowed)}."
            raise Refusal(400, "ModelArts.3519", message)
