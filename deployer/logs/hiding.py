"""Taking secrets out of what is about to be said, whoever says it."""

import re
from collections.abc import Iterator
from typing import Any

from deployer.modelarts.masking import MASK, masked

LOOKED_AT = 65_536  # characters; nobody reads more of one message
LONGEST = 8_192
SHORTEST = 8  # of a secret of ours: a shorter one would be torn out of words that have nothing to do with it

# `Authorization: Bearer x` is known to the masking of answers; the scheme and its secret may also stand alone.
_SCHEME = re.compile(r"\b(?:(?i:bearer)\s+[\w.~+/=-]{6,}|(?i:basic)\s+(?=[a-z+/]*[A-Z0-9])[\w+/]{6,}={0,2})")
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]*(?=@)")  # user:password@ of an address
_SEALED = re.compile(r"gAAAA[\w-]{60,}={0,2}")  # a Fernet token: ciphertext, but nobody's business either


def hidden(text: str) -> str:
    """The text without secrets: our own by value, others by the name or the shape they have."""
    text = text[:LOOKED_AT]
    for pattern in (_SCHEME, _IN_ADDRESS, _SEALED):
        text = pattern.sub(MASK, text)
    own = sorted(ours())
    return "\n".join(masked(line, own) for line in text.split("\n"))[:LONGEST]


def ours() -> Iterator[str]:
    """The secrets this process was given. None before the settings are read: they are not known then."""
    from django.conf import settings

    if not settings.configured:
        return
    given = [getattr(settings, name, "") for name in ("SECRET_KEY", "METRICS_TOKEN", "EMAIL_HOST_PASSWORD")]
    given += getattr(settings, "ENCRYPTION_KEYS", [])
    given += [facts.get("PASSWORD") for facts in getattr(settings, "DATABASES", {}).values()]
    yield from {text for text in given if isinstance(text, str) and len(text) >= SHORTEST}


def unsealed(value: Any) -> Any:
    """An argument of a message; a secret that does not print itself is none of its words.

    Known by its name: the settings read this room before there are models.
    """
    return MASK if type(value).__name__ in {"Sealed", "_Lost"} else value
