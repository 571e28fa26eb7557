"""ModelArts, one method per documented call. Bytes go out as they were given; rows come back."""

from deployer.modelarts import answers, reading
from deployer.modelarts.calls import Calls, is_absence, rows_of, segment
from deployer.modelarts.errors import NoAnswer, Refused

LONGEST_ID = 64


class ModelArts(Calls):
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
        workspace_id: str | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> answers.ServicePage:
        """One page of services, newest first. `name` may match parts of names; `offset` counts services."""
        query = {"service_name": name, "infer_type": infer_type, "workspace_id": workspace_id}
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

    def delete_service(self, service_id: str) -> bool:
        """Delete one service; False when it was gone already. The cloud does the work later: look until it is gone."""
        try:
            self._call("DELETE", f"/services/{segment(service_id)}", fresh=True)
        except Refused as refusal:
            if not is_absence(refusal):
                raise
            return False
        return True

    def events(self, service_id: str) -> list[answers.EventSeen]:
        """What happened to a service, oldest first. The cloud forgets after a month."""
        path = f"/services/{segment(service_id)}/events"
        seen = [answers.event(row) for row in rows_of(self._read(path, {"offset": 0, "limit": 1000}), "events")]
        return sorted(seen, key=lambda one: one.occurred_at.timestamp() if one.occurred_at else 0.0)

    # What services are made of.

    def specifications(self, infer_type: str = "real-time") -> list[answers.SpecificationSeen]:
        """The flavors of the shared pool for one inference type."""
        query = {"infer_type": infer_type, "is_personal_cluster": "false"}
        found = self._read("/services/specifications", query)
        return [answers.specification(row) for row in rows_of(found, "specifications")]

    def models(self, *, status: str | None = None, workspace_id: str | None = None) -> list[answers.ModelSeen]:
        """Every model of the project, newest first."""
        rows = self._every("/models", "models", "model_id", model_status=status, workspace_id=workspace_id)
        return [answers.model(row) for row in rows]

    def model(self, model_id: str) -> answers.ModelSeen | None:
        """One model with its APIs, or None when the cloud does not know it."""
        found = self._read_or_none(f"/models/{segment(model_id)}")
        return None if found is None else answers.model(found)

    def clusters(self) -> list[answers.ClusterSeen]:
        """The dedicated pools of the older kind. Clouds after 2024 may answer 404: they know other pools."""
        return [answers.cluster(row) for row in self._every("/clusters", "clusters", "cluster_id")]

    def workspaces(self) -> list[answers.WorkspaceSeen]:
        """The workspaces. Some clouds have dropped this call and answer 404: use "0" there."""
        return [answers.workspace(row) for row in self._every("/workspaces", "workspaces", "id")]


def _usable(service_id: str) -> bool:
    """An id we can keep and ask for again: something, on one line, no longer than a column (the samples have 36)."""
    return 0 < len(service_id) <= LONGEST_ID and service_id.isprintable() and not any(map(str.isspace, service_id))
