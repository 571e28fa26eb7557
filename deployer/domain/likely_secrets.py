"""Tell what looks like a secret, so that somebody is asked before it is stored in plain text.

"To ensure data security, do not enter sensitive information, such as plaintext passwords, in environment variables":
API reference, CreateService, tables 3 and 4. A guess: it warns, it never blocks, and it never repeats the value.
"""

import math
import re
from collections import Counter
from itertools import pairwise

SHAPES = {
    "a GitHub token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{6,}|\bgithub_pat_[A-Za-z0-9_]{6,}"),
    "a GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{10,}"),
    "an access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a Slack token": re.compile(r"\bxox[abeprs]-[A-Za-z0-9-]{8,}"),
    "a Google API key": re.compile(r"\bAIza[A-Za-z0-9_-]{30,}"),
    "an API key": re.compile(r"\b[srp]k[-_](?:[A-Za-z0-9]{2,8}[-_]){0,2}[A-Za-z0-9]{16,}"),
    "a Hugging Face token": re.compile(r"\bhf_[A-Za-z0-9]{16,}"),
    "a signed token (JWT)": re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    "an address with a password": re.compile(r"://[^/\s:@]*:[^/\s@]+@"),
}
_ANY_SHAPE = re.compile(r"gh[pousr]_|github_pat_|glpat-|A[KS]IA|BEGIN|xox|AIza|[srp]k[-_]|hf_|eyJ|://")

WORDS = frozenset(
    {
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "secret",
        "secrets",
        "token",
        "apikey",
        "credential",
        "credentials",
        "passwords",
    }
)
PAIRS = (("api", "key"), ("access", "key"), ("private", "key"), ("secret", "key"), ("auth", "key"), ("signing", "key"))
# Names that tell about a secret without being one: TOKEN_LIMIT, PASSWORD_FILE, SECRET_NAME.
# fmt: off
ABOUT = frozenset({
    "file", "path", "dir", "name", "type", "length", "limit", "count", "size", "timeout", "ttl", "expiry",
    "expires", "url", "uri", "id", "enabled", "policy", "field",
})
# fmt: on
# The tokens of language models, not of logins: PAD_TOKEN, EOS_TOKEN.
OF_LANGUAGE = frozenset({"pad", "eos", "bos", "unk", "sep", "cls", "mask"})
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PLACEHOLDER = re.compile(
    r"[-+]?[0-9.]*|true|false|yes|no|none|null|x+|\*+|<[^>]*>|\$\{[^}]*\}|\$[A-Za-z_]+", re.IGNORECASE
)
_LONG = re.compile(r"[A-Za-z0-9+/=]{20,}")
LOOKED_AT = 4_000  # characters of a value; a secret stands nearer to the front


def looks_like(name: str, value: str) -> str:
    """What this variable looks like ("a GitHub token"), or "" where nothing is suspicious."""
    value = value[:LOOKED_AT]
    if not value.strip():
        return ""
    if _ANY_SHAPE.search(value):
        for what, shape in SHAPES.items():
            if shape.search(value):
                return what
    if _named_like_one(name) and not _is_placeholder(name, value):
        return "a secret"
    return "a key or token" if _is_random(value) else ""


def _named_like_one(name: str) -> bool:
    parts = [part.lower() for part in _PART.findall(name[:200])]
    if not parts or parts[-1] in ABOUT or OF_LANGUAGE.intersection(parts):
        return False
    pairs = set(pairwise(parts))
    return bool(WORDS.intersection(parts)) or bool(pairs.intersection(PAIRS))


def _is_placeholder(name: str, value: str) -> bool:
    """A number is no token, but it may well be a password."""
    if "pass" in name.lower() or "pwd" in name.lower():
        return value.strip().startswith(("$", "<"))
    return _PLACEHOLDER.fullmatch(value.strip()) is not None


def _is_random(value: str) -> bool:
    """Whether a long run of signs is as mixed as a made key.

    In a random run nearly two of three neighbours are of different kinds (small, capital, digit); in names such as
    ResNet50V2 or DataLoader2 it is at most two of five.
    """
    for found in _LONG.finditer(value):
        run = found.group().rstrip("=")
        kinds = [_kind(sign) for sign in run]
        changes = sum(one != next_one for one, next_one in pairwise(kinds))
        if set("aA0") <= set(kinds) and changes >= 0.45 * len(run) and entropy(run) >= 3.5 and run.count("/") < 3:
            return True
    return re.fullmatch(r"[0-9a-f]{64,}", value.strip()) is not None and entropy(value.strip()) >= 3


def _kind(sign: str) -> str:
    return "0" if sign.isdigit() else "A" if sign.isupper() else "a" if sign.islower() else sign


def entropy(text: str) -> float:
    """Bits for each character: 0 for one sign repeated, about 5 for a random key of 32 signs."""
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values())
