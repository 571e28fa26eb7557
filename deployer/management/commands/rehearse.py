"""`manage.py rehearse --deployments N --target NAME`: a drill for the sender; prints the numbers as JSON."""

import argparse
import json

from django.conf import settings
from django.core.management.base import CommandError

from deployer.management.house import HouseCommand
from deployer.models import Target
from deployer.rehearsal.drill import CannotDrill, drill
from deployer.worker.preflight import preflight
from deployer.workflow.errors import HasProblems, NotAllowed


def count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("from 1 to 1000000")
    return number


class Command(HouseCommand):
    help = "Take small deployments through the real verbs up to submitted. Only where local targets are allowed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--deployments", type=count, required=True, metavar="N")
        parser.add_argument("--target", required=True, metavar="NAME")

    def act(self, **options) -> None:
        if not settings.ALLOW_LOCAL_TARGETS:
            raise CommandError("Drills send for real. They run only with DEPLOYER_ALLOW_LOCAL_TARGETS=1.")
        target = Target.objects.filter(name=options["target"]).first()
        if target is None:
            raise CommandError(f"There is no target named {options['target']}. Make it with: manage.py target")
        try:
            numbers = list(drill(target, options["deployments"], preflight))
        except (CannotDrill, NotAllowed) as error:
            raise CommandError(str(error)) from None
        except HasProblems as error:
            raise CommandError(" ".join(problem.message for problem in error.problems)) from None
        self.stdout.write(json.dumps(numbers))
