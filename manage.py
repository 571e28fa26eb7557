#!/usr/bin/env python3
"""The one door: `python3 manage.py demo`, `python3 manage.py test`, and Django's own commands."""

import os
import sys


def main() -> None:
    from deployer import bootstrap

    bootstrap.bring_up(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deployer.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
