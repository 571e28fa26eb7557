"""The database's clock. Leases and due times go by it alone, so that a worker whose own clock is wrong does no harm."""

from typing import Any

from django.db.models.functions import Now


class DbNow(Now):
    """Now, as the database has it. SQLite counts whole milliseconds: rounded up, so that what is due now counts as
    due, and written with six digits like all other times, which are compared as text."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'NOW', '+0.001 seconds') || '000')"
        return self.as_sql(compiler, connection, template=template, **extra)
