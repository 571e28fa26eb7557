"""What is mounted into instances: log volumes, persistent volumes, secrets (2025).

The tables do not say which parts are mandatory, so a missing one warns; a value that is not listed blocks.
"""

from collections.abc import Iterator

from ..edition import Edition
from ..newer import OR_REFUSED, STORAGE
from ..places import short
from ..problems import BLOCK, WARN, Problem
from ..spec import Entry, ServiceSpec
from ..spec_newer import Volume

_LOG = {"host_path": "Say which folder of the node is mounted.", "mount_path": "Say where the folder is mounted."}
_PERSISTENT = {
    "name": "Name the volume.",
    "mount_path": "Say where the volume is mounted.",
    "storage_type": f"Say which storage it is: {STORAGE}.",
    "source_address": "Say where the volume lies (source_address).",
}


def _volumes(entry: Entry) -> Iterator[tuple[Volume, dict[str, str]]]:
    yield from ((volume, _LOG) for volume in entry.more.log_volumes)
    yield from ((volume, _PERSISTENT) for volume in entry.more.persistent_volumes)


def log_volumes_have_a_pool(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Log volumes are folders of nodes of one's own: dedicated pools only."""
    for entry in spec.entries:
        if entry.more.log_volumes and not spec.pool_of(entry):
            words = f"Choose a dedicated pool for {entry.owner}, or take the log volumes out. They need one."
            yield Problem(f"{entry.path}.additional_properties.log_volume", BLOCK, words)


def persistent_volumes_have_a_pool(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The API does not tie them to a pool, the console offers them in dedicated pools only (user manual)."""
    for entry in spec.entries:
        if entry.more.persistent_volumes and not spec.pool_of(entry):
            words = "The console of the cloud mounts storage in dedicated pools only. Here is none."
            yield Problem(f"{entry.path}.additional_properties.persistent_volumes", WARN, words)


def volumes_are_whole(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A volume says what is mounted, and where."""
    for entry in spec.entries:
        for volume, wanted in _volumes(entry):
            for key, words in wanted.items():
                if spec.lacks(f"{volume.path}.{key}", getattr(volume, key)):
                    yield Problem(f"{volume.path}.{key}", WARN, f"{words} {OR_REFUSED}")


def volumes_are_mounted_from_the_root(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The console wants mount paths that start with / (user manual)."""
    for entry in spec.entries:
        for volume, _ in _volumes(entry):
            if volume.mount_path and not volume.mount_path.startswith("/"):
                words = f'The mount path should start with /. "{short(volume.mount_path)}" does not.'
                yield Problem(f"{volume.path}.mount_path", WARN, words)


def storage_type_is_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """One kind of storage is listed."""
    for entry in spec.entries:
        for volume in entry.more.persistent_volumes:
            if volume.storage_type and volume.storage_type != STORAGE:
                words = f'The storage type can only be {STORAGE}. "{short(volume.storage_type)}" is not known.'
                yield Problem(f"{volume.path}.storage_type", BLOCK, words)


def secrets_are_whole(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A mounted secret is an id and a path. Only the cloud knows the secret itself."""
    for secret in spec.more.secrets:
        if spec.lacks(f"{secret.path}.secretId", secret.secret_id):
            yield Problem(f"{secret.path}.secretId", WARN, f"Say which secret is mounted, by its id. {OR_REFUSED}")
        if spec.lacks(f"{secret.path}.mouthPath", secret.mount_path):
            yield Problem(f"{secret.path}.mouthPath", WARN, f"Say where the secret is mounted. {OR_REFUSED}")
