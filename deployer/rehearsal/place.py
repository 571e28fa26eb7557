"""Where a demo lives: its folder and environment. Runs before the settings are read. Standard library only."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = {
    "DEPLOYER_ALLOW_LOCAL_TARGETS": "1",
    "DEPLOYER_PLAIN_HTTP": "1",
    "DEPLOYER_METRICS_OPEN": "1",
    "DJANGO_SETTINGS_MODULE": "deployer.settings",
}
NOT_OURS = (
    "DATABASE_URL", "SECRET_KEY", "DEPLOYER_ENCRYPTION_KEYS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG",
    "EMAIL_URL", "DEPLOYER_METRICS_TOKEN", "DEPLOYER_TARGET_SECRET", "DEPLOYER_PERSON_PASSWORD", "GUNICORN_CMD_ARGS",
    "WEB_CONCURRENCY", "PORT",
)  # fmt: skip
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def prepare(arguments: list[str]) -> None:
    """Make this process one that uses only the demo's folder, whatever the environment says."""
    parser = ArgumentParser(add_help=False)
    parser.add_argument("--data", default=str(ROOT / "var" / "demo"))
    known, _ = parser.parse_known_args(arguments)
    folder = Path(known.data).expanduser().resolve()
    for name in NOT_OURS:
        os.environ.pop(name, None)
    for name in PROXIES:  # everything we speak to is on this machine
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    os.environ.update(OURS, DEPLOYER_VAR=str(folder))
    if sys.stderr and sys.stderr.isatty():  # who watches the demo is told of troubles, not of each page
        os.environ.setdefault("DEPLOYER_ACCESS_LOG", "off")
    os.umask(0o077)  # sessions, hashes and drafts are nobody else's
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "static").mkdir(exist_ok=True)  # stays empty: the web server finds the files where they are
    except OSError as error:
        sys.exit(f"The folder {folder} cannot be made: {error.strerror}. Choose another --data.")
    if not os.access(folder, os.W_OK | os.X_OK):
        sys.exit(f"The folder {folder} cannot be written. Choose another --data.")
