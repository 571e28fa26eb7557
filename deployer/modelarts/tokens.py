"""Tokens kept for the other processes of this machine, in files that nobody else can read.

How to encrypt is the caller's business. A file that is broken, foreign or open to others is as good as none, and a
disk that is full or read-only costs only the sharing: then each process logs in for itself.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from deployer.modelarts.parsing import parsed

_LARGEST = 64 * 1024  # bytes of a file; tokens of IAM have some 2 to 20 KB
_TWO_DAYS = 2 * 86_400.0  # No token lives longer than 24 h: IAM API reference.
_LOOK_AGAIN = 0.02  # seconds


@dataclass(frozen=True)
class Kept:
    """A token, how long it may be used and since when it exists (both by time.time()), and its project's id."""

    token: str = field(repr=False)
    good_until: float
    since: float
    project_id: str = ""


class TokenStore(Protocol):
    """Where tokens lie between processes. Nothing here raises: without a store a login is only made more often."""

    def load(self, key: str) -> Kept | None:
        """What is kept under a key."""

    def save(self, key: str, kept: Kept) -> None:
        """Keep a token in place of the one before."""

    def drop(self, key: str, token: str) -> None:
        """Forget a token, unless another one has taken its place already."""

    def alone(self, key: str, within: float) -> AbstractContextManager[bool]:
        """Be the only one to log in; False when somebody else still is after so many seconds."""


class TokenFolder:
    """Keeps tokens in a folder of this user: one encrypted file for each login, one lock beside it.

    `encrypt` makes text of text; `decrypt` answers None when it cannot read it. The folder is made when needed.
    """

    def __init__(self, folder: str | Path, encrypt: Callable[[str], str], decrypt: Callable[[str], str | None]) -> None:
        self._folder = Path(folder)
        self._encrypt = encrypt
        self._decrypt = decrypt

    def load(self, key: str) -> Kept | None:
        """The token kept under a key, or None: none, unreadable, or not ours."""
        with contextlib.suppress(OSError, ValueError):
            return _kept(self._decrypt(_read(self._path(key, "token"))), key)
        return None

    def save(self, key: str, kept: Kept) -> None:
        """Write a file aside and put it in place at once, so that nobody reads half of it."""
        with contextlib.suppress(OSError, ValueError):
            content = self._encrypt(json.dumps({**asdict(kept), "key": key}))
            self._ready()
            self._sweep()
            handle, aside = tempfile.mkstemp(dir=self._folder, suffix=".part")  # mode 0600
            try:
                with os.fdopen(handle, "w") as file:
                    file.write(content)
                Path(aside).replace(self._path(key, "token"))
            except BaseException:
                Path(aside).unlink(missing_ok=True)
                raise

    def drop(self, key: str, token: str) -> None:
        """Remove the file while it still holds this token. Ask for it inside `alone`: two steps are no single one."""
        kept = self.load(key)
        if kept is not None and kept.token == token:
            with contextlib.suppress(OSError):
                self._path(key, "token").unlink()

    @contextlib.contextmanager
    def alone(self, key: str, within: float) -> Iterator[bool]:
        """A lock across processes and threads. The kernel frees it with the process, so the dead block nobody."""
        handle = None
        with contextlib.suppress(OSError):
            self._ready()
            handle = os.open(self._path(key, "lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        if handle is None:
            yield True  # No disk to lock on, so nothing to share either.
            return
        try:
            yield _locked(handle, within)
        finally:
            os.close(handle)

    def _path(self, key: str, kind: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.{kind}"

    def _ready(self) -> None:
        """Make the folder, for this user alone; OSError when it belongs to somebody else."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self._folder.stat()
        if found.st_uid != os.geteuid():
            raise PermissionError("the folder of tokens belongs to another user")
        if stat.S_IMODE(found.st_mode) != 0o700:
            self._folder.chmod(0o700)

    def _sweep(self) -> None:
        """Take away what no login uses any more; a changed password would leave its file behind for ever."""
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if path.suffix in (".token", ".lock", ".part") and time.time() - path.stat().st_mtime > _TWO_DAYS:
                    path.unlink()


def _locked(handle: int, within: float) -> bool:
    """Whether the lock was got in time. Asked for again and again, since a blocking wait knows no time-out."""
    ends_at = time.monotonic() + within
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends_at:
                return False
            time.sleep(_LOOK_AGAIN)
        except OSError:
            return True  # A file system without locks.
        else:
            with contextlib.suppress(OSError):
                os.utime(handle)  # In use: the sweep leaves it alone.
            return True


def _read(path: Path) -> str:
    """The text of a file that is ours alone; OSError or ValueError when it is not."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise PermissionError("a file of tokens is open to others")
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError("too long for a token")
    return content.decode()


def _kept(content: str | None, key: str) -> Kept | None:
    """What a file says, if it says it of this key: a file moved under another name counts for nothing."""
    found: Any = parsed(content or "null")
    if not isinstance(found, dict) or found.pop("key", None) != key or set(found) != set(Kept.__dataclass_fields__):
        return None
    texts, times = (found["token"], found["project_id"]), (found["good_until"], found["since"])
    fits = all(isinstance(one, str) for one in texts) and all(isinstance(one, float) for one in times)
    if not fits or not found["token"]:
        return None
    return Kept(**found) if found["good_until"] < time.time() + _TWO_DAYS else None
