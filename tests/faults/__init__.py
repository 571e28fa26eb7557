"""faults: the proof. Each named fault is made real on a socket or a process, and the cloud's own truth is judged.

`matrix.py` is the table, `scene.py` one row of it being played, `fronts.py` are doors before a sandbox that misbehave
as a sandbox cannot, `hands.py` real worker processes, `judge.py` the promises. `naive.py` is the sender everybody
writes first: the matrix must catch it, or it sees nothing.
"""
