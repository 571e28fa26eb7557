"""Where a request would go, in plain words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """The place of a request: the endpoint of ModelArts (`https://…`), the project's id, the region if it is known."""

    endpoint: str
    project_id: str
    region: str = ""

    @property
    def address(self) -> str:
        """Where services are created. Source: ModelArts API reference, CreateService, URI."""
        return f"{self.endpoint.rstrip('/')}/v1/{self.project_id}/services"
