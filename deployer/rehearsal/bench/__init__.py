"""bench: how long things take, as ratios measured in one run, so that the machine hardly matters.

Each benchmark is a file with `run(say)`: it builds its own world in a database of its own (`ground.py`) and says what
it measured, a line at a time. What surprised us: a first request reads templates and prepares statements, so everything
is asked a few times before the clock counts.
"""
