"""torture: workers are killed at random moments, and what the cloud did is judged.

`judge.py` holds the promises as questions to the cloud's own truth, our rows and our events; the matrix of faults in
the tests asks the same ones. `rounds.py` plays, `hands.py` are the worker processes that are killed, `place.py` is the
private database they meet in. What surprised us: a sandbox that keeps names unique hides a request that came twice, so
here names may be taken twice.
"""
