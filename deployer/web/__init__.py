"""web: what people SEE. Turns requests into verbs and answers into HTML; no rule lives only here.

May import: workflow, models, domain. Never the client of the cloud: a page shows what was last seen, and when.
Every view needs a login (middleware) and a role (`access.look`); a change also passes the verb's own check.
"""
