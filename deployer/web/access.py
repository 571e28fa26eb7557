"""Who gets in, and finding things for this person. Closed unless opened."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import DefaultAccountAdapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from deployer.models import Deployment, Person, Service, Target
from deployer.web.numbers import LARGEST
from deployer.workflow import permissions
from deployer.workflow.errors import NotAllowed


class Adapter(DefaultAccountAdapter):
    """Accounts are made by `manage.py person`. A stranger gets none."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """The right password of an account that was switched off."""
        why = "This account is switched off. An administrator can switch it on again."
        return render(request, "403.html", {"reason": why}, status=403)


def look(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Reading needs a role. Somebody without one is told whom to ask."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not permissions.may_look(request.user):
            raise NotAllowed("You have no role yet. An administrator can give you one.")
        return view(request, *args, **kwargs)

    return guarded


TEXTS = (
    "draft", "copied_from__draft",
    *(f"submission__version__{text}" for text in ("draft", "payload", "problems")),
)  # fmt: skip


def deployment_for(person, number: int, *, with_texts: bool = True) -> Deployment:
    """The deployment of this number with all its page shows, or 404. `with_texts`: False where a page asks often;
    then its long texts are read when they are needed."""
    if number > LARGEST:
        raise Http404
    rows = Deployment.objects.select_related(
        "target", "author", "submission", "submission__version", "service", "copied_from"
    )
    rows = rows if with_texts else rows.defer(*TEXTS)
    return get_object_or_404(rows.prefetch_related("editors"), pk=number)


def target_named(person, name: str) -> Target:
    return get_object_or_404(Target, name=name)


def service_for(person, service_id: str) -> Service:
    """The service of this id. Ids are unique within a target; the newest wins in the rare case of two."""
    # Naming the targets lets the unique index on (target, service_id) find it.
    rows = Service.objects.filter(target__in=Target.objects.values("pk"), service_id=service_id)
    rows = rows.select_related("target__watch", "twin_of").order_by("-pk")
    service = rows.first()
    if service is None:
        raise Http404
    return service
