"""The product's settings for workers that are to be killed: short deadlines, so that what they left is soon looked for.

Everything else is as it is for everybody, durability above all.
"""

from deployer.settings import *  # noqa: F403

CLOUD_TIMEOUT = (1.0, 2.0)
CLOUD_DEADLINE = 3.0
ALLOW_LOCAL_TARGETS = True
