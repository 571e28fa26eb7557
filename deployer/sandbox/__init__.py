"""A small cloud of our own: ModelArts, IAM and VPC on a real port of this machine.

Written from the API documents alone. It imports nothing of ours and no Django, so that a
misreading cannot hide on both sides; only commands and tests import it.
What surprised us: real clients quote weights, send commas raw or as %2C, and look up a name
as if it were an id, so an unknown id must be 404. Times are answered on the wall clock even
when lives run faster (see clock.py). States that no client can bring about have doors of
their own (conduct.py; docs/clients.md lists them).
"""
