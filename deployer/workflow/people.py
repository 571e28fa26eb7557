"""Making and changing people: who may log in, with which roles."""

from collections.abc import Collection

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from deployer.domain.problems import BLOCK, Problem
from deployer.models import Person
from deployer.models.person import ROLES
from deployer.workflow import history
from deployer.workflow.errors import HasProblems
from deployer.workflow.locking import for_change


@transaction.atomic
def save(
    username: str,
    *,
    roles: Collection[str],
    password: str = "",
    hashed: str = "",
    full_name: str = "",
    by: Person | None = None,
) -> tuple[Person, bool]:
    """Create or change a person; True if they are new. An empty password or name leaves what is there.

    `hashed`: instead of a password, what Django's `make_password` made of one.
    Raises HasProblems for a role we do not know or a name that cannot be one. A new person without a password
    cannot log in until somebody sets one. The password itself is never written in the history.
    """
    problems = problems_with(username, roles)
    if problems:
        raise HasProblems(problems)
    person = for_change(Person.objects.filter(username=username)).first()
    is_new = person is None
    person = person or Person(username=username)
    before = facts_of(person) if not is_new else {}
    new_password = bool(hashed) or (bool(password) and (is_new or not person.check_password(password)))
    if new_password:
        person.password = hashed or make_password(password)
    elif is_new:
        person.set_unusable_password()
    if full_name:
        person.first_name, _, person.last_name = full_name.partition(" ")
    person.save()
    person.groups.set(groups_of(roles))
    person = Person.objects.get(pk=person.pk)  # its roles are cached on the instance
    after = facts_of(person)
    if is_new or new_password or before != after:
        data = {"before": before, "after": after, "person": username, "password_changed": new_password}
        history.write([history.Entry("person_changed", by, data=data)])
    return person, is_new


def problems_with(username: str, roles: Collection[str]) -> list[Problem]:
    found = []
    try:
        Person._meta.get_field("username").run_validators(username)
        if not username:
            raise ValueError
    except Exception:  # noqa: BLE001 - whichever validator it was, the sentence is the same
        words = f"{username[:40]!r} cannot be a name. Use letters, digits and @ . + - _, at most 150."
        found.append(Problem("username", BLOCK, words))
    strange = [role for role in roles if role not in ROLES]
    if strange:
        words = f"{', '.join(strange)[:60]} is no role. Choose from {', '.join(ROLES)}."
        found.append(Problem("roles", BLOCK, words))
    return found


def groups_of(roles: Collection[str]) -> list[Group]:
    return [Group.objects.get_or_create(name=role)[0] for role in sorted(set(roles))]


def facts_of(person: Person) -> dict[str, object]:
    return {"name": str(person), "roles": person.role_names, "active": person.is_active}
