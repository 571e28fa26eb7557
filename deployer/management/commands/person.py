"""`manage.py person NAME --roles author,approver`: create or change somebody who may log in."""

import argparse

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from deployer.management import secrets
from deployer.management.house import HouseCommand
from deployer.models import Person
from deployer.models.person import ROLES
from deployer.workflow import people


def roles(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


class Command(HouseCommand):
    help = (
        "Create or change a person. The password comes from DEPLOYER_PERSON_PASSWORD or standard input; "
        "somebody who exists keeps theirs when none is given."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="what they log in with")
        parser.add_argument("--roles", type=roles, required=True, help=f"of {', '.join(ROLES)}; separated by commas")
        parser.add_argument("--full-name", default="", help="how others see them: Alice Brandt")

    def act(self, *, name: str, roles: list[str], full_name: str, **options) -> None:
        problems = people.problems_with(name, roles)
        if problems:  # said before anybody types a password in vain
            raise CommandError(" ".join(problem.message for problem in problems))
        password = secrets.given("DEPLOYER_PERSON_PASSWORD", f"Password of {name} (empty keeps the present one): ")
        if not password and not Person.objects.filter(username=name).exists():
            raise CommandError(f"{name} is new: give a password in DEPLOYER_PERSON_PASSWORD or on standard input.")
        self.warn(password)
        person, is_new = people.save(name, roles=roles, password=password, full_name=full_name)
        what = "can log in now" if is_new else "is changed"
        self.stdout.write(f"{person.username} {what}: {', '.join(person.role_names) or 'no role'}.")

    def warn(self, password: str) -> None:
        """A weak password is said, not refused: who may run this command may decide."""
        try:
            if password:
                validate_password(password)
        except ValidationError as error:
            self.stderr.write(f"A weak password. {' '.join(error.messages)}")
