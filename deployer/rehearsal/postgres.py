"""A private PostgreSQL server in a temporary folder on a Unix socket, gone when the run is over."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# What is lost in a crash does not matter to a test.
HASTY = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, newest version first, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    return Path(there).resolve().parent if there else None


@contextlib.contextmanager
def server(settings: str = HASTY) -> Iterator[str]:
    """Run one with these options; yields its DATABASE_URL."""
    home = programs()
    if home is None:
        raise RuntimeError("There is no PostgreSQL here: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="deployer-pg-", ignore_cleanup_errors=True) as folder:
        # initdb refuses root, so the server belongs to nobody where the tests run as root.
        user = "nobody" if os.geteuid() == 0 else None
        if user:
            shutil.chown(folder, user)
        data = Path(folder) / "data"

        def run(*command: object) -> None:
            log = Path(folder) / "tools.log"
            words = [str(word) for word in command]
            done = subprocess.run(  # noqa: S603 - the server's own programs
                words, user=user, cwd=folder, capture_output=True, text=True, check=False
            )
            if done.returncode:
                server_log = Path(folder) / "log"
                more = server_log.read_text() if server_log.exists() else ""
                raise RuntimeError(f"{log.name} {words[0]}: {done.stdout}{done.stderr}{more}")

        run(home / "initdb", "-D", data, "-U", "deployer", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"{settings} -k {folder}"
        try:
            run(home / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
            yield f"postgres://deployer@/{folder}/postgres"  # the folder begins with a slash: a socket
        finally:
            if (data / "postmaster.pid").exists():
                run(home / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
