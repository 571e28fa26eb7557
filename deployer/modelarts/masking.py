"""Take credentials out of text before anybody keeps it."""

import re
from collections.abc import Iterable

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
_SIGNATURE = re.compile(r"SDK-HMAC-SHA256\s[^\r\n\"]*")


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the secrets given, without what is named like one, and at most 4 KB of UTF-8 long.

    Masking comes before cutting, so that a cut cannot leave the first half of a secret.
    """
    for secret in sorted({one for one in secrets if one}, key=len, reverse=True):
        text = _without(text, secret)
    text = _SIGNATURE.sub(MASK, text[:_LOOKED_AT])
    text = _NAMED.sub(lambda found: found.group(1) + MASK, text)
    kept = storable(_IAM_TOKEN.sub(MASK, text)[:LONGEST])
    return kept.encode()[:LONGEST].decode(errors="ignore")


def _without(text: str, secret: str) -> str:
    """A short secret is taken out only where it stands alone, or every word that holds it would be torn."""
    if len(secret) >= 8:
        return text.replace(secret, MASK)
    return re.sub(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", MASK, text)
