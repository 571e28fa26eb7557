"""preflight: what a request would meet in the cloud, judged by what was learnt of the cloud.

Pure: a request body and `Facts` in, `Result`s out. One generator for each check, one list of them. A check blocks
only what the cloud is certain to refuse; what could not be learnt warns, with the reason, and never blocks.
"""

from deployer.domain.preflight.book import CHECKS, run
from deployer.domain.preflight.facts import Facts, Unknown
from deployer.domain.preflight.results import PASS, Result, count, verdict

__all__ = ["CHECKS", "PASS", "Facts", "Result", "Unknown", "count", "run", "verdict"]
