"""Calls that only look whether somebody is there, and try nothing twice. The connection test is made of them."""

import requests
from requests.auth import AuthBase

from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import NoAnswer
from deployer.modelarts.iam import Iam
from deployer.modelarts.paging import rows_of


class Nobody(AuthBase):
    """No login at all, to see whether somebody answers."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request

    def login(self, *, within: float = 0.0) -> None:
        """Nothing to do."""

    def renew(self, stale: str, *, within: float = 0.0) -> bool:
        """Nobody stays nobody."""
        return False

    def secrets(self) -> tuple[str, ...]:
        """None."""
        return ()


class IamProbe(Iam):
    """IAM, asked only whether it is there."""

    def versions(self) -> None:
        """The version document, asked for once."""
        self._object(self._call("GET", "", version="v3"))


class ModelArtsProbe(ModelArts):
    """ModelArts, asked only whether it is there and shows its services."""

    def look(self) -> None:
        """One service at most, asked for once."""
        answer = self._call("GET", "/services", query={"offset": 0, "limit": 1})
        found = self._object(answer)
        try:
            rows_of(found, "services")
        except NoAnswer:
            raise NoAnswer("the answer holds no services", http_status=answer.status) from None
