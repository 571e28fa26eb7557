"""ModelArts, one method per documented call. Bytes go out as they were given; rows come back."""

from collections.abc import Iterable
from datetime import datetime

from deployer.modelarts import answers, reading
from deployer.modelarts.calls import is_absence, segment
from deployer.modelarts.errors import NoAnswer, NotSent, Refused
from deployer.modelarts.paging import rows_of
from deployer.modelarts.supply import Supply

LONGEST_ID = 64


class ModelArts(Supply):
    """One project of one region. Safe to share between threads.

    `endpoint` like https://modelarts.eu-de.otc.t-systems.com; `timeout` is (connect, each read) and `deadline` the
    whole call with its repetitions, all in seconds. Every method raises only errors of errors.py.
    """

    # Services: ModelArts API reference, "Service Management".

    def login(self) -> None:
        """Be logged in ahead of a call, so that little lies between an intent and its request."""
        self._checked()
        self._auth.login(within=self.deadline)

    def create_service(self, body: bytes | str) -> answers.Created:
        """Create a service from a request body, sent byte for byte, once. There is no idempotency key.

        Raises NotSent, LoginRefused, Throttled or Refused when it certainly did nothing; NoAnswer or CloudFault when
        it may have: then look for the service by name before anything else.
        """
        content = body.encode() if isinstance(body, str) else body
        answer = self._call("POST", "/services", body=content, fresh=True)
        facts = self._facts(answer)
        if answer.status > 202:
            raise NoAnswer(f"create: unexpected HTTP {answer.status}", **facts)
        found = self._object(answer)
        service_id = found.get("service_id")
        if not isinstance(service_id, str) or not _usable(service_id):
            raise NoAnswer("create: the answer names no service", **facts)
        resources = tuple(one for one in reading.listed(found.get("resource_ids")) if isinstance(one, str))
        return answers.Created(service_id, resources, **facts)

    def list_services(
        self,
        *,
        name: str | None = None,
        infer_type: str | None = None,
        status: str | None = None,
        workspace_id: str | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> answers.ServicePage:
        """One page of services, newest first. `name` may match parts of names; `offset` counts services.

        `status`: running, deploying, concerning, failed, stopped or finished, in 2025 also stopping, deleting,
        pending and waiting; other words may be refused.
        """
        query = {"service_name": name, "infer_type": infer_type, "status": status, "workspace_id": workspace_id}
        found = self._read("/services", {**query, "offset": offset, "limit": limit})
        rows = tuple(answers.service(row) for row in rows_of(found, "services"))
        return answers.ServicePage(reading.whole(found.get("total_count")), rows)

    def services_named(self, name: str, *, workspace_id: str | None = None) -> list[answers.ServiceSeen]:
        """Every service of exactly this name, of both types, whatever the list claims to hold.

        Without a workspace the cloud looks into its default one only ("0").
        """
        rows = self._every("/services", "services", "service_id", service_name=name, workspace_id=workspace_id)
        return [seen for seen in map(answers.service, rows) if seen.name == name]

    def service(self, service_id: str) -> answers.ServiceSeen | None:
        """One service with its config, or None when the cloud does not know it."""
        found = self._read_or_none(f"/services/{segment(service_id)}")
        if found is None:
            return None
        seen = answers.service(found)
        if seen.service_id != service_id:
            raise NoAnswer("the answer is about another service")
        return seen

    def update_service(self, service_id: str, body: bytes | str) -> answers.Changed:
        """Change a service by a request body, sent byte for byte, once; what it leaves out stays as it is.

        With `status` in it the cloud ignores `config`: ModelArts API reference, "Updating Service Configurations".
        Raises NotSent, LoginRefused, Throttled or Refused when it certainly did nothing; NoAnswer or CloudFault when
        it may have: then look at the service before anything else.
        """
        content = body.encode() if isinstance(body, str) else body
        return self._changed("PUT", f"/services/{segment(service_id)}", content)

    def start_service(self, service_id: str) -> answers.Changed:
        """Start a service that is stopped, failed or finished. Errors as for an update."""
        return self.update_service(service_id, b'{"status":"running"}')

    def stop_service(self, service_id: str) -> answers.Changed:
        """Stop a service that runs. Errors as for an update."""
        return self.update_service(service_id, b'{"status":"stopped"}')

    def delete_service(self, service_id: str) -> bool:
        """Delete one service; False when it was gone already. The cloud does the work later: look until it is gone."""
        try:
            self.delete_services([service_id])
        except Refused as refusal:
            if not is_absence(refusal):
                raise
            return False
        return True

    def delete_services(self, service_ids: Iterable[str]) -> answers.Changed:
        """Delete several services in one call; the ids are joined by commas. Errors as for an update."""
        ids = list(dict.fromkeys(service_ids))
        if any("," in one for one in ids):  # Encoded or not, the cloud would read two ids, and delete both.
            raise NotSent("an id with a comma", cause="request")
        return self._changed("DELETE", "/services/" + ",".join(map(segment, ids or [""])))

    def _changed(self, method: str, path: str, body: bytes | None = None) -> answers.Changed:
        """Send a change once. The documented answer is `{}`; a web page of somebody in between is no yes."""
        answer = self._call(method, path, body=body, fresh=True)
        facts = self._facts(answer)
        if answer.status > 204:
            raise NoAnswer(f"{method}: unexpected HTTP {answer.status}", **facts)
        if answer.body.strip():
            self._object(answer)
        return answers.Changed(**facts)

    # What became of a service.

    def events(
        self,
        service_id: str,
        *,
        kind: str | None = None,
        words: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[answers.EventSeen]:
        """What happened to a service, oldest first. The cloud forgets after a month.

        `kind` is normal or abnormal; `words` stand in the text (a filter of 2025: letters, no special characters).
        """
        rows = self._every(
            f"/services/{segment(service_id)}/events",
            "events",
            "occur_time",
            "event_type",
            "event_info",
            event_type=kind,
            event_info=words,
            start_time=_milliseconds(since),
            end_time=_milliseconds(until),
        )
        newest_first = [answers.event(row) for row in rows]  # so those of one moment are turned round as well
        oldest_first = newest_first[::-1]  # of one moment, what came later in the list happened earlier
        return sorted(oldest_first, key=lambda one: _order(one.occurred_at))

    def logs(self, service_id: str) -> list[answers.UpdateSeen]:
        """The updates of a service, newest first: its history of configurations, no logs of containers."""
        found = self._read(f"/services/{segment(service_id)}/logs")
        seen = [answers.update(row) for row in rows_of(found, "logs")]
        return sorted(seen, key=lambda one: _order(one.updated_at), reverse=True)

    def monitor(self, service_id: str, *, node_id: str | None = None) -> answers.MonitorSeen:
        """What a service uses at this moment, model by model."""
        found = self._read(f"/services/{segment(service_id)}/monitor", {"node_id": node_id})
        return answers.monitor(found, rows_of(found, "monitors"))


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


def _order(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _usable(service_id: str) -> bool:
    """An id we can keep and ask for again: something, on one line, no longer than a column (the samples have 36)."""
    return 0 < len(service_id) <= LONGEST_ID and service_id.isprintable() and not any(map(str.isspace, service_id))
