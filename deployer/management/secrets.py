"""Secrets come from the environment or standard input, never from the command line, where everybody can read them."""

import getpass
import os
import sys

LONGEST = 4096


def given(variable: str, prompt: str) -> str:
    """The secret, or empty if none was given."""
    text = os.environ.get(variable, "")
    if text:
        return text
    if sys.stdin is None or sys.stdin.closed:
        return ""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline(LONGEST).rstrip("\r\n")
