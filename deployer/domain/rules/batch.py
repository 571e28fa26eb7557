"""Input, output and mapping of a batch job: table 4."""

from collections.abc import Iterator

from ..edition import Edition
from ..mapping import Leaf, leaves
from ..places import short
from ..problems import BLOCK, WARN, Problem
from ..spec import Entry, ServiceSpec

MANIFEST = "ManifestFile"
WANTED = {
    "src_path": "Say where the input lies.",
    "dest_path": "Say where the results go.",
    "req_uri": "Say which request URI of the model is called. Built-in images take /.",
    "mapping_type": "Choose the mapping: file or csv.",
}


def _jobs(spec: ServiceSpec) -> tuple[Entry, ...]:
    return spec.entries if spec.is_batch else ()


def data_is_given(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Input, output, request URI and mapping are mandatory."""
    for entry in _jobs(spec):
        for key, words in WANTED.items():
            if spec.lacks(f"{entry.path}.{key}", getattr(entry, key)):
                yield Problem(f"{entry.path}.{key}", BLOCK, words)


def source_type_is_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The input kind is left out, or it is ManifestFile."""
    for entry in _jobs(spec):
        if entry.src_type and entry.src_type != MANIFEST:
            words = f'The input kind can only be {MANIFEST}, or be left out. "{short(entry.src_type)}" is not known.'
            yield Problem(f"{entry.path}.src_type", BLOCK, words)


def manifest_is_a_file(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """With ManifestFile the input path is one file."""
    for entry in _jobs(spec):
        if entry.src_type == MANIFEST and (entry.src_path or "").endswith("/"):
            words = "The input path must be one manifest file. This one ends in /, so it is a folder."
            yield Problem(f"{entry.path}.src_path", BLOCK, words)


def folders_end_with_a_slash(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The document does not define the form of a path; its samples end folders with a slash."""
    for entry in _jobs(spec):
        if entry.src_path and entry.src_type is None and not entry.src_path.endswith("/"):
            yield Problem(f"{entry.path}.src_path", WARN, "The input path is a folder and should end with /.")
        if entry.dest_path and not entry.dest_path.endswith("/"):
            yield Problem(f"{entry.path}.dest_path", WARN, "The output path is a folder and should end with /.")


def results_go_elsewhere(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """Our own rule: results beside the input would be read as input the next time."""
    for entry in _jobs(spec):
        if entry.src_path and entry.dest_path and entry.src_path.rstrip("/") == entry.dest_path.rstrip("/"):
            words = "Input and output are the same folder. Results would be read as input."
            yield Problem(f"{entry.path}.dest_path", WARN, words)


def mapping_type_is_known(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """One request per file, or one per CSV row."""
    for entry in _jobs(spec):
        if entry.mapping_type and entry.mapping_type not in ("file", "csv"):
            words = f'The mapping is file or csv. "{short(entry.mapping_type)}" is neither.'
            yield Problem(f"{entry.path}.mapping_type", BLOCK, words)


def csv_has_a_mapping(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """The mapping rule is mandatory for csv."""
    for entry in _jobs(spec):
        path = f"{entry.path}.mapping_rule"
        if entry.mapping_type == "csv" and spec.lacks(path, entry.mapping_rule):
            yield Problem(path, BLOCK, "Add a mapping rule. The mapping csv needs one.")


def mapping_is_used(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """A mapping rule is for csv, and maps something."""
    for entry in _jobs(spec):
        path, rule = f"{entry.path}.mapping_rule", entry.mapping_rule
        if entry.mapping_type == "file" and rule is not None:
            yield Problem(path, WARN, "The mapping rule has no effect. It goes with the mapping csv.")
        elif entry.mapping_type == "csv" and rule is not None and not any(leaves(rule, path)):
            yield Problem(path, WARN, "The mapping rule names no input of the model. Each request would be empty.")


def columns_count_from_0(spec: ServiceSpec, edition: Edition) -> Iterator[Problem]:
    """An input without a column from 0 on is left out of each request, without an error: it only warns."""
    for entry in _jobs(spec):
        if entry.mapping_type != "csv" or entry.mapping_rule is None:
            continue
        used: dict[int, str] = {}
        for leaf in leaves(entry.mapping_rule, f"{entry.path}.mapping_rule"):
            if leaf.column is None:
                yield Problem(f"{leaf.path}.index", WARN, _skipped(leaf))
            elif leaf.column in used:
                words = f"Column {leaf.column} is used twice: for {used[leaf.column]} and {_name(leaf)}."
                yield Problem(f"{leaf.path}.index", WARN, words)
            else:
                used[leaf.column] = _name(leaf)


def _skipped(leaf: Leaf) -> str:
    why = "has no valid column" if leaf.has_index else "has no column"
    return f"{_name(leaf)} {why} (index, counted from 0). It is left out of each request."


def _name(leaf: Leaf) -> str:
    return short(leaf.name) or "the input"
