"""The sandbox alone: `python3 manage.py sandbox [--port 8100] [--data FILE] [--speed 1]`."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deployer.sandbox.keeping import BadData
from deployer.sandbox.server import Sandbox


def speed(text: str) -> float:
    value = float(text)
    if not 0 < value <= 100_000:
        raise ValueError
    return value


class Command(BaseCommand):
    help = (
        "Run a small ModelArts and IAM of our own on 127.0.0.1, until Ctrl-C. User, password and domain are demo. "
        "A model id that contains fail, concern or stuck, or the variable SANDBOX_FATE with one of these words, "
        "decides how a deployment goes."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8100, help="0 takes a free one")
        parser.add_argument("--data", default=None, metavar="FILE", help="keep the services in this JSON file")
        parser.add_argument("--speed", type=speed, default=1.0, help="how fast services live, 1 is real time")

    def handle(self, *args: Any, **options: Any) -> None:
        over = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        sandbox = self.sandbox(options)
        with sandbox:
            self.stdout.write(f"Sandbox: {sandbox.url}/")
            self.stdout.flush()
            over.wait()

    def sandbox(self, options: dict[str, Any]) -> Sandbox:
        try:
            return Sandbox(port=options["port"], data=options["data"], speed=options["speed"])
        except BadData as error:
            raise CommandError(str(error)) from None
        except (OSError, OverflowError) as error:
            sentence = (
                f"The sandbox cannot listen on port {options['port']} of 127.0.0.1: {error}. Choose another --port."
            )
            raise CommandError(sentence) from None
