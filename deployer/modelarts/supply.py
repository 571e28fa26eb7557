"""What services are made of and where they run: models, specifications, pools, workspaces. All of it only read."""

from deployer.modelarts import answers
from deployer.modelarts.calls import Calls, segment
from deployer.modelarts.errors import NoAnswer
from deployer.modelarts.paging import rows_of

# One flavor may stand twice: once for models of ExeML (source_type auto), once for others.
_FLAVOR = ("specification", "billing_spec", "source_type", "spec_status", "is_open")


class Supply(Calls):
    """The lists that pickers choose from: ModelArts API reference, "Model Management", "Service Management" and pools.

    Every list comes whole, page after page. Each method raises NotSent, LoginRefused, Throttled, Refused, NoAnswer
    or CloudFault, and nothing else.
    """

    def specifications(
        self, infer_type: str = "real-time", *, personal: bool = False
    ) -> list[answers.SpecificationSeen]:
        """The flavors for one inference type: of the shared pool, or (`personal`) of dedicated ones."""
        rows = self._every(
            "/services/specifications",
            "specifications",
            *_FLAVOR,
            infer_type=infer_type,
            is_personal_cluster=str(personal).lower(),
        )
        return [answers.specification(row) for row in rows]

    def models(
        self,
        *,
        name: str | None = None,
        exact: bool = False,
        version: str | None = None,
        status: str | None = None,
        model_type: str | None = None,
        not_model_type: str | None = None,
        description: str | None = None,
        workspace_id: str | None = None,
    ) -> list[answers.ModelSeen]:
        """The models of the project that fit, newest first. `name` may match parts of names unless `exact`.

        The cloud looks for a name with an underscore only as a whole: ModelArts API reference, "Querying a Model List".
        """
        whole_name = exact or "_" in (name or "")
        rows = self._every(
            "/models",
            "models",
            "model_id",
            model_name=name,
            exact_match="true" if name and whole_name else None,
            model_version=version,
            model_status=status,
            model_type=model_type,
            not_model_type=not_model_type,
            description=description,
            workspace_id=workspace_id,
        )
        found = [answers.model(row) for row in rows]
        return [seen for seen in found if seen.name == name] if name and exact else found

    def model(self, model_id: str) -> answers.ModelSeen | None:
        """One model with its APIs, config and params, or None when the cloud does not know it."""
        found = self._read_or_none(f"/models/{segment(model_id)}")
        if found is None:
            return None
        seen = answers.model(found)
        if seen.model_id not in ("", model_id):
            raise NoAnswer("the answer is about another model")
        return seen

    def clusters(self) -> list[answers.ClusterSeen]:
        """The dedicated pools of the older kind. Clouds after 2024 may answer 404: they know other pools."""
        return [answers.cluster(row) for row in self._every("/clusters", "clusters", "cluster_id")]

    def pools(self, *, workspace_id: str | None = None) -> list[answers.PoolSeen]:
        """The dedicated pools of the newer kind. Older clouds answer 404: they know clusters.

        GET /v2/{project_id}/pools documents no paging: ModelArts API reference, 2025, "Resource Management".
        """
        found = self._read("/pools", {"workspaceId": workspace_id}, version="v2")
        return [answers.pool(row) for row in rows_of(found, "items")]

    def workspaces(self) -> list[answers.WorkspaceSeen]:
        """The workspaces. Some clouds have dropped this call and answer 404: use "0" there."""
        return [answers.workspace(row) for row in self._every("/workspaces", "workspaces", "id")]
