"""`manage.py worker`: one worker; run as many as you like."""

from deployer import logs
from deployer.management.house import HouseCommand
from deployer.worker.engine import Engine, own_name


class Command(HouseCommand):
    help = "Send what was submitted, settle what was lost, watch what runs. Run as many as you like."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--threads", type=int, default=4, choices=range(1, 33), metavar="1-32",
                            help="calls at once in this process (default: %(default)s)")  # fmt: skip

    def act(self, *, threads: int, **options) -> None:
        logs.always(worker=own_name())
        logs.catch_all()
        Engine(threads).run()
