"""Ending a worker: a step is finished, none is begun, and a list that is just being read is left to others.

Reading a long list from a slow cloud takes minutes, and whoever asked the process to end does not wait for that.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from deployer.models import CatalogList
from deployer.workflow import catalog

stopping = threading.Event()
"""Set when the process is asked to end."""

_reading: dict[int, CatalogList] = {}


@contextmanager
def may_be_left(held: CatalogList) -> Iterator[None]:
    """While this thread only reads, nothing is lost if it never comes back."""
    me = threading.get_ident()
    _reading[me] = held
    try:
        yield
    finally:
        _reading.pop(me, None)


def wait_for(thread: threading.Thread) -> None:
    """Until the thread is done, or does nothing but read."""
    while thread.is_alive() and thread.ident not in _reading:
        thread.join(0.1)


def give_back() -> None:
    """Lists that were being read are due again at once; should the reader still report, it does so in vain."""
    for held in list(_reading.values()):
        catalog.give_back(held)
