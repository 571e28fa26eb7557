"""The worker as a process: it sends, watches, ends when asked, and is not missed when it is killed."""

import signal
import socket
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from deployer.models import Heartbeat, Service, Submission
from deployer.worker import wakeups
from deployer.workflow import history
from tests import factories
from tests.worker.processes import wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def outcomes() -> set[str]:
    return set(Submission.objects.values_list("outcome", flat=True))


def test_it_sends_watches_until_running_and_ends_when_asked(cloud, submission):
    with worker() as process:
        wait_for(lambda: outcomes() == {"accepted"})
        wait_for(lambda: Service.objects.filter(status="deploying").exists())
        assert Heartbeat.objects.count() == 1
        cloud.advance(60)
        wait_for(lambda: Service.objects.filter(status="running", is_settled=True).exists())
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert Heartbeat.objects.count() == 0
    assert list(submission.deployment.events.filter(action="cloud_status").values_list("by_key", flat=True))
    assert isinstance(history.verify(), int)


def test_it_finishes_its_step_before_it_ends(cloud, submission):
    cloud.next_time("hang-after", seconds=2)
    with worker() as process:
        wait_for(lambda: outcomes() == {"sending"})
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert outcomes() <= {"unknown", "accepted"}


def test_a_killed_worker_leaves_a_row_that_another_settles(cloud, submission):
    cloud.next_time("hang-after", seconds=20)
    with worker() as first:
        wait_for(lambda: outcomes() == {"sending"} and len(cloud.services()) == 1)
        first.kill()
        first.wait(60)
    past = timezone.now() - timedelta(seconds=1)  # as if the lease had run out
    Submission.objects.update(lease_until=past, next_action_at=past)
    with worker():
        wait_for(lambda: outcomes() == {"accepted"})
    assert len(cloud.services()) == 1
    assert cloud.count("POST", "/services") == 1


def test_two_workers_send_each_row_once(cloud, submitted):
    names = {f"service-{number}" for number in range(12)}
    for name in sorted(names):
        submitted(name)
    with worker(), worker():
        wait_for(lambda: outcomes() == {"accepted"}, 40)
    assert {service["service_name"] for service in cloud.services()} == names
    assert cloud.count("POST", "/services") == len(names)
    assert Submission.objects.filter(service_id=None).count() == 0


@pytest.mark.parametrize("what", ["list", "create"])
def test_a_cloud_that_hangs_keeps_no_other_target_waiting(what, cloud, here, prod, at_sandbox, deployment_in):
    """With calls that hang for their whole deadline of 45 s, and more rows than a worker has threads."""
    hung = at_sandbox(prod)
    with socket.create_server(("127.0.0.1", 0), backlog=100) as hole:  # takes calls and never answers
        if what == "list":
            hung.endpoint = f"http://127.0.0.1:{hole.getsockname()[1]}"
            hung.save()
        else:
            cloud.next_time("hang-before", f"POST /v1/{hung.project_id}/services", times=9, seconds=60)
        for number in range(12):
            body = factories.real_time_body(service_name=f"hung-{number}")
            deployment_in("submitted", target=hung, body=body)
        with worker():
            wait_for(lambda: Heartbeat.objects.exists())
            time.sleep(5.0)  # all that can hang does
            row = deployment_in("submitted", target=here).submission
            wait_for(lambda: Submission.objects.get(pk=row.pk).outcome == "accepted", 30)


def test_a_row_without_its_task_is_found_by_the_sweep(cloud, submission):
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.all().delete()
    with worker():
        wait_for(lambda: outcomes() == {"accepted"})


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks /proc whether a signal would be caught")
def test_it_ends_cleanly_however_early_it_is_asked(db):
    for pause in (0.0, 0.2, 0.5, 1.0):
        with worker() as process:
            wait_for(lambda process=process: catches(process.pid, signal.SIGTERM))
            time.sleep(pause)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            said = process.stderr.read()
        assert "Traceback" not in said


def catches(pid: int, number: int) -> bool:
    """Whether the process has a handler for this signal by now."""
    status = Path(f"/proc/{pid}/status").read_text()
    (mask,) = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")]
    return bool(int(mask, 16) >> (number - 1) & 1)


def test_it_is_woken_when_something_is_submitted(cloud, here, deployment_in):
    from deployer.workflow import submission as verbs

    wakeups.forget()
    deployment = deployment_in("approved", target=here)
    with worker():
        wait_for(lambda: Heartbeat.objects.filter(port__gt=0).exists())
        time.sleep(1.0)  # idle
        wakeups.forget()
        verbs.submit(deployment, seen=deployment.seen, by=deployment.author)
        began = time.monotonic()
        wait_for(lambda: cloud.count("POST", "/services"))
        assert time.monotonic() - began < 20  # far below a second on a machine that has nothing else to do
