"""Starts a real worker in a world that is not as it should be: a clock that is off, a name that does not resolve.

FAULTS_CLOCK: seconds by which this process's clock is off. FAULTS_NAMES: a folder; a host below faults.test resolves to
this machine once a file of that name lies there. The worker itself is the product's own command.
"""

import os
import socket
import sys
import time
from pathlib import Path

NAMES = ".faults.test"


def shift_clock() -> None:
    seconds = float(os.environ.get("FAULTS_CLOCK", "0"))
    if seconds:
        import time_machine

        time_machine.travel(time.time() + seconds, tick=True).start()


def stand_in_for_dns() -> None:
    folder, real = os.environ.get("FAULTS_NAMES", ""), socket.getaddrinfo

    def resolve(host, *more, **options):
        if isinstance(host, str) and host.endswith(NAMES):
            if not (Path(folder) / host).exists():
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            host = "127.0.0.1"
        return real(host, *more, **options)

    socket.getaddrinfo = resolve


if __name__ == "__main__":
    shift_clock()
    stand_in_for_dns()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", "worker", *sys.argv[1:]])
