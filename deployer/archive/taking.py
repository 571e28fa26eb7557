"""Making a backup: one file with everything but the keys, and the keys in a second one where asked for."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from deployer.archive import Cannot, manifest, postgres, sqlite
from deployer.archive.manifest import Manifest


def take(into: Path, *, keys: Path | None = None) -> Manifest:
    """Write the backup, and the keys beside it only where somebody named a file for them. Raises Cannot."""
    for path in filter(None, (into, keys)):
        must_be_free(path)
    made_at = timezone.now()
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=into.parent) as folder:  # beside it: there is the room
        data = Path(folder) / manifest.DATA
        tables, migrations, (length, head) = {"sqlite": sqlite, "postgresql": postgres}[connection.vendor].dump(data)
        facts = Manifest(
            made_at=made_at.isoformat(timespec="seconds"),
            version=manifest.version(),
            vendor=connection.vendor,
            migrations=migrations,
            tables=tables,
            length=length,
            head=head,
            sha256=manifest.digest(data),
            bytes=data.stat().st_size,
        )
        manifest.pack(data, facts, into)
    if keys:
        write_keys(keys)
    return facts


def must_be_free(path: Path) -> None:
    if path.exists():
        raise Cannot(f"{path} is there already. Choose another name: a backup replaces nothing.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise Cannot(f"The folder {path.parent} is missing or cannot be written.")


def write_keys(path: Path) -> None:
    """As an environment file, for its owner's eyes alone."""
    lines = [f"SECRET_KEY={settings.SECRET_KEY}", f"DEPLOYER_ENCRYPTION_KEYS={','.join(settings.ENCRYPTION_KEYS)}"]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
