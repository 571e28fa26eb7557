"""One thread keeps the deadlines of all calls: each is kept, in whatever order they come and go."""

import threading
import time

from deployer.modelarts.deadlines import Deadlines


def test_what_takes_too_long_is_told_so_in_time():
    over = threading.Event()
    began = time.monotonic()
    with Deadlines().watching(began + 0.05, over.set):
        assert over.wait(10)
    assert time.monotonic() - began >= 0.05


def test_what_ended_before_is_left_alone():
    kept, over = Deadlines(), threading.Event()
    with kept.watching(time.monotonic() + 0.05, over.set):
        pass
    later = threading.Event()
    with kept.watching(time.monotonic() + 0.15, later.set):  # by then the first one's time has come as well
        assert later.wait(10)
    assert not over.is_set()


def test_a_shorter_one_that_comes_later_is_not_kept_waiting():
    kept, long, short = Deadlines(), threading.Event(), threading.Event()
    with kept.watching(time.monotonic() + 3600, long.set), kept.watching(time.monotonic() + 0.05, short.set):
        assert short.wait(10)
    assert not long.is_set()


def test_many_at_once_are_kept_by_one_thread():
    kept = Deadlines()
    told: list[int] = []
    before = threading.active_count()

    def call(number: int) -> None:
        over = threading.Event()
        with kept.watching(time.monotonic() + 0.02 * (number % 3), over.set):
            if over.wait(10):
                told.append(number)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == list(range(30))
    assert threading.active_count() == before + 1


def test_a_broken_end_does_not_stop_the_next_ones(caplog):
    kept, over = Deadlines(), threading.Event()

    def breaks() -> None:
        raise RuntimeError("this one breaks")

    with kept.watching(time.monotonic(), breaks), kept.watching(time.monotonic() + 0.05, over.set):
        assert over.wait(10)
    assert "could not be cut" in caplog.text
