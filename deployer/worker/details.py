"""What an entry's own page says: the interface of a model, the rules of a security group."""

import logging
import time
from typing import Any

from deployer.modelarts.answers import ModelSeen
from deployer.modelarts.reading import listed, mapped, text
from deployer.models import CatalogEntry, Target
from deployer.models.catalog import Kind
from deployer.worker import clouds
from deployer.worker.ending import stopping
from deployer.worker.records import AWAY
from deployer.worker.troubles import why_not_read
from deployer.workflow import catalog

log = logging.getLogger(__name__)

AHEAD = 20  # models read ahead after a refresh, so that most are known before somebody picks them
LONGEST_AHEAD = 20.0  # seconds for all of them
MOST = 100  # APIs, parameters or rules of one entry


def fetch(pk: int) -> bool:
    """Read the page of one entry. False when that could not be done; the entry then says why."""
    entry = CatalogEntry.objects.select_related("target").filter(pk=pk).first()
    if entry is None or entry.kind not in PAGES:
        return False
    try:
        said = PAGES[entry.kind](entry)
    except AWAY:
        raise
    except Exception as trouble:  # noqa: BLE001 - it is told, and asked again when somebody picks it again
        log.info("%s %s cannot be read: %s", entry.kind, entry.key, type(trouble).__name__)
        if not entry.detail:
            catalog.set_detail(entry, {"problem": why_not_read(trouble)})
        return False
    catalog.set_detail(entry, said)
    return True


def fetch_ahead(target: Target) -> int:
    """Read the newest published models that fit a batch job and were not read yet. How many."""
    ends_at = time.monotonic() + LONGEST_AHEAD
    rows = CatalogEntry.objects.of(target, Kind.MODEL).filter(status="published", detail_at__isnull=True)
    done = 0
    for pk in list(rows.filter(facts__contains='"batch"').values_list("pk", flat=True)[:AHEAD]):
        if stopping.is_set() or time.monotonic() > ends_at or not fetch(pk):
            break
        done += 1
    return done


def page_of_model(entry: CatalogEntry) -> dict[str, Any]:
    with clouds.looking_at(entry.target) as cloud:
        seen = cloud.model(entry.key)
    if seen is None:
        return {"problem": "The cloud does not know this model any more."}
    return {"apis": apis_of(seen), "input_params": seen.input_params[:MOST]}


def apis_of(seen: ModelSeen) -> list[dict[str, Any]]:
    """One row for each API, from `apis`, or from the configuration where that is empty.

    Defaults `/` and POST, and the type of the content: ModelArts API reference, model configuration file.
    """
    configured = [mapped(one) for one in listed(seen.config.get("apis"))]
    types = {path_of(one): content_type(one) for one in configured}
    rows = [mapped(one) for one in seen.apis] or configured
    return [
        {
            "url": path_of(one),
            "method": (text(one.get("method")) or "POST").upper(),
            "input": one.get("input_params") or mapped(one.get("request")).get("data"),
            "content_type": types.get(path_of(one), ""),
        }
        for one in rows[:MOST]
    ]


def path_of(api: dict[str, Any]) -> str:
    return text(api.get("url")) or "/"


def content_type(api: dict[str, Any]) -> str:
    """`Content-type`, in whatever case it is written."""
    request = {str(name).lower(): value for name, value in mapped(api.get("request")).items()}
    return text(request.get("content-type"))


def page_of_group(entry: CatalogEntry) -> dict[str, Any]:
    with clouds.looking_at_network(entry.target) as network:
        return {"rules": [rule.raw for rule in network.rules(entry.key)[:MOST]]}


PAGES = {Kind.MODEL: page_of_model, Kind.SECURITY_GROUP: page_of_group}
