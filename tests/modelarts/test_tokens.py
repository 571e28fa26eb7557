"""One token for all processes of a machine: real processes, real files, and whatever may lie in them."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.errors import LoginRefused
from deployer.modelarts.tokens import TokenFolder

from . import clouds
from .clouds import says
from .keeping import decrypt, encrypt, kept
from .test_auth import token_of


def auth_of(cloud, folder, password=clouds.PASSWORD, **more):
    facts = {"project_name": "region-1", "local_allowed": True, "timeout": (1, 1), "store": folder, **more}
    return PasswordToken(cloud.url, "alice", password, "demo", **facts)


# Another process of this machine: says its token, then waits for the word to renew it.
PROCESS = """
import sys
from deployer.modelarts.auth import PasswordToken
from deployer.modelarts.tokens import TokenFolder
import requests
url, folder, password = sys.argv[1:]
turned = lambda text: text[::-1]
auth = PasswordToken(url, "alice", password, "demo", project_name="region-1", local_allowed=True,
                     store=TokenFolder(folder, turned, turned))
def token():
    return auth(requests.Request("GET", url).prepare()).headers["X-Auth-Token"]
for line in sys.stdin:
    if line.startswith("renew"):
        auth.renew(line.split()[1])
    print(token(), flush=True)
"""


class Process:
    def __init__(self, cloud, folder, text=PROCESS):
        argv = [sys.executable, "-c", text, cloud.url, str(folder), clouds.PASSWORD]
        self.running = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, words):
        self.running.stdin.write(words + "\n")
        self.running.stdin.flush()

    def hear(self):
        return self.running.stdout.readline().strip()

    def close(self):
        self.running.stdin.close()
        self.running.wait(10)
        self.running.stdout.close()


@pytest.fixture
def processes(cloud, tmp_path):
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(Process(cloud, tmp_path / "tokens"))) for _ in range(3)]


def slow_token(token):
    def act(line, heard):
        time.sleep(0.3)
        clouds.token_answer(token)(line, heard)

    return act


def test_processes_make_one_login_and_one_renewal(cloud, processes):
    cloud.logins = [slow_token("one"), slow_token("two"), slow_token("three")]
    for words, expected in (("start", "one"), ("renew one", "two"), ("renew one", "two")):
        for process in processes:
            process.ask(words)
        assert [process.hear() for process in processes] == [expected] * 3
    assert len(cloud.heard) == 2


def test_a_process_that_dies_with_the_lock_blocks_nobody(cloud, processes):
    cloud.logins = [clouds.hang, clouds.token_answer("two")]
    first, second, _ = processes
    first.ask("start")
    while not cloud.heard:
        time.sleep(0.01)
    second.ask("start")
    time.sleep(0.2)
    assert len(cloud.heard) == 1
    os.kill(first.running.pid, signal.SIGKILL)
    assert second.hear() == "two"


def test_a_process_that_stands_still_in_its_login_keeps_nobody_from_theirs(cloud, folder, processes):
    """A frozen worker holds its lock; what is in the air must be looked for by others all the same."""
    cloud.logins = [clouds.hang, clouds.token_answer("two")]
    frozen, *_ = processes
    frozen.ask("start")
    while not cloud.heard:
        time.sleep(0.01)
    os.kill(frozen.running.pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        mine = auth_of(cloud, folder)
        mine.login(within=4.0)
        assert token_of(mine) == "two"
        assert time.monotonic() - begun < 4.0
        assert token_of(auth_of(cloud, folder)) == "two"  # shared, lock or no lock
    finally:
        os.kill(frozen.running.pid, signal.SIGCONT)
    assert len(cloud.heard) == 2


def test_a_token_is_shared_also_its_project(cloud, folder):
    body = {"token": {"project": {"id": "p9"}}}
    cloud.logins = [says(body, 201, ["X-Subject-Token: one"])]
    first, second = auth_of(cloud, folder), auth_of(cloud, folder)
    assert first.project_id == ""
    assert token_of(first) == token_of(second) == "one"
    assert (first.project_id, second.project_id, len(cloud.heard)) == ("p9", "p9", 1)
    assert "one" in second.secrets()


def test_another_password_user_or_place_shares_nothing(cloud, folder):
    cloud.logins = [clouds.token_answer(f"t{number}") for number in range(5)]
    auths = [auth_of(cloud, folder), auth_of(cloud, folder, password="other"), auth_of(cloud, folder, project_id="p2")]
    assert len({token_of(auth) for auth in auths}) == 3


def test_what_lies_on_the_disk_tells_no_secret(cloud, folder, tmp_path):
    auth_of(cloud, folder).login()
    home = tmp_path / "tokens"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    files = sorted(home.iterdir())
    assert [path.suffix for path in files] == [".lock", ".token"]
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        said = path.name + path.read_text()
        assert not any(secret in said for secret in (clouds.TOKEN, clouds.PASSWORD, "alice", "region-1"))


@pytest.mark.parametrize("spent", [kept(lasts=-1), kept(lasts=86400 * 9)])
def test_a_token_that_cannot_be_right_is_fetched_anew(cloud, folder, spent):
    auth = auth_of(cloud, folder)
    auth.login()
    folder.save(auth._key, spent)
    assert token_of(auth_of(cloud, folder)) == clouds.TOKEN
    assert len(cloud.heard) == 2


def test_a_refused_token_is_not_found_again(cloud, folder):
    cloud.logins = [clouds.token_answer("one"), says({}, 401)]
    auth = auth_of(cloud, folder)
    auth.login()
    with pytest.raises(LoginRefused):
        auth.renew("one")
    assert folder.load(auth._key) is None


def test_an_older_token_on_the_disk_does_not_come_back(cloud, folder):
    """Saving may have failed: then what lies there is older than what was refused here."""
    cloud.logins = [clouds.token_answer("one"), clouds.token_answer("two")]
    auth = auth_of(cloud, folder)
    auth.login()
    folder.save(auth._key, kept("ancient", since=time.time() - 500))
    auth.renew("one")
    assert token_of(auth) == "two"


def broken(text):
    raise ValueError("no keys")


# What each makes of a folder that may be used.
WORTHLESS = {
    "a file in place of the folder": lambda path: TokenFolder(path / "file", encrypt, decrypt),
    "no such disk": lambda path: TokenFolder("/proc/no/such/place", encrypt, decrypt),
    "no keys to encrypt": lambda path: TokenFolder(path / "a", broken, decrypt),
    "no keys to decrypt": lambda path: TokenFolder(path / "b", encrypt, broken),
    "what cannot be written": lambda path: TokenFolder(path / "c", lambda text: "\ud800", decrypt),
}


@pytest.mark.parametrize("made", WORTHLESS.values(), ids=WORTHLESS.keys())
def test_a_disk_of_no_use_costs_only_the_sharing(cloud, tmp_path, made):
    (tmp_path / "file").write_text("")
    store = made(tmp_path)
    cloud.logins = [clouds.token_answer("one"), clouds.token_answer("two")]
    assert [token_of(auth_of(cloud, store)) for _ in range(2)] == ["one", "two"]
    assert list(tmp_path.rglob("*.part")) == []


def test_a_full_disk_costs_only_the_sharing(cloud, tmp_path):
    """A process that may write no byte more: the kernel says no in the midst of a file."""
    cloud.logins = [clouds.token_answer("one"), clouds.token_answer("two")]
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n" + PROCESS
    for expected in ("one", "two"):
        with contextlib.closing(Process(cloud, tmp_path / "tokens", full)) as process:
            process.ask("start")
            assert process.hear() == expected
    assert [path.suffix for path in (tmp_path / "tokens").iterdir()] == [".lock"]


def test_a_herd_of_threads_and_logins_makes_one(cloud, folder):
    cloud.logins = [slow_token("one"), slow_token("two")]
    with ThreadPoolExecutor(12) as herd:
        assert set(herd.map(lambda _: token_of(auth_of(cloud, folder)), range(12))) == {"one"}
    assert len(cloud.heard) == 1
