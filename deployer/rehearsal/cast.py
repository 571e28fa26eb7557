"""The demo's people and targets, as CONTRACT.md names them. Made once; later starts cost nothing."""

from django.contrib.auth.hashers import make_password

from deployer.models import Person, Target
from deployer.workflow import people, targets

PEOPLE = {
    "alice": ("Alice Brandt", ["author"]),
    "bob": ("Bob Kessler", ["approver", "author"]),
    "carol": ("Carol Nowak", ["approver", "author"]),
    "olga": ("Olga Marin", ["operator"]),
    "victor": ("Victor Hahn", ["viewer"]),
    "root": ("Root Admin", ["admin"]),
}
PASSWORD = "demo"  # noqa: S105 - the demo listens on loopback only, and everybody may know it

# The sandbox's one account: CONTRACT.md, "The sandbox's own doors".
ACCOUNT = {"login": "password", "username": "demo", "domain_name": "demo", "region": "region-1"}
SANDBOX_SECRET = "demo"  # noqa: S105
TARGETS = {
    "dev": {
        "project_id": "5a0d80b5c0de4c0fa11ab1e5eed00001",
        "project_name": "region-1",
        "approvals": 1,
        "preflight": "advise",
    },
    "prod": {
        "project_id": "5a0d80b5c0de4c0fa11ab1e5eed00002",
        "project_name": "region-1_prod",
        "approvals": 2,
        "preflight": "required",
    },
}
QUIET_SECONDS = 60  # a lost answer is looked for so long; real targets take ten minutes


def people_come() -> None:
    """The demo's people, with their password. Who is there keeps roles and password as they are now."""
    there = set(Person.objects.filter(username__in=PEOPLE).values_list("username", flat=True))
    if there == set(PEOPLE):
        return
    hashed = make_password(PASSWORD)  # slow on purpose, so once for all six
    for username, (name, roles) in PEOPLE.items():
        if username not in there:
            people.save(username, roles=roles, hashed=hashed, full_name=name)


def targets_stand(sandbox: str) -> None:
    """The demo's targets, at this start's sandbox. A policy that somebody changed meanwhile stays changed."""
    there = {target.name: target for target in Target.objects.filter(name__in=TARGETS)}
    for name, facts in TARGETS.items():
        places = {"endpoint": sandbox, "iam_endpoint": sandbox}
        if name in there:
            kept = there[name]  # its secret is given again: it goes to an address it was not kept for
            targets.save(name, secret=str(kept.secret), security_token=str(kept.security_token), **places)
        else:
            targets.save(name, secret=SANDBOX_SECRET, quiet_seconds=QUIET_SECONDS, **places, **ACCOUNT, **facts)
