"""`manage.py seed_history --deployments N [--seed 7]`: a believable past in bulk, for trials of scale."""

import argparse
import sys

from deployer.management.house import HouseCommand
from deployer.rehearsal.past import writing


def count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError("from 1 to 10000000")
    return number


class Command(HouseCommand):
    help = "Write past deployments with versions, decisions, submissions, services and a chain of events that holds."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--deployments", type=count, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=7, help="other numbers give another past (default: 7)")

    def act(self, **options) -> None:
        number = options["deployments"]

        def said(done: int) -> None:
            if sys.stderr.isatty():
                self.stderr.write(f"\r{done} of {number}", ending="\n" if done == number else "")

        writing.seed(number, options["seed"], said=said)
        self.stdout.write(f"{number} past deployments are written.")
