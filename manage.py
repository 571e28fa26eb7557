#!/usr/bin/env python3
"""The one door: `python3 manage.py demo`, `python3 manage.py test`, and Django's own commands."""

import os
import signal
import sys


def main() -> None:
    if sys.argv[1:2] == ["worker"]:  # asked to end while it still starts: there is nothing to finish yet
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
    from deployer import bootstrap

    bootstrap.bring_up(sys.argv)
    if sys.argv[1:2] == ["demo"]:  # it uses its own folder alone, which the settings must know from the start
        from deployer.rehearsal import place

        place.prepare(sys.argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deployer.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
