"""`manage.py rotate_keys`: encrypt all secrets anew with the first key; exit 1 if one cannot be opened."""

import sys

from deployer.management.house import HouseCommand
from deployer.workflow import rotation


class Command(HouseCommand):
    help = (
        "Encrypt what is encrypted anew with the first of DEPLOYER_ENCRYPTION_KEYS. Safe to repeat and to run while "
        "others work. Afterwards the older keys can be taken out."
    )

    def act(self, **options) -> None:
        done = rotation.rotate()
        values = "1 value" if done.values == 1 else f"{done.values} values"
        self.stdout.write(
            f"{values} {'lies' if done.values == 1 else 'lie'} under the first key, {done.anew} of them since now."
        )
        if done.lost:
            self.stdout.write(
                f"No key opens the secrets of {', '.join(done.lost)}. Put the missing key behind the others in "
                "DEPLOYER_ENCRYPTION_KEYS and run this again, or set the secrets anew with the command target."
            )
            sys.exit(1)
