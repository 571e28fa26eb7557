"""Encrypting what is encrypted anew with the first key, so that older keys can be thrown away."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast

from deployer.models import Target
from deployer.models.encrypted import box, encrypted_columns
from deployer.workflow import history

PORTION = 100
TRIES = 5  # of one value that somebody else keeps changing


@dataclass
class Rotated:
    """What a rotation found: values encrypted anew, values that were so already, targets no key opens."""

    anew: int = 0
    already: int = 0
    lost: list[str] = field(default_factory=list)

    @property
    def values(self) -> int:
        return self.anew + self.already


def rotate() -> Rotated:
    """Walk every encrypted column in portions. Safe to repeat, and to run while others work.

    A value that changed since it was read is read again, never overwritten. Nothing but the ciphertext changes, so
    pages that are open stay valid. Writes one event with figures and names, never a key or a value.
    """
    done = Rotated()
    for model, column in encrypted_columns():
        for key in keys_of(model, column):
            outcome = rotate_one(model, column, key)
            if outcome == "lost" and model is Target:
                name = Target.objects.values_list("name", flat=True).get(pk=key)
                done.lost += [name] if name not in done.lost else []
            done.anew += outcome == "anew"
            done.already += outcome == "already"
    if done.anew:
        with transaction.atomic():
            data = {"values": done.anew, "cannot_be_opened": done.lost}
            history.write([history.Entry("keys_rotated", None, data=data)])
    return done


def keys_of(model: type[models.Model], column: str) -> Iterator[int]:
    """The rows that hold something in this column, a portion at a time."""
    after = 0
    while True:
        rows = sealed(model, column).filter(pk__gt=after).exclude(sealed="").order_by("pk")
        portion = list(rows.values_list("pk", flat=True)[:PORTION])
        yield from portion
        if len(portion) < PORTION:
            return
        after = portion[-1]


def sealed(model: type[models.Model], column: str) -> Any:
    """A queryset of rows with the column as it lies in the database, still encrypted."""
    return model._default_manager.annotate(sealed=Cast(column, models.TextField()))


def rotate_one(model: type[models.Model], column: str, key: int) -> str:
    """`anew`, `already`, `lost`, or `gone` when there is nothing to open any more."""
    for _ in range(TRIES):
        text = sealed(model, column).filter(pk=key).values_list("sealed", flat=True).first()
        if not text:
            return "gone"
        if opens(text):
            return "already"
        try:
            plain = box().decrypt(text.encode()).decode()
        except InvalidToken:
            return "lost"
        if sealed(model, column).filter(pk=key, sealed=text).update(**{column: plain}):
            return "anew"
    return "gone"


def opens(text: str) -> bool:
    """Whether the first key alone opens it."""
    try:
        Fernet(settings.ENCRYPTION_KEYS[0]).decrypt(text.encode())
    except InvalidToken:
        return False
    return True
