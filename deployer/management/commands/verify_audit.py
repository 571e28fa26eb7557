"""`manage.py verify_audit`: walk the chain of events; exit 1 and name the first broken link."""

import sys

from deployer.management.house import HouseCommand
from deployer.workflow import history


class Command(HouseCommand):
    help = "Check that every event says what it said when it was written, and that none is missing."

    def act(self, **options) -> None:
        result = history.verify()
        if isinstance(result, history.Broken):
            self.stdout.write(f"The chain is broken at event {result.number}. {result.why}")
            sys.exit(1)
        self.stdout.write(f"The chain holds: {result} event{'' if result == 1 else 's'}.")
