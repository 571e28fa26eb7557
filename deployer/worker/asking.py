"""One round of questions to a cloud, within so many seconds in all. What cannot be learnt is told, not raised; only
refused credentials end the round, since every further question would be one more wrong login."""

import copy
import time
from collections.abc import Callable
from typing import TypeVar

from deployer.domain.preflight import Unknown
from deployer.modelarts.calls import Calls
from deployer.modelarts.errors import LoginRefused, ModelArtsError, Refused
from deployer.worker.shelf import NO_TIME, Shelf
from deployer.worker.troubles import why_not_read

T = TypeVar("T")
Client = TypeVar("Client", bound=Calls)
LONGEST_CALL = 8.0  # seconds one call may take, so that one slow list leaves time for the others


class Round:
    """Counts what was learnt, and keeps what was in the way."""

    def __init__(self, shelf: Shelf, *, seconds: float, fresh: float) -> None:
        self.shelf = shelf
        self.fresh = fresh  # how old an answer of the shelf may be
        self.ends_at = time.monotonic() + seconds
        self.answered = 0
        self.troubles: list[ModelArtsError] = []

    def learn(self, question: str, ask: Callable[[], T], *, absent: str = "", elsewhere: bool = False) -> T | Unknown:
        """The answer, or why there is none. `absent`: the words where the cloud does not know the call (404).

        `elsewhere`: it is asked at another host, which may refuse whom ModelArts takes. Raises LoginRefused.
        """
        return self.shelf.get(  # type: ignore[no-any-return]
            question, lambda: self.tried(ask, absent, elsewhere=elsewhere), fresh=self.fresh
        )

    def tried(self, ask: Callable[[], T], absent: str, *, elsewhere: bool = False) -> T | Unknown:
        if time.monotonic() >= self.ends_at:
            return NO_TIME
        try:
            found = ask()
        except ModelArtsError as trouble:
            if isinstance(trouble, LoginRefused) and (trouble.at_login or not elsewhere):
                raise
            return self.not_learnt(trouble, absent)
        self.answered += 1
        return found

    def not_learnt(self, trouble: ModelArtsError, absent: str) -> Unknown:
        """That the cloud has no such call is news; that it did not answer, or said no, is none."""
        if absent and isinstance(trouble, Refused) and trouble.status == 404:
            self.answered += 1
            return Unknown(absent)
        self.troubles.append(trouble)
        if time.monotonic() >= self.ends_at:
            return NO_TIME  # cut off by us, not by the cloud
        return Unknown(why_not_read(trouble), for_now=not isinstance(trouble, (Refused, LoginRefused)))

    def hurried(self, client: Client) -> Client:
        """The same client, connections and login, for calls within what is left: all pages of a list together."""
        quick = copy.copy(client)
        quick.deadline, quick.ends_at = min(client.deadline, LONGEST_CALL), self.ends_at
        return quick

    def must_have_answered(self) -> None:
        """Raise what was in the way when nothing at all could be learnt; first what may pass."""
        if self.troubles and not self.answered:
            raise next((one for one in reversed(self.troubles) if not one.needs_person), self.troubles[-1])
