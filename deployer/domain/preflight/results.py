"""What a check says: pass, warn or block; where; and what can be done about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from deployer.domain.problems import BLOCK, WARN

PASS = "pass"  # noqa: S105 - a word of the verdict


@dataclass(frozen=True)
class Result:
    """One thing a check found, at the API's own path of the key it is about (`config[1].model_id`; "" for none)."""

    check: str
    path: str
    severity: str  # pass, warn or block
    message: str
    way_out: str = ""

    def as_dict(self) -> dict[str, str]:
        """The result as it is stored, and as programs read it."""
        return {
            "check": self.check,
            "path": self.path,
            "severity": self.severity,
            "message": self.message,
            "way_out": self.way_out,
        }


def passed(check: str, path: str, message: str) -> Result:
    return Result(check, path, PASS, message)


def warned(check: str, path: str, message: str, way_out: str = "") -> Result:
    return Result(check, path, WARN, message, way_out)


def blocked(check: str, path: str, message: str, way_out: str) -> Result:
    return Result(check, path, BLOCK, message, way_out)


def not_seen(check: str, path: str, what: str, reason: str) -> Result:
    """What could not be learnt never blocks: the cloud may well take it."""
    return warned(check, path, f"{what} could not be checked. {reason}".strip())


def verdict(results: Iterable[Result]) -> str:
    """The worst that was said: pass, warn or block."""
    found = {result.severity for result in results}
    return BLOCK if BLOCK in found else WARN if WARN in found else PASS


def count(results: Iterable[Result]) -> dict[str, int]:
    """How many of each severity."""
    found = Counter(result.severity for result in results)
    return {severity: found[severity] for severity in (PASS, WARN, BLOCK)}
