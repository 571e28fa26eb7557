"""Calling our commands as a shell would: what they say, and how they end."""

import io
from typing import Any

import pytest
from django.core.management import call_command

from deployer.management import secrets


def said(name: str, *arguments: str, **options: Any) -> str:
    """The standard output of a command."""
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=err, **options)
    return out.getvalue()


@pytest.fixture
def typed(monkeypatch):
    """What stands on standard input."""

    def type_in(text: str) -> None:
        monkeypatch.setattr(secrets.sys, "stdin", io.StringIO(text))

    type_in("")
    return type_in
