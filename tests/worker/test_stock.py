"""Lists of everything: what others made is found, and a list that lies changes nothing wrongly."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from deployer.models import Service
from deployer.worker.listing import everything
from tests import factories
from tests.worker.lying import dictated  # noqa: F401 - the fixture `lists`
from tests.worker.watching import go_round, heard, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(submission, step, cloud) -> Service:
    """Of an accepted submission, and running."""
    service = step(submission).deployment.service
    look(service)
    cloud.advance(60)
    return look(service)


def row_of(service: Service, **more) -> dict:
    facts = {"service_id": service.service_id, "service_name": service.name, "status": service.status}
    return {**facts, "infer_type": "real-time", **more}


def test_what_others_made_is_found_and_looked_at(here, cloud):
    cloud.create(factories.real_time_body(service_name="theirs"), here)
    go_round(here, whole=True)
    service = Service.objects.get(name="theirs")
    assert service.deployments.count() == 0
    go_round(here)
    service.refresh_from_db()
    assert service.config != "[]"


def test_a_status_that_moved_unseen_is_found_by_the_list(service, here, cloud):
    Service.objects.update(status="stopped")
    go_round(here, whole=True)
    service.refresh_from_db()
    assert service.status == "running"


def test_more_services_than_fit_a_page_are_all_listed(here, cloud):
    body = factories.real_time_body(cluster_id="8abf68a969c3cb3a0169c4acb24b0000")
    for number in range(130):
        cloud.create({**body, "service_name": f"many-{number}"}, here)
    go_round(here, whole=True)
    assert Service.objects.filter(target=here).count() == 130


Page = Callable[[dict, Service], dict]
LIES: dict[str, Page] = {
    "empty": lambda told, service: {"total_count": 0, "services": []},
    "short": lambda told, service: {"total_count": 30, "services": []},
    "no list": lambda told, service: {"total_count": 1},
    "null": lambda told, service: {"total_count": 1, "services": None},
    "twice, and two minds": lambda told, service: {
        "total_count": 2,
        "services": [row_of(service), row_of(service, status="failed")],
    },
    "another project's": lambda told, service: {
        "total_count": 2,
        "services": [
            row_of(service),
            {"service_id": "foreign", "service_name": "x", "status": "running", "project": "f" * 32},
        ],
    },
    "our id in another project": lambda told, service: {
        "total_count": 1,
        "services": [row_of(service, status="failed", project="f" * 32)],
    },
    "ids nobody can keep": lambda told, service: {
        "total_count": 9,
        "services": [
            row_of(service),
            *({"service_id": one, "status": "running"} for one in ("", "x" * 65, "a\nb", 7.5)),
        ],
    },
    "wrong totals": lambda told, service: {"total_count": -5, "services": [row_of(service)]},
    "totals of a million": lambda told, service: {"total_count": 1_000_000, "services": [row_of(service)]},
    "no status": lambda told, service: {"total_count": 1, "services": [row_of(service, status="")]},
    "another name": lambda told, service: {"total_count": 1, "services": [row_of(service, service_name="other")]},
    "deleted": lambda told, service: {"total_count": 1, "services": [row_of(service, status="deleted")]},
    "failed": lambda told, service: {"total_count": 1, "services": [row_of(service, status="failed")]},
    "no rows": lambda told, service: {"total_count": 1, "services": [None, 3, "x", []]},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_list_that_lies_changes_nothing_wrongly(service, here, lists, lie):
    before, said = (service.status, service.name, service.config, service.access_address), heard(service)
    lists.say(lambda told: LIES[lie](told, service))
    for _ in range(3):
        go_round(here, whole=True)
    service.refresh_from_db()
    assert (service.status, service.name, service.config, service.access_address) == before
    assert heard(service) == said
    assert set(Service.objects.values_list("service_id", flat=True)) <= {service.service_id, "7.5"}


def test_the_same_page_for_ever_ends(service, here, lists):
    rows = [{"service_id": f"id-{n}", "service_name": "x", "status": "running"} for n in range(100)]
    lists.say(lambda told: {"total_count": 10_000, "services": rows})
    from deployer.worker import clouds

    found = everything(clouds.of(here), None, before_page=lambda: None)
    assert (len(found.services), found.is_whole) == (100, False)


def test_a_cloud_that_refuses_lists_leaves_close_looks(service, here, lists):
    lists.refuse(403)
    Service.objects.update(next_look_at=timezone.now(), status="stopped")
    go_round(here, whole=True)
    service.refresh_from_db()
    here.watch.refresh_from_db()
    assert service.status == "running"
    assert here.watch.problem
    assert here.watch.listed_at is None or here.watch.next_look_at > timezone.now()
