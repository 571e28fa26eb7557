"""A small world with a deployment in every state, so that every page has something to show."""

from datetime import timedelta

from django.utils import timezone

from deployer.domain.lifecycle import Outcome
from deployer.domain.preflight import Result
from deployer.models import Deployment, Person, Service
from deployer.workflow import freezing, outcome, preflight, submission
from tests.factories import batch_body, entry, preflight_passed, real_time_body

TWO_MODELS = real_time_body(
    entry("0b64744e-8a31-4b6c-9f57-0d2c5be3a8f0", 70, envs={"LOG_LEVEL": "info", "API_TOKEN": "ghp_" + "x1Y2" * 9}),
    entry("91c27f3a-52d8-4f7e-b1a4-6de3c08f5521", 30, instance_count=2),
    service_name="sentiment-api",
    description="Sentiment of support tickets, EU",
    schedule=[{"type": "stop", "time_unit": "HOURS", "duration": 8}],
)
BROKEN = real_time_body(entry("model-a", 60), entry("model-a", 30, instance_count=0), service_name="not good!")


def tried(kind: str, detail: str) -> outcome.Tried:
    return outcome.Tried(kind, "tests", timezone.now(), detail, 200, "req-1", '{"service_id": "…"}')


def in_the_cloud(deployment: Deployment, status: str, **facts) -> Deployment:
    """As if a worker had sent it and watched it come to this status."""
    row = outcome.claim(deployment.submission.pk, outcome=Outcome.WAITING, seconds=60)
    assert row
    assert outcome.begin_sending(row, seconds=60)
    assert outcome.accepted(row, tried("send", "The cloud accepted it."), service_id=f"10eb0091-{row.pk:04d}")
    seen = {"status": status, "is_settled": status != "deploying", "next_look_at": None, **facts}
    Service.objects.filter(service_id=f"10eb0091-{row.pk:04d}").update(**seen)
    return Deployment.objects.get(pk=deployment.pk)


def in_limbo(deployment: Deployment, *, person: bool) -> Deployment:
    """As if the answer had been lost; with `person` nothing was found in the quiet period."""
    row = outcome.claim(deployment.submission.pk, outcome=Outcome.WAITING, seconds=60)
    assert row
    assert outcome.begin_sending(row, seconds=60)
    outcome.unknown(row, tried("send", "No answer after 30 s."), reason="No answer after 30 s.", seconds=0)
    if person:
        row = outcome.claim(row.pk, outcome=Outcome.UNKNOWN, seconds=60)
        assert row
        outcome.needs_person(row, tried("look", "Nothing found."), reason="Looked for 10 minutes, found nothing.")
    return Deployment.objects.get(pk=deployment.pk)


def check(world: dict[str, Deployment]) -> None:
    """Preflights of each kind: one with everything to say, one over a draft, one that could not look, open ones."""
    found = [
        Result("flavor", "config[0].specification", "block", "modelarts.vm.cpu.2u is sold out.", "Choose another."),
        Result("quota", "", "warn", "18 of 20 real-time services are used.", "Delete one that is not needed."),
        Result("name", "service_name", "pass", "The name ticket-router is free."),
        Result("published", "config", "pass", "All 2 models are published."),
    ]
    preflight_passed(world["in_review"], *found)
    preflight.ask(world["in_review"], by=world["in_review"].author)
    preflight_passed(world["in_review"], *found)
    preflight.ask(world["batch"], by=world["batch"].author)
    preflight_passed(world["batch"], *found)
    due = preflight.claim(preflight.newest(world["approved"]).pk, seconds=60)
    assert due
    assert preflight.give_up(due, "Nothing answers at the endpoint.")


def build(deployment_in, draft_of, *, by) -> dict[str, Deployment]:
    """One deployment of each kind, by name."""
    soon = timezone.now() + timedelta(minutes=42)
    named = lambda name: {**TWO_MODELS, "service_name": name}  # noqa: E731 - a name for a shape
    world = {
        "draft": draft_of(TWO_MODELS),
        "broken": draft_of(BROKEN),
        "batch": draft_of(batch_body()),
        "in_review": deployment_in("in_review", body=named("ticket-router")),
        "changes_requested": deployment_in("changes_requested", body=named("churn-score")),
        "approved": deployment_in("approved", body=named("layout")),
        "waiting": deployment_in("submitted", body=named("waits")),
        "withdrawn": deployment_in("withdrawn", body=named("nothing")),
        "rejected": deployment_in("rejected", body=named("no-way")),
    }
    check(world)
    deploying = deployment_in("submitted", body=named("deploys"))
    world["deploying"] = in_the_cloud(deploying, "deploying", progress=43)
    address = "https://infers.example.com/v1/infers/10eb0091"
    running = deployment_in("submitted", body=named("runs"))
    world["running"] = in_the_cloud(running, "running", access_address=address, due_time=soon)
    failed = deployment_in("submitted", body=named("fails"))
    world["failed"] = in_the_cloud(failed, "failed", error_msg="Failed to pull the image. Retry later.")
    world["unknown"] = in_limbo(deployment_in("submitted", body=named("lost")), person=False)
    world["needs_person"] = in_limbo(deployment_in("submitted", body=named("gone")), person=True)
    assert submission.hands_on(by, world["needs_person"].submission)
    return world


def add_troubles(world: dict[str, Deployment], *, by: Person) -> None:
    """Sending is frozen, and beside what runs stands its twin."""
    brother = world["running"].service
    now = timezone.now()
    facts = {"name": brother.name, "infer_type": brother.infer_type, "status": "running", "config": brother.config}
    times = {"created_at": now, "seen_at": now, "changed_at": now}
    Service.objects.create(target=brother.target, service_id="twin-1", twin_of=brother, **facts, **times)
    freezing.begin(brother.target, "The project is being cleaned.", now + timedelta(hours=2), by)
