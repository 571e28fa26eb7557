"""`manage.py bench [NAME …]`: benchmarks as ratios, each in one run; without a name all of them."""

import argparse

from django.core.management.base import BaseCommand

from deployer.management.house import settings_are_sound
from deployer.rehearsal.bench import pickers, sending
from deployer.rehearsal.processes import ended_by_sigterm

BENCHES = {"pickers": pickers.run, "sending": sending.run}


def known(name: str) -> str:
    if name not in BENCHES:
        raise argparse.ArgumentTypeError(f"there is no benchmark {name}; there is {', '.join(BENCHES)}")
    return name


class Command(BaseCommand):
    """The real database is not opened, so it need not be ready."""

    requires_system_checks = []
    help = "Measure, in a database of its own that is gone afterwards, and print ratios."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", type=known, metavar="NAME", help=", ".join(BENCHES))

    def handle(self, *arguments, **options) -> None:
        settings_are_sound()
        with ended_by_sigterm():
            for name in options["names"] or BENCHES:
                BENCHES[name](self.stdout.write)
