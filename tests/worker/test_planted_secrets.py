"""After a full run with every kind of login, no credential is left in database, logs, pages, exports or files."""

import base64
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from deployer.models import Deployment, Target
from deployer.sandbox import account
from deployer.worker import steps
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

WRONG_PASSWORD = "Pl4nted-pass&word<é>"
FAULTS = ["401", "malformed", "truncated", "redirect", "500-after", "429", "reset-after"]
LOGINS = {
    "by-password": {"username": account.USER, "domain_name": account.DOMAIN, "secret": account.PASSWORD},
    "by-wrong-password": {"username": account.USER, "domain_name": account.DOMAIN, "secret": WRONG_PASSWORD},
    "by-keys": {"login": "keys", "access_key": account.ACCESS_KEY, "secret": account.SECRET_KEY},
    "by-temporary-keys": {
        "login": "keys",
        "access_key": account.TEMPORARY_ACCESS_KEY,
        "secret": account.TEMPORARY_SECRET_KEY,
        "security_token": account.SECURITY_TOKEN,
    },
}


@pytest.fixture
def handed_out(sandbox) -> list[str]:
    """Every token the sandbox gives out from now on."""
    tokens, issue = [], sandbox.cloud.tokens.issue

    def remembered(*facts):
        token = issue(*facts)
        tokens.append(token.text)
        return token

    sandbox.cloud.tokens.issue = remembered
    yield tokens
    sandbox.cloud.tokens.issue = issue


def test_no_credential_is_left_in_the_clear(
    people, client_of, sandbox, handed_out, cloud, settings, caplog, capfd, deployment_in
):
    caplog.set_level(logging.DEBUG)
    settings.ALLOW_LOCAL_TARGETS = True
    pages = [*make_targets(client_of(people["root"]), sandbox.url), *full_run(people, client_of, cloud, deployment_in)]
    pages += list(every_page(client_of(people["root"]))) + list(every_page(client_of(people["alice"])))
    assert len(handed_out) >= 2
    assert Deployment.objects.filter(submission__outcome="accepted").count() >= 3
    heaps = {
        "pages": "\n".join(pages),
        "logs": "\n".join([caplog.text, *(str(record.__dict__) for record in caplog.records), *capfd.readouterr()]),
        "database": "\n".join(everything_stored()),
        "files": "\n".join(path.read_bytes().decode("latin-1") for path in files_in(settings.TOKENS)),
    }
    assert all(heaps.values())
    secrets = [WRONG_PASSWORD, account.SECRET_KEY, account.TEMPORARY_SECRET_KEY, account.SECURITY_TOKEN, *handed_out]
    found = [f"{name}: {form[:24]}" for name, heap in heaps.items() for form in forms_of(secrets) if form in heap]
    assert found == []


def test_the_search_would_see_one():
    forms = list(forms_of([WRONG_PASSWORD]))
    for text in (f"x{WRONG_PASSWORD}x", "x%3Cx Pl4nted-pass%26word%3C%C3%A9%3E", "Pl4nted-pass\\u0026word\\u003c"):
        assert any(form in text for form in forms), text


def forms_of(secrets: list[str]) -> Iterator[str]:
    """A secret as it may stand in a heap: plain, in an address, as base64, or only its first letters."""
    for secret in secrets:
        yield secret
        yield quote(secret, safe="")
        yield base64.b64encode(secret.encode()).decode().rstrip("=")
        yield secret[:12]


def make_targets(root: Client, url: str) -> list[str]:
    """By the form, as an admin does: with a mistake first, then well; and each is asked for its connection."""
    pages = []
    for name, login in LOGINS.items():
        facts = {
            "name": name,
            "endpoint": url,
            "iam_endpoint": url,
            "region": "region-1",
            "project_id": "5a0d80b5c0de4c0fa11ab1e5eed00001",
            "edition": "otc-2022",
            "login": "password",
            "approvals": "1",
            "preflight": "advise",
            "quiet_seconds": "600",
            "zone": "UTC",
            "most_calls": "8",
        } | login
        address = reverse("target-new")
        for wrong in ({"endpoint": "nonsense"}, {"find": "1"}, {"test": "1"}, {"name": "no good"}):
            pages.append(root.post(address, facts | wrong, follow=True).content.decode())
        saved = root.post(address, facts)
        assert saved.status_code == 302, re.findall(r'class="problem.*', saved.content.decode())
        pages.append(root.post(reverse("target-test", args=[name]), follow=True).content.decode())
    drain()
    return pages


def full_run(people, client_of, cloud, deployment_in) -> list[str]:
    """Composed, looked up, checked, approved, sent, with trouble on the way; what went wrong is part of the heap."""
    for number, target in enumerate(Target.objects.all()):
        for at, fault in enumerate(FAULTS[number::3] or FAULTS[:1]):
            for match in ("POST /v1/*/services", "POST /v3/auth/tokens", "GET /v1/*/models"):
                cloud.next_time(fault, match)
            deployment = deployment_in("submitted", target=target, body=named(f"of-{target.name}-{at}"))
            factories.preflight_passed(deployment)
        drain()
        client = client_of(people["olga"])
        client.post(reverse("target-refresh", args=[target.name]))
        drain()
    requests.post(f"{cloud.url}/_sandbox/reset", timeout=5)  # the last looks meet tokens that are void
    drain()
    return []


def named(name: str) -> dict:
    return factories.real_time_body(service_name=name)


def drain() -> None:
    """Everything that is due or becomes due soon, as a worker would do it."""
    for model in apps.get_app_config("deployer").get_models():
        for column in ("next_action_at", "next_look_at"):
            if any(field.name == column for field in model._meta.fields):
                model.objects.filter(**{f"{column}__isnull": False}).update(**{column: "2020-01-01T00:00:00Z"})
    steps.advance("tester:1")


def every_page(client: Client) -> Iterator[str]:
    """Pages, fragments and exports, whatever they answer."""
    names = ["overview", "history-list", "history-csv", "history-json", "compose-new", "service-list", "target-list"]
    addresses = [reverse(name) for name in (*names, "target-new", "audit-list", "review-list")] + [
        "/metrics",
        "/readyz",
    ]
    for name in LOGINS:
        addresses += [f"/targets/{name}/", f"/targets/{name}/edit/", f"/targets/{name}/lists/"]
    for deployment in Deployment.objects.all():
        base = f"/deployments/{deployment.pk}/"
        addresses += [base, *(base + end for end in ("status/", "timeline/", "payload.json", "preflight/", "edit/"))]
        addresses += [f"{base}export/{kind}" for kind in ("json", "curl", "python", "hcl")]
        if deployment.submission and deployment.submission.service_id:
            addresses.append(f"/services/{deployment.submission.service_id}/")
    for address in addresses:
        answer = client.get(address, follow=True)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield content.decode() + str(dict(answer.headers)) + str(answer.cookies)


def everything_stored() -> Iterator[str]:
    """Every row of every table, as the database has it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own tables
            yield from map(str, cursor.fetchall())


def files_in(folder: Path) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file()]
