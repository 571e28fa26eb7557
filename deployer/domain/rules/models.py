"""The models and their shares of the traffic: tables 2 and 3."""

from collections.abc import Iterator

from ..edition import Edition
from ..problems import BLOCK, WARN, Problem
from ..spec import ServiceSpec


def models_are_given(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A service has at least one model."""
    if spec.entry_count == 0 and "config" not in spec.spoiled:
        yield Problem("config", BLOCK, "Add a model. A service has at least one.")


def batch_has_one_model(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A batch service has exactly one model."""
    if spec.is_batch and spec.entry_count > 1:
        yield Problem("config", BLOCK, f"A batch service has exactly one model. Here are {spec.entry_count}.")


def models_are_chosen(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Each entry names its model."""
    for entry in spec.entries:
        if spec.lacks(f"{entry.path}.model_id", entry.model_id):
            yield Problem(f"{entry.path}.model_id", BLOCK, f"Choose a model and version for {entry.owner}.")


def versions_differ(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The versions of a real-time service differ; the same id twice is certainly the same version."""
    if not spec.is_real_time:
        return
    first: dict[str, str] = {}
    for entry in spec.entries:
        if entry.model_id is None:
            continue
        if entry.model_id in first:
            words = f"{entry.owner.capitalize()} is the same as {first[entry.model_id]}. Versions must differ."
            yield Problem(f"{entry.path}.model_id", BLOCK, words)
        first.setdefault(entry.model_id, entry.owner)


def weights_are_given(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Each model of a real-time service has a weight."""
    for entry in spec.entries if spec.is_real_time else ():
        if spec.lacks(f"{entry.path}.weight", entry.weight):
            words = f"Say which share of the traffic {entry.owner} gets."
            yield Problem(f"{entry.path}.weight", BLOCK, words)


def weights_fit(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A share is 0 to 100: nothing else can be part of a sum of 100."""
    for entry in spec.entries if spec.is_real_time else ():
        if entry.weight is not None and not 0 <= entry.weight <= 100:
            words = f"The weight of {entry.owner} is {entry.weight}. A weight is 0 to 100."
            yield Problem(f"{entry.path}.weight", BLOCK, words)


def weights_make_100(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Real-time traffic is shared in whole percent; a batch job has one model and no shares."""
    weights = [entry.weight for entry in spec.entries if entry.weight is not None]
    if not spec.is_real_time or not weights or len(weights) != spec.entry_count:
        return
    if sum(weights) != 100:
        yield Problem("config", BLOCK, f"The weights add up to {sum(weights)}. They must make 100.")


def weight_0_is_paid_for(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The document gives no range; a weight of 0 runs and costs, and answers nobody."""
    for entry in spec.entries if spec.is_real_time else ():
        if entry.weight == 0:
            words = f"{entry.owner.capitalize()} gets no traffic. It is deployed and paid for all the same."
            yield Problem(f"{entry.path}.weight", WARN, words)
