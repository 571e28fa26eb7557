"""What a backup says about itself: version, migrations, rows of each table, the chain, checksums."""

import hashlib
import json
import tomllib
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from deployer.archive import Cannot

FORMAT = 1
ROOT = Path(__file__).resolve().parents[2]
LARGEST = 1_000_000  # bytes of a manifest
NAME, DATA = "manifest.json", "data"

LEFT_BEHIND = ("django_session", "cache_entries", "deployer_heartbeat")
"""Who is signed in, what is only remembered for a while, and which processes run: people log in again."""


@dataclass(frozen=True)
class Manifest:
    """The facts a restore is checked against."""

    made_at: str
    version: str
    vendor: str  # sqlite or postgresql
    migrations: list[str]  # app.name
    tables: dict[str, int]
    length: int
    head: str
    sha256: str
    bytes: int
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(data: Path, manifest: Manifest, into: Path) -> None:
    """One file, complete or not there."""
    aside = into.with_name(f".{into.name}.part")
    try:
        aside.unlink(missing_ok=True)
        aside.touch(mode=0o600)
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as file:
            file.writestr(NAME, json.dumps(asdict(manifest), indent=2))
            file.write(data, DATA)
        aside.replace(into)
    finally:
        aside.unlink(missing_ok=True)


def unpack(archive: Path, folder: Path) -> tuple[Manifest, Path]:
    """Its manifest and its data, which is as long and has the checksum that the manifest says. Raises Cannot."""
    try:
        with zipfile.ZipFile(archive) as file:
            if file.getinfo(NAME).file_size > LARGEST:
                raise Cannot(f"{archive} is no backup of Deployer.")
            manifest = read(json.loads(file.read(NAME)))
            if file.getinfo(DATA).file_size != manifest.bytes:
                raise Cannot(f"{archive} is damaged: its data is not as long as it was.")
            data = Path(file.extract(DATA, folder))
    except FileNotFoundError:
        raise Cannot(f"There is no file {archive}.") from None
    except (OSError, EOFError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise Cannot(f"{archive} is damaged, or no backup of Deployer ({type(error).__name__}).") from error
    if digest(data) != manifest.sha256:
        raise Cannot(f"{archive} is damaged: its data does not have the checksum it had.")
    return manifest, data


def read(told: dict[str, Any]) -> Manifest:
    if told.get("format") != FORMAT:
        raise Cannot("This backup was made by another version of Deployer, whose format is not known here.")
    return Manifest(**told)
