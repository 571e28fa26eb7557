"""More models than anybody has, for trials of scale: the same ones every time, made from their number."""

from __future__ import annotations

import re
from functools import lru_cache

from .models import Model

MOST = 100_000
_ID = re.compile(r"50ca1ab1-e000-4000-8000-([0-9]{12})")
_WHAT = ("sales", "risk", "churn", "stock", "fault", "price", "route", "image", "voice", "claim")
_HOW = ("score", "finder", "watch", "reader", "tagger", "forecast", "rank", "match", "filter", "guess")
_INPUTS = {"text": "string", "score": "number"}


def first(count: int) -> tuple[Model, ...]:
    """The first `count` of them."""
    return _made(count)


@lru_cache(maxsize=4)
def _made(count: int) -> tuple[Model, ...]:
    return tuple(_nth(number) for number in range(count))


def model_of(model_id: str) -> Model | None:
    """The model with such an id, whether it is listed now or not."""
    found = _ID.fullmatch(model_id)
    return _nth(int(found[1])) if found and int(found[1]) < MOST else None


def _nth(number: int) -> Model:
    """A hundred names; of each name a version after the other, newest first."""
    name = f"{_WHAT[number % 10]}-{_HOW[number // 10 % 10]}-{number // 1000:02d}"
    version = f"{9 - number // 100 % 10}.{number % 7}.{number % 11}"
    kind = ("TensorFlow", "PyTorch", "Image", "Custom")[number % 4]
    words = f"Model number {number} of a large catalog"
    return Model(f"50ca1ab1-e000-4000-8000-{number:012d}", name, version, words, kind=kind, inputs=_INPUTS)
