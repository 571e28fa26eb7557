"""Waking workers at once when something became due, so that nobody waits for a poll.

Two ways, both only hints: NOTIFY of PostgreSQL, delivered with the commit and to every machine; and on both databases
a datagram to the loopback ports that the workers of this machine told with their heartbeat. What gets lost is found by
the poll a second later.
"""

import logging
import os
import select
import socket
import time

import psycopg
from django.db import DatabaseError, connection, transaction

from deployer.models import Heartbeat

log = logging.getLogger(__name__)

CHANNEL = "deployer_due"
LOOPBACK = "127.0.0.1"
PORTS_FRESH = 2.0  # seconds for which the ports are not asked for again
LISTEN_AGAIN = 5.0  # seconds between two tries to listen

_ports: tuple[float, list[int]] = (float("-inf"), [])


def machine() -> str:
    """This machine, as the names of its workers begin."""
    return socket.gethostname()[:48]


def own_name() -> str:
    """Who we are in heartbeats and attempts: machine and process."""
    return f"{machine()}:{os.getpid()}"


def call() -> None:
    """Wake the workers when the transaction we stand in is committed, or now if there is none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    transaction.on_commit(knock, robust=True)


def knock() -> None:
    """One datagram for each worker of this machine. What goes wrong costs a second, so it is passed over."""
    try:
        ports = known_ports()
    except DatabaseError:
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        for port in ports:
            try:
                out.sendto(b"!", (LOOPBACK, port))
            except OSError:
                continue


def known_ports() -> list[int]:
    global _ports
    asked_at, ports = _ports
    if time.monotonic() - asked_at > PORTS_FRESH:
        alive = Heartbeat.objects.alive().filter(port__gt=0, worker__startswith=f"{machine()}:")
        ports = list(alive.values_list("port", flat=True)[:64])
        _ports = time.monotonic(), ports
    return ports


def forget() -> None:
    """The ports are asked for anew."""
    global _ports
    _ports = float("-inf"), []


class Ears:
    """Where one worker process hears. Used by its housekeeper alone."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]
        self.line: psycopg.Connection | None = None
        self.next_try = 0.0

    def own_knock(self) -> socket.socket:
        """A way to wake ourselves, for the signals: what is written into it is heard here."""
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        out.connect((LOOPBACK, self.port))
        out.setblocking(False)
        return out

    def listen(self) -> None:
        """Have a connection of our own that listens, where the database can notify. Tried again now and then.

        Not one of Django's: it stays open, outside every transaction.
        """
        if self.line is not None or connection.vendor != "postgresql" or time.monotonic() < self.next_try:
            return
        self.next_try = time.monotonic() + LISTEN_AGAIN
        facts = {"connect_timeout": 3, **connection.get_connection_params(), "autocommit": True}
        try:
            self.line = psycopg.connect(**facts)
            self.line.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            log.info("Notices of the database are not heard (%s); the queue is polled.", type(error).__name__)
            self.hang_up()

    def wait(self, seconds: float) -> bool:
        """Sleep for so long, or until somebody calls. Whether somebody did."""
        heard = [self.socket] if self.line is None else [self.socket, self.line]
        try:
            ready, _, _ = select.select(heard, [], [], max(0.0, seconds))
        except (OSError, ValueError, psycopg.Error):
            self.hang_up()  # our line was closed under us; the socket is our own and never is
            return True
        if self.socket in ready:
            self.empty()
        if self.line is not None and self.line in ready:
            self.take_notices()
        return bool(ready)

    def empty(self) -> None:
        """Many calls are one."""
        try:
            while True:
                self.socket.recv(64)
        except OSError:
            return

    def take_notices(self) -> None:
        if self.line is None:
            return
        try:
            for _ in self.line.notifies(timeout=0):
                pass
        except psycopg.Error:
            self.hang_up()

    def hang_up(self) -> None:
        line, self.line = self.line, None
        if line is not None:
            line.close()

    def close(self) -> None:
        self.hang_up()
        self.socket.close()
