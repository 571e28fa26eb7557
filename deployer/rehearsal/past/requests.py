"""Request bodies as a team would write them, and the drafts they were typed as."""

from random import Random
from typing import Any

from deployer.domain import draft as drafts
from deployer.domain import payload as payloads
from deployer.rehearsal.past import words

Body = dict[str, Any]


def new_body(rng: Random) -> Body:
    """Four in five are real-time."""
    return batch(rng) if rng.random() < 0.2 else real_time(rng)


def real_time(rng: Random) -> Body:
    family = rng.choice(list(words.MODELS))
    versions = words.MODELS[family]
    count = rng.choice([1, 1, 1, min(2, len(versions)), min(3, len(versions))])
    weights = rng.choice(words.WEIGHTS[count])
    body: Body = {"service_name": family + rng.choice(words.PLACES), "infer_type": "real-time"}
    described(body, rng)
    chosen = rng.sample(versions, count)
    body["config"] = [entry(model, weight, rng) for model, weight in zip(chosen, weights, strict=True)]
    if rng.random() < 0.15:
        body["schedule"] = [{"duration": rng.choice([1, 2, 8, 24]), "time_unit": "HOURS", "type": "stop"}]
    return body


def entry(model: str, weight: int, rng: Random) -> Body:
    found: Body = {
        "model_id": model,
        "weight": weight,
        "specification": rng.choice(words.SPECIFICATIONS),
        "instance_count": rng.choice([1, 1, 2, 3]),
    }
    names = rng.sample(list(words.VARIABLES), rng.choice([0, 0, 1, 2, 3]))
    if names:
        found["envs"] = {name: rng.choice(words.VARIABLES[name]) for name in names}
    return found


def batch(rng: Random) -> Body:
    name = rng.choice(words.BATCH)
    place = f"https://infers-data.obs.region-1.example.com/{name}/"
    body: Body = {"service_name": f"{name}-{rng.randrange(100, 1000)}", "infer_type": "batch"}
    described(body, rng)
    body["config"] = [
        {
            "model_id": rng.choice([version for versions in words.MODELS.values() for version in versions]),
            "specification": rng.choice(("modelarts.vm.cpu.2u", "modelarts.vm.gpu.p4")),
            "instance_count": 1,
            "src_path": f"{place}in/",
            "dest_path": f"{place}out/",
            "req_uri": "/",
            "mapping_type": "file",
        }
    ]
    return body


def described(body: Body, rng: Random) -> None:
    text = rng.choice(words.DESCRIPTIONS)
    if text:
        body["description"] = text


def edited(body: Body, rng: Random) -> Body:
    """The same request after somebody asked for changes."""
    rows = [dict(row) for row in body["config"]]
    rows[0]["instance_count"] = rows[0]["instance_count"] + 1
    if len(rows) == 2:
        share = rng.choice([95, 85, 75, 60])
        rows[0]["weight"], rows[1]["weight"] = share, 100 - share
    return {**body, "config": rows}


def document(body: Body, rng: Random) -> drafts.Doc:
    """The draft it was typed as. Its rows get their ids from us: the real ones are random."""
    doc = drafts.from_body(body)
    for row in doc["rows"]:
        row["id"] = f"{rng.getrandbits(32):08x}"
        for variable in row.get("envs", []):
            variable["id"] = f"{rng.getrandbits(32):08x}"
    return doc


def text_of(body: Body) -> str:
    """What would be sent, as the rule book writes it."""
    return payloads.canonical(payloads.build(body))
