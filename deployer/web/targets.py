"""Places to deploy, their policy in words, and how they are changed. Never a credential."""

import shlex

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from deployer.models import Deployment, Person, Target
from deployer.models.encrypted import LOST
from deployer.web import access, asked, badges, frozen, paging, target_asks
from deployer.web.figures import counted
from deployer.web.filters import real_text
from deployer.web.times import lasting
from deployer.workflow import freezing
from deployer.workflow.permissions import listed, target_refusal

ONWARD = " \\\n  "  # how a shell goes on in the next line
EXAMPLE = ONWARD.join(
    [
        "python3 manage.py target NAME",
        "--endpoint https://modelarts.REGION.example.com",
        "--iam-endpoint https://iam.REGION.example.com",
        "--project-id ID --username USER --domain DOMAIN",
    ]
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All targets: a team has a few. The newest deployment of each is one look into an index."""
    newest = Deployment.objects.filter(target=OuterRef("pk")).order_by("-number").values("number")[:1]
    rows = [(target, policy(target)[0]) for target in Target.objects.annotate(newest=Subquery(newest))]
    return render(
        request, "targets/page.html", {"rows": rows, "command": EXAMPLE, "refusal": target_refusal(request.user)}
    )


@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    target = access.target_named(request.user, real_text(name))
    lately = paging.rows_of(Deployment.objects.for_lists(), paging.keys(target.deployments.all(), None, 8))
    freezes = list(freezing.freezes_of(target))
    context = {
        "target": target,
        "policy": policy(target),
        "approvers": names_of("approver"),
        "operators": names_of("operator"),
        "login": login(target),
        "secret": secret(target),
        "quiet": lasting(target.quiet_seconds),
        "command": command(target),
        "rows": [(row, badges.badge_for(row, freezes=freezes)) for row in lately],
        "token": token(target),
        "refusal": target_refusal(request.user),
        "freeze_refusal": freezing.refusal(request.user),
        "now": timezone.now(),
        **frozen.banners(request.user, freezes),
        "test": asked.last_test(target),
        **target_asks.offers_context(target),
    }
    return render(request, "targets/one.html", context)


def policy(target: Target) -> list[str]:
    """The review policy, a sentence for each rule."""
    many = counted(target.approvals, "approval,approvals")
    lasts = f"after {lasting(target.approval_hours * 3600)}" if target.approval_hours else ""
    return [
        f"{many[0].upper()}{many[1:]}, none by who wrote or edited.",
        f"An approval lapses {lasts}." if lasts else "An approval does not lapse with time.",
        "An edit that returns to the approved text revives its approvals."
        if target.revives
        else "An edit after approval asks for approval again.",
        "It is sent at once on the last approval."
        if target.submits_itself
        else "Once approved, its author or an operator submits it.",
        *(["A preflight must pass before an approval."] if target.preflight == Target.Preflight.REQUIRED else []),
        *([f"It is sent {target.windows} only, {target.zone}."] if target.windows else []),
        *(["What was lost and is not found is sent again by itself, once."] if target.resends_itself else []),
    ]


def names_of(role: str) -> str:
    """Who has this role, in words."""
    people = Person.objects.filter(is_active=True, groups__name=role).order_by("first_name", "username")[:20]
    return listed([str(person) for person in people]) or "nobody yet"


def login(target: Target) -> str:
    if target.login == Target.Login.KEYS:
        return f"access key {masked(target.access_key)}"
    return f"user {target.username} of domain {target.domain_name}"


def secret(target: Target) -> str:
    """That it is there, never what it is."""
    kind = "Secret key" if target.login == Target.Login.KEYS else "Password"
    if target.secret is LOST:
        return f"{kind} kept, but none of the present encryption keys opens it: nothing can be sent"
    return f"{kind} set, encrypted, shown to nobody" if target.secret else f"{kind} not set: nothing can be sent"


def token(target: Target) -> str:
    return "kept, encrypted, shown to nobody" if target.security_token else ""


def masked(key: str) -> str:
    """Enough to tell two keys apart."""
    return f"{key[:4]}••••{key[-2:]}" if len(key) > 8 else "••••"


def command(target: Target) -> str:
    """What an administrator runs to change it. The secret is asked for, never part of the command."""
    who = (
        ["--access-key", "KEY"]
        if target.login == Target.Login.KEYS
        else ["--username", target.username, "--domain", target.domain_name]
    )
    given = [
        ["--endpoint", target.endpoint],
        ["--iam-endpoint", target.iam_endpoint],
        ["--project-id", target.project_id, "--edition", target.edition],
        [*who, "--approvals", str(target.approvals)],
    ]
    return ONWARD.join([f"python3 manage.py target {target.name}", *(shlex.join(line) for line in given)])
