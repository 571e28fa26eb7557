"""The whole cloud behind the socket: its state, its lock, and the way of a request through it."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from . import routes
from .calls import Answer, Call
from .clock import Clock
from .conduct import Conduct
from .faults import Faults
from .journal import Journal
from .keeping import MARK, BadData, Keeper
from .refusals import Refusal
from .services import Services
from .tokens import Tokens

logger = logging.getLogger(__name__)


class Cloud:
    """State behind one lock. `base_url` is known once the server listens.

    Raises BadData for a file that is not ours, or cannot be written.
    """

    def __init__(
        self, data: str | Path | None = None, speed: float = 1.0, clock: Callable[[], float] | None = None
    ) -> None:
        self.base_url = ""
        self.lock = threading.RLock()
        self.clock = Clock(speed, clock)
        self.conduct = Conduct()
        self.services = Services(self.clock, self.conduct)
        self.tokens = Tokens()
        self.faults = Faults()
        self.journal = Journal()
        self.keeper = Keeper(data)
        self.strict = False
        self._load()

    def _load(self) -> None:
        state = self.keeper.read()
        if state is None:
            self.keeper.changed()
            self.keeper.write(self._snapshot)  # A place that cannot be written shows at once.
            return
        try:
            self.clock.load(state["clock"])
            self.services.load(state["services"])
            self.strict = bool(state["strict"])
            self.conduct.load(state.get("conduct", {}))
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise BadData(f"{self.keeper.path} is damaged ({error!r}). Move it away to start as new.") from error

    def _snapshot(self) -> str:
        with self.lock:
            state = {"kind": MARK, "clock": self.clock.as_json(), "strict": self.strict}
            state["conduct"] = self.conduct.as_json()
            return f'{json.dumps(state)[:-1]}, "services": {self.services.as_json()}}}'

    def reset(self) -> None:
        """As new: no service, token, fault or memory."""
        with self.lock:
            self.clock.reset()
            self.services.clear()
            self.tokens.clear()
            self.faults.clear()
            self.journal.clear()
            self.strict = False
            self.conduct.load(Conduct().as_json())
            self.keeper.changed()

    def answer(self, call: Call) -> Answer:
        """Do what is asked. Nobody gets a stack trace: what we got wrong is a plain 500."""
        try:
            route = routes.find(call)
            if route.guard is not None:
                route.guard(self, call)
            answer = route.handler(self, call)
            self.keeper.write(self._snapshot)
        except Refusal as refusal:
            return Answer.of(refusal)
        except Exception:
            logger.exception("The sandbox failed on %s", call.method)
            return Answer(500, {"error_code": "ModelArts.0010", "error_msg": "Internal error of the sandbox."})
        return answer
