"""How a request travels: in as JSON, a curl command or a Terraform block; out as those and as a Python script.

Pure, like the whole of `domain`: no Django, no network. One guest is let in here and nowhere else: `hcl2`
(python-hcl2), since HCL has no reader in the standard library.
Surprise: what is not JSON ends in the JSON reader all the same, so that its limits hold for every format.
Surprise: a credential in a pasted command is never looked at, and so it is in no note, draft or refusal.
"""

from .reading import Read, read
from .writing import FORMATS, Facts, write

__all__ = ["FORMATS", "Facts", "Read", "read", "write"]
