"""The request URIs of a model, offered as a list of their own: its definition names them."""

from deployer.domain import definitions
from deployer.models import CatalogEntry, Target
from deployer.models.catalog import Kind
from deployer.web.offering import MOST, Offering, Option, Question, cut


def offering(target: Target, question: Question) -> Offering:
    """The request URIs of the row's model, from its definition."""
    entry = CatalogEntry.objects.filter(target=target, kind=Kind.MODEL, part="", key=question.model).first()
    uris = definitions.request_uris(entry.more) if entry else []
    words = question.q.lower().split()
    fits = [uri for uri in uris if all(word in uri.lower() for word in words)]
    options = [Option(uri, uri, called_by(entry, uri)) for uri in fits[:MOST]] if entry else []
    found = Offering("uri", cut(options), len(fits))
    if not options:
        found.empty = why_no_address(entry, uris)
    return found


def called_by(entry: CatalogEntry, uri: str) -> str:
    return {("file",): "one file each", ("csv",): "rows of CSV"}.get(definitions.mapping_types(entry.more, uri), "")


def why_no_address(entry: CatalogEntry | None, uris: list[str]) -> str:
    if entry is None:
        return "Choose a model of the list first, or type the URI."
    if not entry.detail_at:
        return f"The definition of {entry} has not been read yet. Fill from the model reads it."
    if isinstance(entry.more.get("problem"), str):
        return f"The definition of {entry} could not be read: {entry.more['problem']}"
    return "No request URI of this model fits." if uris else f"The definition of {entry} names no request URI."
