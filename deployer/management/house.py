"""What our commands have in common: settings that make sense, and a database that is ready."""

import fcntl
import os
import sys

import psycopg
from django.conf import settings
from django.core.checks import ERROR
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from deployer.archive.databases import PATIENCE
from deployer.checks import settings_make_sense


class HouseCommand(BaseCommand):
    """A command that works from a fresh clone, with no other step before it. Its work is its method `act`."""

    requires_system_checks = []  # ours are run below; those of urls and templates are for the web

    def handle(self, *arguments, **options) -> None:
        settings_are_sound()
        ready_database()
        try:
            self.act(**options)
        except BrokenPipeError:
            # Whoever read our output has seen enough (`| head`). What is still buffered goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def settings_are_sound() -> None:
    """Stop with the first senseless setting and its hint."""
    for message in settings_make_sense(None):
        if message.level >= ERROR:
            raise CommandError(f"{message.msg} {message.hint}")


def ready_database() -> None:
    """Make the tables in an empty database; stop where a database with data is behind the code.

    Changing the tables of a database in use is a step somebody should take knowingly.
    """
    try:
        ask_for_it()
        with alone():
            if is_empty():
                call_command("migrate", verbosity=0, interactive=False)
                return
        if behind():
            raise CommandError("The database is behind the code. Make a backup, then run: python3 manage.py migrate")
    except DatabaseError as error:
        raise CommandError(f"The database cannot be used: {str(error).splitlines()[0]}") from error


def ask_for_it() -> None:
    """One connection beside the pool, which keeps the server's words to itself and says that it waited for long."""
    if connection.vendor == "postgresql":
        facts = {"connect_timeout": PATIENCE, **connection.get_connection_params()}
        with connection.wrap_database_errors:
            psycopg.connect(**facts).close()


def is_empty() -> bool:
    return "django_migrations" not in connection.introspection.table_names()


def behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class alone:  # noqa: N801 - reads as a word where it is used
    """Two first commands at once on one machine: the second waits for the first."""

    def __enter__(self) -> None:
        settings.VAR.mkdir(parents=True, exist_ok=True)
        self.file = (settings.VAR / "migrate.lock").open("w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()
