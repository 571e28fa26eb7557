"""What the sandbox says no with, in the two shapes of the documents."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class Refusal(Exception):
    """One documented refusal: HTTP status, error code, and a sentence that names the field."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        return {"error_code": self.code, "error_msg": self.message}


class IamRefusal(Refusal):
    """IAM wraps its errors in an object of their own."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, "", message)

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.status, "message": self.message, "title": HTTPStatus(self.status).phrase}}


class DoorRefusal(Refusal):
    """Wrong use of a door under /_sandbox/: a sentence for the person who wrote the call."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(status, "", message)

    def body(self) -> dict[str, Any]:
        return {"error": self.message}


def bad_parameter(path: str, why: str, code: str = "ModelArts.0104") -> Refusal:
    """A 400 that names the wrong place of the request by its path."""
    return Refusal(400, code, f"Invalid parameter {path}: {why}")


def missing(path: str) -> Refusal:
    """ModelArts.3610 is the documents' code for a parameter that is empty or not there."""
    return Refusal(400, "ModelArts.3610", f"Parameter {path} is mandatory and must not be empty.")
