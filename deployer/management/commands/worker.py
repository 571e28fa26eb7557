"""`manage.py worker`: one worker; run as many as you like."""

from django.db import connection

from deployer import logs
from deployer.management.house import HouseCommand
from deployer.worker.engine import Engine
from deployer.worker.wakeups import own_name


class Command(HouseCommand):
    help = "Send what was submitted, settle what was lost, watch what runs. Run as many as you like."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--threads", type=int, default=4, choices=range(1, 33), metavar="1-32",
                            help="calls at once in this process (default: %(default)s)")  # fmt: skip

    def act(self, *, threads: int, **options) -> None:
        logs.always(worker=own_name())
        logs.catch_all()
        make_room(threads)
        Engine(threads).run()


def make_room(calls: int) -> None:
    """Each thread may hold a connection: one for each call, the one that makes ready, and the one that keeps house.
    Only PostgreSQL has a pool of them."""
    if pool := getattr(connection, "pool", None):
        pool.resize(pool.min_size, max(pool.max_size, calls + 2))
