"""The rule book: what the API document forbids (block) and what is unclear or unwise (warn).

Each rule is a small generator over the spec; its severity is the one of the reading adopted for the edition.
One cause has one problem: a rule keeps quiet where something it needs is missing or of a wrong type.
Sources: ModelArts API reference, CreateService, tables 2 to 6 ("table n" below), and the readings of its gaps.
"""

from . import basics, batch, capacity, keys, models, network, stopping, variables

RULES = (
    basics.name_is_given,
    basics.name_fits,
    basics.name_starts_with_a_letter,
    basics.description_fits,
    basics.type_is_known,
    models.models_are_given,
    models.batch_has_one_model,
    models.models_are_chosen,
    models.versions_differ,
    models.weights_are_given,
    models.weights_fit,
    models.weights_make_100,
    models.weight_0_is_paid_for,
    capacity.specification_is_given,
    capacity.batch_specification_is_listed,
    capacity.instances_are_given,
    capacity.instances_fit,
    capacity.custom_has_its_parts,
    capacity.custom_resources_are_used,
    capacity.custom_resources_are_given,
    capacity.custom_resources_are_sensible,
    capacity.one_accelerator,
    variables.names_are_given,
    variables.names_differ,
    variables.secrets_stay_out,
    batch.data_is_given,
    batch.source_type_is_known,
    batch.manifest_is_a_file,
    batch.folders_end_with_a_slash,
    batch.results_go_elsewhere,
    batch.mapping_type_is_known,
    batch.csv_has_a_mapping,
    batch.mapping_is_used,
    batch.columns_count_from_0,
    network.vpc_has_its_companions,
    network.companions_have_a_vpc,
    network.pool_brings_its_own_network,
    network.batch_runs_in_the_public_pool,
    network.pools_agree,
    stopping.batch_stops_by_itself,
    stopping.schedule_is_whole,
    stopping.schedule_is_known,
    stopping.one_schedule,
    stopping.stops_within_a_day,
    keys.fields_of_the_other_type_stay_behind,
    keys.keys_are_known,
)

__all__ = ["RULES"]
