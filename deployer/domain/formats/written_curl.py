"""A request as a curl command for a POSIX shell."""

import shlex
from typing import Any

from .. import payload
from .facts import Facts
from .safe_texts import visible

_HEAD = """\
# Creates the service. Run it once: there is no way to say that a second call means the first one.
# Without an answer, look at the list of services before you run it again.
# TOKEN: POST /v3/auth/tokens of IAM gives one in the header X-Subject-Token of its answer. It lasts 24 hours.
"""


def write(body: dict[str, Any], facts: Facts) -> str:
    """The command. The body stands in single quotes, in which nothing has a meaning but their end."""
    text = shlex.quote(visible(payload.pretty(body)))
    # A region's address may come from a form: quoted like everything else.
    return (
        f"{_HEAD}curl --request POST {shlex.quote(visible(facts.address))} \\\n"
        "  --header 'Content-Type: application/json' \\\n"
        '  --header "X-Auth-Token: $TOKEN" \\\n'
        f"  --data-raw {text}\n"
    )
