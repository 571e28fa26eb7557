"""The files that tokens lie in, whatever else may lie there, and the lock beside them."""

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .keeping import encrypt, kept

FOREIGN = {
    "empty": b"", "nonsense": b"\xff\xfe", "plain": b'{"token": "x"}', "huge": b"x" * 100_000,
    "an array": encrypt("[1]").encode(), "other fields": encrypt('{"key": "k", "token": "x"}').encode(),
    "another key": encrypt(json.dumps({"key": "other", "token": "x", "good_until": time.time() + 99, "since": 1.0,
                                       "project_id": ""})).encode(),
    "odd times": encrypt(json.dumps({"key": "k", "token": "x", "good_until": "soon", "since": 1.0,
                                     "project_id": ""})).encode(),
    "no end": encrypt('{"key": "k", "token": "x", "good_until": Infinity, "since": 1.0, "project_id": ""}').encode(),
    "deep": encrypt("[" * 20_000).encode(),
}  # fmt: skip


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN.keys())
def test_foreign_and_broken_files_are_as_good_as_none(folder, content):
    folder.save("k", kept())
    path = folder._path("k", "token")
    path.write_bytes(content)
    assert folder.load("k") is None
    folder.drop("k", "one")
    folder.save("k", kept("two"))
    assert folder.load("k").token == "two"


def test_a_file_open_to_others_or_a_link_is_not_read(folder, tmp_path):
    folder.save("k", kept())
    path = folder._path("k", "token")
    path.chmod(0o644)
    assert folder.load("k") is None
    path.unlink()
    folder.save("other", kept())
    path.symlink_to(folder._path("other", "token"))
    assert folder.load("k") is None
    path.unlink()
    os.mkfifo(path)
    assert folder.load("k") is None


def test_drop_takes_only_the_token_it_names(folder):
    folder.save("k", kept("two"))
    folder.drop("k", "one")
    assert folder.load("k").token == "two"
    folder.drop("k", "two")
    assert folder.load("k") is None


def test_what_nobody_uses_any_more_is_swept_away(folder):
    folder.save("old", kept())
    with folder.alone("old", 1):
        pass
    long_ago = time.time() - 3 * 86_400
    for kind in ("token", "lock"):
        os.utime(folder._path("old", kind), (long_ago, long_ago))
    (Path(folder._folder) / "keep.txt").write_text("mine")
    os.utime(Path(folder._folder) / "keep.txt", (long_ago, long_ago))
    folder.save("new", kept())
    assert sorted(path.suffix for path in folder._folder.iterdir()) == [".token", ".txt"]


def test_the_lock_is_one_at_a_time(folder):
    inside, most = 0, 0
    guard = threading.Lock()

    def enter(_):
        nonlocal inside, most
        with folder.alone("k", 10) as mine:
            assert mine
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with guard:
                inside -= 1

    with ThreadPoolExecutor(6) as herd:
        list(herd.map(enter, range(12)))
    assert most == 1
    assert "one" not in repr(kept())
