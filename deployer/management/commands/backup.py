"""`manage.py backup FILE [--keys FILE]`: everything in one file, made while people and workers go on."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from deployer.archive import Cannot, taking
from deployer.management.house import HouseCommand

KEEP = (
    "The keys are not in it. Without SECRET_KEY and DEPLOYER_ENCRYPTION_KEYS (or the folder var/keys) the credentials "
    "of targets cannot be opened: keep them in another place, or write them there with --keys."
)


class Command(HouseCommand):
    help = "Write everything but the keys and who is signed in into one file. Others may work meanwhile."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="must not be there yet")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="write the keys into this second file, mode 0600")

    def act(self, *, file: Path, keys: Path | None, **options: Any) -> None:
        try:
            made = taking.take(file.absolute(), keys=keys.absolute() if keys else None)
        except Cannot as error:
            raise CommandError(str(error)) from error
        events = "1 event" if made.length == 1 else f"{made.length} events"
        self.stdout.write(f"{file} holds {made.rows} rows, {events} among them, of {made.made_at}.")
        self.stdout.write(f"The keys are in {keys}: keep it in another place." if keys else KEEP)
