"""A real shell is asked: what we write it reads back to the letter, and what it reads we read alike."""

import json
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.domain.formats import Facts, write
from deployer.domain.formats.shell import commands
from deployer.domain.payload import canonical
from deployer.domain.reading import Unreadable
from tests.domain.formats.test_round_trips import HOSTILE, TEN_UNKNOWN
from tests.samples import NAMES, sample

BASH = shutil.which("bash") or ""
pytestmark = pytest.mark.skipif(not BASH, reason="bash is not installed: apt-get install bash")
SHOW = "curl() { [ $# = 0 ] || printf '%s\\0' \"$@\"; }\n"


def words_of(script: str, shell: str = BASH) -> list[str]:
    """The words that curl would get. Nothing is sent: curl is a function that prints them."""
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TOKEN": "the-token"}
    ran = subprocess.run([shell, "-c", SHOW + script], capture_output=True, env=clean, timeout=20, check=True)
    assert ran.stderr == b""
    return ran.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("body", [*map(sample, NAMES), TEN_UNKNOWN, {"envs": {text: text for text in HOSTILE}}])
@pytest.mark.parametrize("shell", [BASH, shutil.which("dash") or BASH])
def test_a_shell_gives_the_exact_body_back(body: dict, shell: str) -> None:
    script = write(body, "curl", Facts("https://modelarts.example.com", "p"))
    words = words_of(script, shell)
    assert words[:3] == ["--request", "POST", "https://modelarts.example.com/v1/p/services"]
    assert "X-Auth-Token: the-token" in words
    assert canonical(json.loads(words[-1])) == canonical(body)
    assert words[-2] == "--data-raw"


def test_an_address_cannot_leave_its_place() -> None:
    words = words_of(write({}, "curl", Facts("https://x'; id; '$(id)`id`\n#", "p\n|id")))
    assert len(words) == 9
    assert words[2] == "https://x'; id; '$(id)`id`\n#/v1/p\n|id/services"


PIECES = st.sampled_from(
    [
        "a",
        "é",
        "\\",
        "'",
        '"',
        "$'",
        "\\'",
        '\\"',
        "\\n",
        "\\x41",
        "\\u00e9",
        "\\101",
        "\\\n",
        " ",
        "\n",
        "\t",
        "{",
        "#",
    ]
    + ["\\\\", "\\`", "\\$", "!", "~", "*", "\\c", "\\q", "]", "=", ",", ":", "\\e", "?", "@", "-", '$"']
)
SETTING = settings(deadline=None, max_examples=150, derandomize=True)


@SETTING
@given(st.lists(PIECES, max_size=14).map("".join))
def test_words_are_read_as_the_shell_reads_them(text: str) -> None:
    script = f"curl {text}"
    try:
        found = commands(script)
    except Unreadable:
        return  # what a person should not send a shell either, or a quote that is not closed
    if text.endswith("\\"):
        return  # at the very end shells do now this, now that with it
    words = found[0].words[1:]
    if len(found) > 1 or any(word.variables or word.command_at >= 0 or set(word.text) & set("*?~") for word in words):
        return  # other commands would be run, variables and file names filled in
    assert words_of(script) == [word.text for word in words]


DOCUMENTS = [
    'curl -d @- <<\'EOF\'\n{"a": "$x `y` \\\\ \\$"}\nEOF\n',
    'curl -d @- <<EOF\n{"a": "\\$x \\` \\\\ \\n \\"", \\\n "b": 1}\nEOF\n',
    "curl -d @- <<-EOF\n\t\t{\n\t}\n\tEOF\n",
    "curl -d @- <<< '{\"a\": 1}'\n",
    'curl -d @- <<"E F" -H x\n{}\nE F\n',
]


@pytest.mark.parametrize("script", DOCUMENTS)
def test_here_documents_are_read_as_the_shell_reads_them(script: str) -> None:
    ran = subprocess.run([BASH, "-c", "curl() { cat; }\n" + script], capture_output=True, timeout=20, check=True)
    stdin = commands(script)[0].stdin
    assert stdin is not None
    assert ran.stdout.decode().rstrip("\n") == stdin.text.rstrip("\n")


@pytest.mark.parametrize(
    "script",
    [
        'curl -d "$(cat <<\'EOF\'\n{"it\'s": "("}\n\nEOF\n)" x',
        'curl -d "$(cat <<EOF\n{"a": "\\$"}\nEOF\n)"',
        "curl -d $(cat <<'E'\n{}\nE\n)",
    ],
)
def test_a_document_inside_a_word_is_read_as_the_shell_reads_it(script: str) -> None:
    assert words_of(script) == [word.text for word in commands(script)[0].words[1:]]
