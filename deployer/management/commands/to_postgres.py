"""`manage.py to_postgres [URL]`: move everything from SQLite to PostgreSQL."""

import argparse
import os
import sys
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from deployer.archive import Cannot, moving
from deployer.management import secrets
from deployer.management.house import HouseCommand


class Command(HouseCommand):
    help = (
        "Copy everything from the SQLite database of DATABASE_URL into an empty PostgreSQL database. Without URL it "
        "comes from DEPLOYER_TO_DATABASE_URL or standard input, where nobody sees the password in it."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("url", nargs="?", default="", metavar="URL", help="postgres://user:password@host:5432/name")

    def act(self, *, url: str, **options: Any) -> None:
        url = url or secrets.given("DEPLOYER_TO_DATABASE_URL", "Address of the PostgreSQL database: ")
        os.environ.pop("DEPLOYER_TO_DATABASE_URL", None)
        try:
            moved = moving.move(url, said=self.said)
        except Cannot as error:
            raise CommandError(f"{error} Nothing was moved.") from error
        except DatabaseError as error:
            raise CommandError(f"The database there: {str(error).splitlines()[0]}. Nothing was moved.") from error
        self.stdout.write(f"{moved} rows are in PostgreSQL, and the chain holds there.")
        self.stdout.write("Set DATABASE_URL to the new address for every web process and worker, then start them.")

    def said(self, table: str, rows: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K{table}: {rows}", ending="")
