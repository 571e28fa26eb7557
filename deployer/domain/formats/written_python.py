"""A request as a Python script that needs nothing but requests."""

from typing import Any

from .facts import Facts

_SCRIPT = '''\
"""Creates a ModelArts service, once. Needs the package requests.

OS_TOKEN: POST /v3/auth/tokens of IAM gives a token in the header X-Subject-Token of its answer. It lasts 24 hours.
"""

import os
import sys

import requests

URL = {url}
BODY = {body}

try:
    answer = requests.post(
        URL,
        json=BODY,
        headers={{"X-Auth-Token": os.environ["OS_TOKEN"]}},
        timeout=(10, 60),
        allow_redirects=False,
    )
except requests.RequestException as error:
    # Never in a loop: the service may exist although no answer came, and a second call would make a second one.
    # Look at the list of services first.
    sys.exit(f"No answer ({{type(error).__name__}}). Look at the list of services before you run this again.")
print(answer.status_code, answer.text)
'''


def write(body: dict[str, Any], facts: Facts) -> str:
    """The script. The body is a literal: `ast.literal_eval` reads it too."""
    return _SCRIPT.format(url=repr(facts.address), body=_literal(body, ""))


def _literal(value: Any, indent: str) -> str:
    """A value of JSON as Python writes it, one item a line; `repr` shows what nobody would see."""
    deeper = indent + "    "
    if isinstance(value, dict) and value:
        items = [f"{deeper}{key!r}: {_literal(value[key], deeper)},\n" for key in sorted(value)]
        return "{\n" + "".join(items) + indent + "}"
    if isinstance(value, list) and value:
        return "[\n" + "".join(f"{deeper}{_literal(item, deeper)},\n" for item in value) + indent + "]"
    return repr(value)
