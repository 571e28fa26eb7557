"""The models exist, are published, fit the inference type, and no version stands twice."""

from collections import defaultdict
from collections.abc import Iterator

from deployer.domain.places import short
from deployer.domain.preflight.facts import Facts, Model, Unknown
from deployer.domain.preflight.request import Body, Entry, entries, text
from deployer.domain.preflight.results import Result, blocked, not_seen, passed, warned

COMING = ("publishing", "building")


def called(model: Model, entry: Entry) -> str:
    """How people call a model: name and version, else its id."""
    return short(f"{model.name} {model.version}".strip() or entry.text("model_id"), 60)


def known(body: Body, facts: Facts) -> Iterator[tuple[Entry, Model]]:
    for entry in entries(body):
        found = facts.models.get(entry.text("model_id"))
        if isinstance(found, Model):
            yield entry, found


def models_are_published(body: Body, facts: Facts) -> Iterator[Result]:
    """Only published models can be deployed: error codes 3507 (no such model) and 3515 (still being published)."""
    check, good, every = "published", 0, list(entries(body))
    for entry in every:
        path, model_id = entry.at("model_id"), entry.text("model_id")
        found = facts.models.get(model_id, Unknown())
        if isinstance(found, Unknown):
            yield not_seen(check, path, f"Whether {entry.owner} is published", found.reason)
        elif found is None:
            words = f"The cloud knows no model {short(model_id)}."
            yield blocked(check, path, words, "Choose one of the target's models.")
        elif found.status in ("published", ""):
            good += 1
        elif found.status in COMING:
            words = f"{called(found, entry)} is not published yet: it is {found.status}."
            yield blocked(check, path, words, "Wait until it is published, or choose another version.")
        else:
            words = f"{called(found, entry)} is not published: it is {short(found.status)}."
            yield blocked(check, path, words, "Choose another version, or build this one anew.")
    if every and good == len(every):
        yield passed(check, "config", "The model is published." if good == 1 else f"All {good} models are published.")


def types_fit(body: Body, facts: Facts) -> Iterator[Result]:
    """A model is built for some inference types: error code 3589."""
    check, wanted, good, every = "install_type", text(body, "infer_type"), 0, list(known(body, facts))
    for entry, model in every:
        if wanted in model.install_types:
            good += 1
        elif not model.install_types:
            yield not_seen(check, entry.at("model_id"), f"Whether {called(model, entry)} can be {wanted}", "")
        else:
            can = " and ".join(short(one) for one in model.install_types)
            words = f"{called(model, entry)} cannot be deployed as {wanted}. It is for {can}."
            yield blocked(check, entry.at("model_id"), words, "Choose another model, or the other inference type.")
    if every and good == len(every):
        what = "The model" if good == 1 else f"All {good} models"
        yield passed(check, "infer_type", f"{what} can be deployed as {wanted}.")


def versions_differ(body: Body, facts: Facts) -> Iterator[Result]:
    """Two ids may be one version, which is refused: table 3, model_id, and error code 3516.

    That the models of one service must be versions of *one* model only the SDK's reference says, so unlike ones warn.
    """
    check, rows = "versions", list(known(body, facts))
    if len(rows) < 2:
        return
    first: dict[tuple[str, str], Entry] = {}
    twice = False
    for entry, model in rows:
        same = first.setdefault((model.name, model.version), entry)
        if same is not entry and model.name and model.version:
            twice = True
            words = f"{called(model, entry)} stands twice: {same.owner} is the same version."
            yield blocked(check, entry.at("model_id"), words, "Keep one of them, or choose another version.")
    yield from unlike_models(rows)
    if not twice:
        yield passed(check, "config", f"The {len(rows)} models are different versions.")


def unlike_models(rows: list[tuple[Entry, Model]]) -> Iterator[Result]:
    names = {model.name for _, model in rows if model.name}
    if len(names) < 2:
        return
    told = ", ".join(sorted(short(name) for name in names)[:4])
    words = f"Different models share the traffic: {told}."
    way_out = "The cloud's guide speaks of versions of one model. Look whether all of them take the same requests."
    yield warned("versions", "config", words, way_out)
    by_version: dict[str, set[str]] = defaultdict(set)
    for _, model in rows:
        by_version[model.version].add(model.name)
    for version, of in by_version.items():
        if version and len(of) > 1:
            words = f"{' and '.join(sorted(short(name) for name in of)[:4])} both have the version {short(version)}."
            yield warned("versions", "config", words, "The cloud may take equal versions for one and refuse (3516).")
