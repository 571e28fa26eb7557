"""`manage.py submissions --json`: every submission, one JSON object a line, for scripts."""

import json

from deployer.management.house import HouseCommand
from deployer.models import Submission

FACTS = ("deployment_id", "target__name", "outcome", "attempts", "service_id", "service_name")


class Command(HouseCommand):
    help = "List every submission, oldest deployment first."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def act(self, **options) -> None:
        rows = Submission.objects.order_by("deployment_id", "pk").values_list(*FACTS)
        for number, target, outcome, attempts, service_id, name in rows.iterator(2000):
            facts = {
                "number": number,
                "target": target,
                "outcome": outcome,
                "attempts": attempts,
                "service_id": service_id,
                "service_name": name,
            }
            self.stdout.write(json.dumps(facts) if options["json"] else line(facts))


def line(facts: dict) -> str:
    attempts = f"{facts['attempts']} attempt" + ("" if facts["attempts"] == 1 else "s")
    service = facts["service_id"] or "no service"
    left = f"{facts['number']:>6}  {facts['target']:<12} {facts['outcome']:<10} {attempts:<12}"
    return f"{left} {service}  {facts['service_name']}"
