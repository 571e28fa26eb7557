"""The product's settings as tests see them: plain http, local targets, quick passwords, a database in a file.

A file, because threads and processes meet in it; without fsync, because a test's data need not survive a crash.
"""

import os
import tempfile
from pathlib import Path

_here = Path(tempfile.gettempdir()) / f"deployer-tests-{os.getuid()}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
_here.mkdir(exist_ok=True, mode=0o700)
os.environ.update(
    DEPLOYER_VAR=str(_here),
    DEPLOYER_PLAIN_HTTP="1",
    DEPLOYER_ALLOW_LOCAL_TARGETS="1",
    SECRET_KEY="only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
)
os.environ.pop("DEBUG", None)

from deployer.settings import *  # noqa: E402, F403
from deployer.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
WHITENOISE_AUTOREFRESH = True  # looks for a file when it is asked for, not for all of them with each new client

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_here / f"test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
