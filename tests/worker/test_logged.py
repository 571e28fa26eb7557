"""What a worker says of a submission carries its number and its deployment's."""

import json
import logging

import pytest

from deployer.logs.shapes import Json
from deployer.worker import steps

pytestmark = pytest.mark.django_db


def test_records_of_a_step_carry_the_numbers(deployment_in, monkeypatch, caplog):
    deployment = deployment_in("submitted")
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(json.loads(Json().format(record)))

    def broken(pk, worker):
        raise RuntimeError("X-Auth-Token: hunter2-planted")

    handler = Keep()
    logging.getLogger().addHandler(handler)
    monkeypatch.setattr(steps, "send", broken)
    try:
        assert steps.submissions()[0]("w") is False
        monkeypatch.setattr(steps, "send", lambda pk, worker: True)
        assert steps.submissions()[0]("w") is True
    finally:
        logging.getLogger().removeHandler(handler)
    row = deployment.submission
    assert [(line["submission"], line["deployment"]) for line in lines] == [(row.pk, deployment.pk)] * 2
    assert lines[0]["exception"] == "RuntimeError"
    assert "hunter2" not in json.dumps(lines)
