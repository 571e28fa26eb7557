"""Environment variables: tables 3 and 4, envs (Map<String, String>)."""

from collections import Counter
from collections.abc import Iterator

from ..edition import Edition
from ..likely_secrets import looks_like
from ..places import join, short
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec


def names_are_given(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A value has a name. A row with neither is simply not filled in yet, and is not sent."""
    for entry in spec.entries:
        if any(variable.name == "" and variable.value != "" for variable in entry.envs):
            yield Problem(f"{entry.path}.envs", BLOCK, f"Name the variable of {entry.owner} that has a value.")


def names_differ(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A name stands once: an object cannot hold it twice."""
    for entry in spec.entries:
        for name, count in Counter(variable.name for variable in entry.envs).items():
            if name and count > 1:
                times = "twice" if count == 2 else f"{count} times"
                yield Problem(join(f"{entry.path}.envs", name), BLOCK, f"{short(name)} stands {times}. Keep one.")


def secrets_stay_out(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The document warns of plain-text secrets. The message never repeats the value."""
    for entry in spec.entries:
        for variable in entry.envs:
            if isinstance(variable.value, str) and (what := looks_like(variable.name, variable.value)):
                words = f"This looks like {what}. Variables are stored and shown in plain text by the cloud."
                yield Problem(join(f"{entry.path}.envs", variable.name), WARN, words)
