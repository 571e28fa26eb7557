"""logs: what a process SAYS while it works. One line a record, as JSON or for people, and never a secret.

Standard library and the masking of `modelarts` alone, since the settings read this room before Django is there.
What surprised us: what comes after the first line of a database's complaint quotes the whole row; and a secret that
does not print itself still does where a message asks for it with %s.
"""

from deployer.logs.context import about, always
from deployer.logs.setup import FORMATS, LEVELS, catch_all, configured

__all__ = ["FORMATS", "LEVELS", "about", "always", "catch_all", "configured"]
