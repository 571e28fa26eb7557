"""worker: what happens while NOBODY WATCHES. The only room that talks to the cloud.

May import: workflow, models, modelarts. A task of the engine is only a hint that something is due; the rows are the
truth, so a lost task costs a second and a task run twice does nothing the second time. All enqueueing goes through
`line.py`. What surprised us: a worker that is killed leaves its task RUNNING for ever, and the engine's own loop ends
with the database; `sweep.py` and `engine.py` close both.
"""
