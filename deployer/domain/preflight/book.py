"""The list of checks, in the order of the form, and running them."""

from collections.abc import Callable, Iterator
from typing import Any

from deployer.domain.preflight import batch, capacity, data, models, naming, network
from deployer.domain.preflight.facts import Facts
from deployer.domain.preflight.results import Result

Check = Callable[[dict[str, Any], Facts], Iterator[Result]]

CHECKS: tuple[Check, ...] = (
    naming.name_is_free,
    naming.workspace_is_known,
    models.models_are_published,
    models.types_fit,
    models.versions_differ,
    batch.model_has_inputs,
    batch.uri_is_of_the_model,
    batch.mapping_type_fits,
    batch.rule_covers_the_inputs,
    data.paths_are_well_formed,
    capacity.flavors_are_open,
    capacity.pools_run,
    capacity.pools_have_room,
    capacity.quota_is_left,
    network.vpc_is_there,
    network.subnet_is_there,
    network.group_lets_inference_in,
)


def run(body: dict[str, Any], facts: Facts) -> list[Result]:
    """What every check says of this request body, in the order of the form. Never raises for odd facts."""
    return [result for check in CHECKS for result in check(body, facts)]
