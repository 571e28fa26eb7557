"""A row is somebody who may log in. Roles are groups, so that a directory can hand them out later."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser

ROLES = ("author", "approver", "operator", "admin", "viewer")


class Person(AbstractUser):
    """Somebody who composes, decides, sends or looks. Without a role nobody sees anything."""

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles by name. Cached on the instance: one query a request, none where groups are prefetched."""
        if not self.is_active:
            return frozenset()
        return frozenset(group.name for group in self.groups.all()) & frozenset(ROLES)

    @property
    def role_names(self) -> list[str]:
        return [role for role in ROLES if role in self.roles]

    @property
    def initials(self) -> str:
        parts = str(self).split()
        letters = parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else parts[0][1:2])
        return letters.upper()
