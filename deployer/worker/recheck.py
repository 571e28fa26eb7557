"""The preflight once more, just before a request goes out: with what was learnt lately, so that a line costs little."""

import logging
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.conf import settings

from deployer.domain import preflight as checks
from deployer.domain.preflight import Facts, Result
from deployer.domain.problems import BLOCK
from deployer.modelarts.client import ModelArts
from deployer.modelarts.errors import LoginRefused
from deployer.models import Target
from deployer.worker import clouds, facts, shelf
from deployer.worker.records import AWAY

log = logging.getLogger(__name__)

MOST_SECONDS = 5.0
UNSEEN = "It could not be checked again before sending, which the target requires. Nothing was sent. It is tried again."


class Blocked(Exception):
    """The target requires what the cloud would certainly refuse. The text says what, for people."""


class NotSeen(Exception):
    """The target requires a look at the cloud, which cannot be had now. The text says why, for people."""


def seconds() -> float:
    """How long facts may take when none are at hand."""
    return min(MOST_SECONDS, settings.CLOUD_DEADLINE)


def learnt(target: Target, body: dict[str, Any], cloud: ModelArts) -> Facts | None:
    """The facts of the last half minute, or new ones; None when the cloud cannot be asked.

    One thread asks, the others wait and use it. Raises LoginRefused.
    """
    kept = shelf.of(clouds.mark_of(target))
    is_ours = kept.lock.acquire(timeout=seconds())
    try:
        return facts.gather(target, body, cloud, seconds=seconds(), fresh=shelf.FRESH, names=())
    except (*AWAY, LoginRefused):
        raise  # the create would meet the same
    except Exception as trouble:  # noqa: BLE001 - the cloud itself will say what it thinks of the request
        log.info("%s cannot be asked before a send: %s", target.name, type(trouble).__name__)
        return None
    finally:
        if is_ours:
            kept.lock.release()


def judge(target: Target, body: dict[str, Any], found: Facts | None, listed: Collection[str]) -> str:
    """What the attempt says of it: a sentence where something blocks and the target only wants advice, else "".

    `listed`: ids of services that have the name already. Where the target requires a pass it raises Blocked, or
    NotSeen for what could not be asked for just now; elsewhere that stops nothing.
    """
    is_required = target.preflight == Target.Preflight.REQUIRED
    if found is None:
        if is_required:
            raise NotSeen(UNSEEN)
        return ""
    stuck = [one for one in checks.run(body, replace(found, same_name=tuple(listed))) if one.severity == BLOCK]
    if not stuck:
        if is_required and (unseen := found.unseen_for_now):
            raise NotSeen(f"{UNSEEN} {unseen[0].reason}")
        return ""
    if is_required:
        raise Blocked(f"Checked again before sending: {told(stuck)} Nothing was sent. Mend it, then send again.")
    return f"The preflight advised against it: {told(stuck)}"


def told(stuck: list[Result]) -> str:
    words = " ".join(one.message for one in stuck[:3])
    return f"{words} And {len(stuck) - 3} more." if len(stuck) > 3 else words
