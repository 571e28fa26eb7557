"""What a good deployment is: drafts, the rule book, payloads, comparison and weights.

May import the standard library only: no Django, no database, no network. Values in, values out. (`formats/` alone
lets in a reader of HCL.)
Surprise: half-written is a normal state here, so checking reports problems and never raises for bad input.
Surprise: a draft keeps the types it came with ("70" stays text) until the payload is built.
"""
