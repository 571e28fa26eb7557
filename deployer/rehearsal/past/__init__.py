"""A believable past in bulk, for trials of scale: the same seed gives the same rows on an empty database.

`words` holds names and sentences, `requests` makes bodies, `stories` decides what happened to one deployment, `books`
collects the rows of many, `writing` puts them into the database. Nothing here is ever due: the worker leaves it alone.
"""
