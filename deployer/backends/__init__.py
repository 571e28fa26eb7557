"""backends: Django's databases, where they need a word of ours. Imports Django alone, since settings name it.

What surprised us: SQLite lets writers wait by sleeping up to a tenth of a second between two tries, so whoever writes
often starves the others until they are told that the database is locked.
"""
