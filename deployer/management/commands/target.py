"""`manage.py target NAME --endpoint URL …`: create or change a place to deploy."""

import argparse
import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError

from deployer.domain.editions import DEFAULT, EDITIONS
from deployer.management import secrets
from deployer.management.house import HouseCommand
from deployer.modelarts.address import BadAddress, check_endpoint
from deployer.models import Target
from deployer.workflow import targets
from deployer.workflow.errors import HasProblems

OPTIONS = {
    "endpoint": "of ModelArts: https://modelarts.eu-de.otc.t-systems.com",
    "iam_endpoint": "of IAM: https://iam.eu-de.otc.t-systems.com",
    "vpc_endpoint": "of the VPC service, to list networks (default: the sibling of the endpoint; empty takes it back)",
    "project_id": "as the console shows it under My Credentials",
    "project_name": "for people",
    "region": "found in the endpoint where it is not given",
    "workspace_id": "prefills new drafts",
}


class Command(HouseCommand):
    help = (
        "Create or change a target. The secret (password or secret key) comes from DEPLOYER_TARGET_SECRET or standard "
        "input, the security token of temporary keys from DEPLOYER_TARGET_SECURITY_TOKEN. What is not given of a "
        "target that exists stays as it is."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")
        for name, words in OPTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", help=words)
        parser.add_argument("--edition", help=f"of the API: {', '.join(EDITIONS)} (default: {DEFAULT})")
        who = parser.add_mutually_exclusive_group()
        who.add_argument("--username", help="to log in with a password; needs --domain")
        who.add_argument("--access-key", help="to sign with an access key")
        parser.add_argument("--domain", help="the account's domain")
        parser.add_argument("--approvals", type=int, help="how many must approve, at least 1 (default: 1)")
        parser.add_argument("--preflight", choices=Target.Preflight.values, help="(default: advise)")
        parser.add_argument("--quiet-seconds", type=int, help="how long a lost answer is looked for (default: 600)")

    def act(self, *, name: str, **options: Any) -> None:
        known = Target.objects.filter(name=name).first()
        facts = facts_of(options)
        if known is None:
            must_be_whole(name, facts)
        check_addresses(facts)
        secret = secrets.given("DEPLOYER_TARGET_SECRET", f"Password or secret key of {name} (empty keeps it): ")
        token = os.environ.get("DEPLOYER_TARGET_SECURITY_TOKEN", "")
        try:
            kept = targets.save(name, secret=secret, security_token=token, **facts)
        except HasProblems as error:
            raise CommandError(" ".join(problem.message for problem in error.problems)) from None
        self.stdout.write(told(kept))


def facts_of(options: dict[str, Any]) -> dict[str, Any]:
    """The columns that were given."""
    names = [*OPTIONS, "edition", "approvals", "preflight", "quiet_seconds", "username", "access_key"]
    facts = {name: options[name] for name in names if options[name] is not None}
    if options["domain"] is not None:
        facts["domain_name"] = options["domain"]
    if "access_key" in facts:
        facts |= {"login": Target.Login.KEYS.value, "username": "", "domain_name": ""}
    elif "username" in facts:
        facts |= {"login": Target.Login.PASSWORD.value, "access_key": ""}
    if facts.get("quiet_seconds", 0) < 0:
        raise CommandError("--quiet-seconds is a number of seconds from 0.")
    if "endpoint" in facts and "region" not in facts:
        facts["region"] = region_in(facts["endpoint"])
    return facts


def must_be_whole(name: str, facts: dict[str, Any]) -> None:
    needed = [f"--{word.replace('_', '-')}" for word in ("endpoint", "iam_endpoint", "project_id") if word not in facts]
    if "login" not in facts:
        needed.append("--username and --domain, or --access-key")
    if needed:
        raise CommandError(f"{name} is new and needs {', '.join(needed)}.")


def check_addresses(facts: dict[str, Any]) -> None:
    hosts = tuple(settings.ALLOWED_CLOUD_HOSTS)
    for name in ("endpoint", "iam_endpoint", "vpc_endpoint"):
        if name not in facts or (name == "vpc_endpoint" and not facts[name]):
            continue
        try:
            check_endpoint(facts[name], local_allowed=settings.ALLOW_LOCAL_TARGETS, allowed_hosts=hosts)
        except BadAddress as error:
            raise CommandError(f"--{name.replace('_', '-')}: {error.message}") from None
        facts[name] = facts[name].rstrip("/")


def region_in(endpoint: str) -> str:
    """`eu-de` of https://modelarts.eu-de.otc.t-systems.com; nothing where the address does not say."""
    try:
        labels = (urlsplit(endpoint).hostname or "").split(".")
    except ValueError:
        return ""
    return labels[1] if labels[0] == "modelarts" and len(labels) > 2 else ""


def told(kept: targets.Kept) -> str:
    target = kept.target
    if not kept.changed:
        return f"{target.name} is as it was."
    words = (
        f"{target.name} is {'made' if kept.is_new else 'changed'}: {target.endpoint}, {target.approvals} to approve."
    )
    if kept.stale:
        many = "1 approved deployment" if kept.stale == 1 else f"{kept.stale} approved deployments"
        words += f" {many} went back to review."
    return words
