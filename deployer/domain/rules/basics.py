"""Name, description and inference type: table 2."""

import re
from collections.abc import Iterator

from ..edition import Edition
from ..places import short
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec
from ..tables import BATCH, REAL_TIME

MOST_NAME = 64
MOST_DESCRIPTION = 100
EDGE = "edge"
# "!<>+&\"' are not allowed": API reference of 2025, CreateService, description. An update forbids other signs.
NOT_DESCRIBED = "!<>+&\"'"
# "Only letters, digits, hyphens (-), and underscores (_) are allowed": table 2, service_name.
NAME = re.compile(r"[A-Za-z0-9_-]*")


def name_is_given(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A service has a name."""
    if spec.lacks("service_name", spec.service_name):
        yield Problem("service_name", BLOCK, "Give the service a name.")


def name_fits(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A name has 1 to 64 letters, digits, hyphens and underscores."""
    name = spec.service_name or ""
    if not NAME.fullmatch(name):
        wrong = next(sign for sign in name if not NAME.fullmatch(sign))
        seen = f'"{wrong}"' if wrong.isprintable() else f"U+{ord(wrong):04X}"
        words = f"A name has letters (A to Z), digits, hyphens and underscores. {seen} is none of them."
        yield Problem("service_name", BLOCK, words)
    elif len(name) > MOST_NAME:
        yield Problem("service_name", BLOCK, f"The name has {len(name)} characters. It may have {MOST_NAME}.")


def name_starts_with_a_letter(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The document does not ask for it, the vendor's SDK reference does."""
    name = spec.service_name or ""
    if name and NAME.fullmatch(name) and not name[0].isalpha():
        words = f"The name starts with {name[0]}, not with a letter. Some editions of the API refuse that."
        yield Problem("service_name", WARN, words)


def description_fits(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A description has at most 100 characters."""
    length = len(spec.description or "")
    if length > MOST_DESCRIPTION:
        words = f"The description has {length} characters. It may have {MOST_DESCRIPTION}."
        yield Problem("description", BLOCK, words)


def description_is_plain(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Seven signs are not allowed in the description of a new service."""
    wrong = [sign for sign in NOT_DESCRIBED if sign in (spec.description or "")]
    if wrong:
        words = f"The description may not have {' '.join(NOT_DESCRIBED)} in it. Take {' '.join(wrong)} out."
        yield Problem("description", BLOCK, words)


def type_is_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The inference type is one of two words, never a spelling near them."""
    if spec.lacks("infer_type", spec.infer_type):
        yield Problem("infer_type", BLOCK, "Choose the inference type: real-time or batch.")
    elif spec.infer_type == EDGE and edition.has_newer:
        # Known to this edition, but not composed here: decision 8.
        words = "Edge services are not composed here. What you typed is kept. Deploy it in the console of the cloud."
        yield Problem("infer_type", BLOCK, words)
    elif spec.infer_type is not None and spec.infer_type not in (REAL_TIME, BATCH):
        words = f'The inference type is real-time or batch. "{short(spec.infer_type)}" is neither.'
        yield Problem("infer_type", BLOCK, words)
