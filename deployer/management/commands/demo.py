"""`manage.py demo`: everything at once on this machine, with people, targets and a cloud of our own."""

import argparse
import signal
import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from deployer.management.house import settings_are_sound
from deployer.rehearsal import cast, stage
from deployer.rehearsal.processes import Died, Troupe, say
from deployer.rehearsal.stage import Cannot, Stage


class AskedToEnd(BaseException):
    """Ctrl-C or SIGTERM, wherever we are."""


def workers(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 16:
        raise argparse.ArgumentTypeError("from 0 to 16")
    return number


class Command(BaseCommand):
    help = "Start sandbox, worker and pages with demo people and targets; Ctrl-C stops everything."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the pages (default: %(default)s)")
        parser.add_argument("--sandbox-port", type=int, default=8100, help="of the cloud (default: %(default)s)")
        parser.add_argument("--data", metavar="DIR", help="where everything is kept (default: var/demo)")
        parser.add_argument("--workers", type=workers, default=1, help="how many workers (default: %(default)s)")
        parser.add_argument("--check", action="store_true", help="walk the main job once, then end with 0 or 1")

    def handle(self, **options) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, asked)
        # `place.prepare` has made the folder before the settings were read.
        here = Stage(settings.VAR, options["port"], options["sandbox_port"], options["workers"])
        try:
            settings_are_sound()
            with stage.taken(here.folder):
                self.play(here, check=options["check"])
        except AskedToEnd:
            say("Stopped.")
        except (Cannot, Died) as error:
            raise CommandError(str(error)) from None

    def play(self, here: Stage, *, check: bool) -> None:
        """From the first table to the last process, and back down whatever happens."""
        troupe = Troupe()
        try:
            self.open(troupe, here)
            if check:
                self.walk(here)
            while not check:
                troupe.keep_going()
                time.sleep(0.2)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            troupe.stop()

    def open(self, troupe: Troupe, here: Stage) -> None:
        stage.check_ports(here)
        call_command("migrate", verbosity=0, interactive=False)
        cast.people_come()
        cast.targets_stand(here.sandbox)
        stage.enter(troupe, here)
        stage.wait_until_ready(troupe, here)
        self.stdout.write(f"Ready: {here.url}")
        self.stdout.flush()

    def walk(self, here: Stage) -> None:
        from deployer.rehearsal import walk

        if not walk.main_job(here):
            raise CommandError("The main job did not work. The last line above says where.")
        say("The main job works.")


def asked(*_: object) -> None:
    raise AskedToEnd
