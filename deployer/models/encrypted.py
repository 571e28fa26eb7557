"""A text column that is encrypted at rest. The first key encrypts, every listed key decrypts."""

from collections.abc import Iterator

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import models


def box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


class CannotDecrypt(Exception):
    """None of the keys in DEPLOYER_ENCRYPTION_KEYS opens this value."""


class Sealed(str):
    """A secret in memory: a string that does not print itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Sealed(…)"


class EncryptedTextField(models.TextField):
    """Plain text in Python, a Fernet token in the database."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return box().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value, expression, connection):
        if not value:
            return value
        try:
            return Sealed(box().decrypt(value.encode()).decode())
        except InvalidToken:
            # Not raised here: a list of targets must still open when a key is lost. Using it raises.
            return LOST


def encrypted_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every encrypted column of our tables, found by its type: a new one is not forgotten."""
    for model in apps.get_app_config("deployer").get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, EncryptedTextField):
                yield model, column.name


class _Lost(str):
    """Stands where a secret can no longer be read."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Lost(…)"


LOST = _Lost("")
