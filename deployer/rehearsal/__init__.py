"""rehearsal: the product on its feet for trying out. The demo's place, people and processes, its walk through the
main job, drills for the sender, a believable past for trials of scale, and benchmarks.

May import: workflow, models, domain, and (to start it) nothing of sandbox: that is a process of its own. Only commands
import this room. What surprised us: Ctrl-C reaches every process of a terminal at once, so children get sessions of
their own; and `place.py` runs before Django, so that no key is made outside the demo's folder.
"""
