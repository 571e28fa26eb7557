"""Take credentials out of text before anybody keeps it."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

from deployer.modelarts.parsing import storable

LONGEST = 4096
_LOOKED_AT = 4 * LONGEST  # The patterns are slow on a megabyte, and little of it is kept.
MASK = "•••"

# A name that promises a secret, then its value: JSON, a header or a form. The value goes, the name stays.
_NAMED = re.compile(
    r"""(?ix)
    ( ["']? (?: [a-z_.-]{0,30} (?: password | passwd | secret | credential | token | signature ) [a-z_.-]{0,30}
            | authorization | set-cookie | cookie )
      ["']? \s* [:=] \s* )
    ( "(?:[^"\\]|\\.)*"? | '(?:[^'\\]|\\.)*'? | [^\s,;&}\]]+ (?: [ ] (?: Access|Credential ) = \S+ )? )
    """
)
# A token of IAM is base64 of a signed message and always starts like this; it may stand anywhere.
_IAM_TOKEN = re.compile(r"MII[A-Za-z0-9+/=_-]{60,}")
_ESCAPED = re.compile(r"(\\u)([0-9a-f]{4})")
_PERCENT = re.compile(r"%[0-9A-F]{2}")
_ANY = "surrogatepass"  # half a character is masked too
_SIGNATURE = re.compile(r"SDK-HMAC-SHA256\s[^\r\n\"]*")


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the secrets given, without what is named like one, and at most 4 KB of UTF-8 long.

    Masking comes before cutting, so that a cut cannot leave the first half of a secret.
    """
    for secret in _forms(frozenset(secrets)):
        text = _without(text, secret)
    text = _SIGNATURE.sub(MASK, text[:_LOOKED_AT])
    text = _NAMED.sub(lambda found: found.group(1) + MASK, text)
    kept = storable(_IAM_TOKEN.sub(MASK, text)[:LONGEST])
    return kept.encode()[:LONGEST].decode(errors="ignore")


@lru_cache(maxsize=32)
def _forms(secrets: frozenset[str]) -> list[str]:
    """Everything to look for, longest first. Kept, since the secrets of a client are the same for many calls."""
    return sorted({form for one in secrets if one for form in _written(one)}, key=len, reverse=True)


def _written(secret: str) -> Iterator[str]:
    """The secret as texts write it that repeat it: plain, in JSON, in an address, in a page."""
    yield secret
    for ascii_only in (True, False):
        inside = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        for form in (inside, _ESCAPED.sub(_upper, inside)):
            yield from (form, form.replace("/", "\\/"))
    for form in (quote(secret, errors=_ANY), quote(secret, "", errors=_ANY), quote_plus(secret, errors=_ANY)):
        yield from (form, _PERCENT.sub(_lower, form))
    yield from (html.escape(secret), html.escape(secret, quote=False))


def _upper(found: re.Match[str]) -> str:
    return found[1] + found[2].upper()


def _lower(found: re.Match[str]) -> str:
    return found[0].lower()


def _without(text: str, secret: str) -> str:
    """A short secret is taken out only where it stands alone, or every word that holds it would be torn."""
    if len(secret) >= 8:
        return text.replace(secret, MASK)
    return re.sub(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", MASK, text)
