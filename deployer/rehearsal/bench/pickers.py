"""A keystroke in the picker of models, among thousands, beside a bare page of the same size."""

from collections.abc import Callable, Iterator

from django.urls import reverse

from deployer.models import CatalogList
from deployer.rehearsal.bench import ground
from deployer.workflow import catalog, drafting
from deployer.workflow.catalog import Offer

MODELS = 5_000
TIMES = 200
STEMS = ("sentiment", "ticket-router", "layout", "fraud-watch", "invoice-reader", "speech-notes", "stock-forecast")
TYPED = ("", "s", "se", "sen", "sentiment", "sentiment 7", "router 1.2", "ffff", "layout 4.", "zz nothing")


def run(say: Callable[[str], None], *, models: int = MODELS, times: int = TIMES) -> float:
    """Measure, say it, and give the ratio."""
    with ground.ground():
        person, client = ground.looker()
        target = ground.target()
        fill(target, models)
        deployment = drafting.begin(target, "real-time", by=person)
        address = reverse("compose-pick", args=[deployment.pk, "model"])

        def keystroke(turn: int) -> bytes:
            asked = {"q": TYPED[turn % len(TYPED)], "for": "config-0-model_id", "type": "real-time"}
            return client.get(address, asked, secure=True, headers={"HX-Request": "true"}).content

        sizes = [len(keystroke(turn)) for turn in range(len(TYPED))]
        size = sorted(sizes)[len(sizes) // 2]
        bare = reverse("bench-bare", args=[size])
        one, other = ground.side_by_side(keystroke, lambda _: client.get(bare, secure=True), times)
        many = ground.queries(lambda: keystroke(1))
    say(f"pickers: a keystroke among {models:,} models, {times} times")
    say(f"  answer: {max(sizes):,} bytes at most, {many} queries")
    say(f"  p95: {one * 1000:.1f} ms; a bare page of {size:,} bytes: {other * 1000:.1f} ms")
    say(f"  ratio: {one / other:.1f}")
    return one / other


def fill(target, models: int) -> None:
    """A list as a worker would bring it."""
    catalog.begin(target)
    row = CatalogList.objects.get(target=target, kind="model")
    held = catalog.claim(row.pk, seconds=60)
    if held:
        catalog.replace(target, "model", offers(models), lease=held.lease)


def offers(models: int) -> Iterator[Offer]:
    """Believable models: some are not published, some are for batch alone."""
    for number in range(models):
        name = f"{STEMS[number % len(STEMS)]}-{number % 97}"
        types = ["batch"] if number % 11 == 0 else ["real-time", "batch"]
        facts = {"install_types": types, "type": "PyTorch", "size": 118_000_000 + number, "description": f"Of {name}"}
        version = f"{number % 9}.{number % 7}.{number % 5}"
        status = "building" if number % 13 == 0 else "published"
        key = f"{number:08x}-0000-4000-8000-{number:012x}"
        yield Offer("", key, name=name, version=version, status=status, facts=facts)
