"""Keys that were not given by the environment are made once and kept in files only their owner may read."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], str]) -> str:
    """The key in this file; made now if there is none. Two first starts at once agree on one key."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(make() + "\n")
    try:
        os.link(waiting, path)  # fails if somebody was quicker; then theirs is the key
    except FileExistsError:
        pass
    finally:
        waiting.unlink()
    return path.read_text().strip()


def new_secret() -> str:
    return secrets.token_urlsafe(64)


def new_fernet() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
