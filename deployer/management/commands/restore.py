"""`manage.py restore FILE [--replace [NAME]]`: bring a backup back."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from deployer.archive import Cannot, bringing, databases
from deployer.management.house import settings_are_sound

ASK = None  # --replace without a name


class Command(BaseCommand):
    """Not a command of the house: those make the tables of an empty database first."""

    requires_system_checks = []
    help = "Check a backup, migrate it, walk its chain, and put it into the database. If that fails, all is as before."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", nargs="?", default="", const=ASK, metavar="NAME",
            help="replace what is there; NAME is the database's, asked for when it is not given",
        )  # fmt: skip

    def handle(self, *, file: Path, replace: str | None, **options: Any) -> None:
        settings_are_sound()
        try:
            brought = bringing.bring(file.absolute(), replace=asked() if replace is ASK else replace)
        except (Cannot, DatabaseError) as error:
            raise CommandError(f"{str(error).splitlines()[0]} Nothing was changed.") from error
        facts = brought.manifest
        self.stdout.write(f"{facts.rows} rows of {facts.made_at} are back. The chain holds: {facts.length} events.")
        if brought.held:
            rows = "1 submission waits" if brought.held == 1 else f"{brought.held} submissions wait"
            self.stdout.write(f"{rows} for a person: the cloud may have them since. See In flight.")
        if brought.lost:
            self.stdout.write(
                f"No key opens the credentials of {', '.join(brought.lost)}. Put the key of that time behind the "
                "others in DEPLOYER_ENCRYPTION_KEYS, or set them anew with the command target."
            )


def asked() -> str:
    """The name as somebody types it."""
    sys.stderr.write(f"Everything in the database {databases.name()} is replaced. Type its name: ")
    sys.stderr.flush()
    return sys.stdin.readline(4096).strip() if sys.stdin else ""
