"""A target's catalog as a worker would bring it, through the verbs."""

import json

from deployer.models import CatalogList, Target
from deployer.workflow import catalog
from deployer.workflow.catalog import Offer

BOTH = {"install_types": ["real-time", "batch"]}
ROWS = {
    "type": "object",
    "properties": {
        "data": {
            "type": "array",
            "items": [{"type": "object", "properties": {"age": {"type": "integer"}, "who": {"type": "string"}}}],
        }
    },
}
FILE = {"type": "object", "properties": {"images": {"type": "file"}}}


def bring(target: Target, kind: str, *offers: Offer) -> CatalogList:
    """The list as just read."""
    catalog.begin(target)
    row = CatalogList.objects.get(target=target, kind=kind)
    CatalogList.objects.filter(pk=row.pk).update(next_look_at=row.next_look_at and "2020-01-01T00:00:00Z", lease="")
    held = catalog.claim(row.pk, seconds=60)
    assert held
    catalog.replace(target, kind, offers, lease=held.lease)
    row.refresh_from_db()
    return row


def model(key: str, name: str = "", version: str = "1.0.0", status: str = "published", types=None) -> Offer:
    facts = {"install_types": types if types is not None else ["real-time", "batch"]}
    return Offer("", key, name=name or key, version=version, status=status, facts=facts)


def models(target: Target, many: int) -> CatalogList:
    """So many believable models; each thirteenth is still being built."""
    return bring(
        target,
        "model",
        *(
            model(
                f"{n:08x}-0000-4000-8000-{n:012x}",
                f"model-{n % 97}",
                f"{n % 9}.{n % 7}.0",
                "building" if n % 13 == 0 else "published",
            )
            for n in range(many)
        ),
    )


def definition(*apis: tuple[str, dict]) -> dict:
    """What a model's own page says, schemas as text as the cloud sends them."""
    return {"apis": [{"url": url, "method": "post", "input_params": json.dumps(schema)} for url, schema in apis]}
