"""The product's settings for worker processes of the matrix: short deadlines, so that a hundred faults fit a minute.

FAULTS_LOCK: seconds a worker waits for a lock on SQLite, where a test wants it to be met and not waited out.
"""

import os

from deployer.settings import *  # noqa: F403
from deployer.settings import DATABASES

CLOUD_TIMEOUT = (1.0, 2.0)
CLOUD_DEADLINE = 3.0

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["timeout"] = int(os.environ.get("FAULTS_LOCK", "20"))
