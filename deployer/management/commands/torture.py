"""`manage.py torture [--rounds N] [--minutes M] [--workers 4] [--seed S] [--postgres]`: random kills, without end.

Everything is private and gone afterwards, also when it is ended early: database, sandbox, workers. After a violation
the evidence stays.
"""

import argparse
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from deployer.management.house import settings_are_sound
from deployer.rehearsal import postgres
from deployer.rehearsal.bench import ground
from deployer.rehearsal.processes import ended_by_sigterm, run_to_end
from deployer.rehearsal.torture import cloud, rounds
from deployer.rehearsal.torture.hands import Hands


def count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("from 1 to 1000000")
    return number


class Command(BaseCommand):
    help = "Kill workers at random moments while they send, and judge what the cloud did. Exit 1 with a violation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--rounds", type=count, default=None, metavar="N", help="default 20, or no end by --minutes"
        )
        parser.add_argument("--minutes", type=float, default=None, metavar="M", help="stop after so long")
        parser.add_argument("--workers", type=int, default=4, choices=range(1, 17), metavar="1-16")
        parser.add_argument("--seed", type=int, default=None, metavar="S", help="repeats the choices of a run")
        parser.add_argument("--postgres", action="store_true", help="on a private PostgreSQL server")

    def handle(self, **options) -> None:
        settings_are_sound()
        with ended_by_sigterm():
            if options["postgres"]:
                sys.exit(on_postgres(sys.argv))
            self.torture(options)

    def torture(self, options: dict) -> None:
        seed = options["seed"] if options["seed"] is not None else secrets.randbelow(1_000_000)
        folder = Path(tempfile.mkdtemp(prefix="deployer-torture-"))
        self.stdout.write(f"seed {seed}, {options['workers']} workers")
        try:
            violations = self.play(seed, folder, options)
        except (KeyboardInterrupt, SystemExit):  # nobody asked for evidence
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if violations:
            raise CommandError("\n".join([*violations[:20], f"Seed {seed}. The evidence is in {folder}."]))
        shutil.rmtree(folder)

    def play(self, seed: int, folder: Path, options: dict) -> list[str]:
        minutes = options["minutes"]
        number = options["rounds"] or (20 if minutes is None else 1_000_000)
        with ground.ground(), cloud.sandbox(folder) as doors:
            hands = Hands(folder, options["workers"])
            try:
                torture = rounds.Torture(seed, doors, hands, self.stdout.write)
                tally = torture.run(rounds=number, seconds=float("inf") if minutes is None else minutes * 60)
                if tally.violations:
                    rounds.keep_evidence(folder, torture)
            finally:
                hands.go_home()
        ends = ", ".join(f"{number} {outcome}" for outcome, number in sorted(tally.outcomes.items()))
        self.stdout.write(
            f"rounds {tally.rounds}, kills {tally.kills}, jobs {tally.jobs} ({ends}), "
            f"longest wait for calm {max(tally.calm_seconds):.0f} s, violations {len(tally.violations)}"
        )
        return tally.violations


def on_postgres(arguments: list[str]) -> int:
    """The same once more, on a server of its own."""
    if postgres.programs() is None:
        raise CommandError("There is no PostgreSQL here: apt-get install postgresql")
    words = [word for word in arguments if word != "--postgres"]
    with postgres.server() as url:
        return run_to_end([sys.executable, *words], env=os.environ | {"DATABASE_URL": url}).returncode
