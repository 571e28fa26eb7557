"""workflow: what people and the worker MAY DO. Every change of state goes through a verb of this room.

May import: models, domain. Four beats in one transaction: may they, is it still as they saw it, change it,
write it down. The deployment's row is locked first (on SQLite the transaction itself is the lock, see settings),
the chain of events is locked last.
"""
