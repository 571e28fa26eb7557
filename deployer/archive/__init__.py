"""archive: carrying the whole away and bringing it back. Backup, restore, and the way from SQLite to PostgreSQL.

May import: workflow, models, domain. Only commands import this room. What surprised us: a restored database is from
the past, so what waits in its line may have been sent since; nothing of it is sent until a person has looked.
"""


class Cannot(Exception):
    """Why it is not done, in one sentence. Nothing was changed."""
