"""People, targets and request bodies for tests."""

import copy

import factory
from django.contrib.auth.models import Group

from deployer.domain.preflight import Result
from deployer.models import Deployment, Person, Preflight, Target


class PersonFactory(factory.django.DjangoModelFactory):
    """Somebody with the password `demo`. `roles=["author"]` puts them into those groups."""

    class Meta:
        model = Person
        django_get_or_create = ("username",)
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = factory.LazyAttribute(lambda o: o.username.title())
    last_name = "Tester"
    password = factory.django.Password("demo")

    @factory.post_generation
    def roles(self, create, names, **_):
        for name in names or []:
            self.groups.add(Group.objects.get_or_create(name=name)[0])


class TargetFactory(factory.django.DjangoModelFactory):
    """A target on the sandbox's first project. `endpoint` points nowhere until a test says otherwise."""

    class Meta:
        model = Target
        django_get_or_create = ("name",)

    name = "dev"
    endpoint = "http://127.0.0.1:9"
    iam_endpoint = "http://127.0.0.1:9"
    region = "region-1"
    project_id = "5a0d80b5c0de4c0fa11ab1e5eed00001"
    project_name = "region-1"
    username = "demo"
    domain_name = "demo"
    secret = "demo"
    approvals = 1


DEMO_PEOPLE = {
    "alice": ("Alice", "Brandt", ["author"]),
    "bob": ("Bob", "Kessler", ["approver", "author"]),
    "carol": ("Carol", "Nowak", ["approver", "author"]),
    "olga": ("Olga", "Marin", ["operator"]),
    "victor": ("Victor", "Hahn", ["viewer"]),
    "root": ("Root", "Admin", ["admin"]),
}


def preflight_passed(deployment: Deployment, *found: Result) -> Preflight:
    """The open run of this deployment is over, by the worker's own verbs, with these results (default: one pass)."""
    from deployer.workflow import preflight

    due = Preflight.objects.get(deployment=deployment, finished_at__isnull=True)
    row = preflight.claim(due.pk, seconds=60)
    assert row
    assert preflight.finish(row, found or [Result("name", "service_name", "pass", "The name mnist is free.")])
    return Preflight.objects.get(pk=row.pk)


def demo_person(name: str) -> Person:
    first, last, roles = DEMO_PEOPLE[name]
    return PersonFactory(username=name, first_name=first, last_name=last, roles=roles)


def entry(model_id: str = "model-a", weight: object = 100, **more) -> dict:
    """One real-time model of a request."""
    fields = {
        "model_id": model_id,
        "weight": weight,
        "specification": "modelarts.vm.cpu.2u",
        "instance_count": 1,
    }
    return fields | more


def real_time_body(*entries: dict, **more) -> dict:
    """A valid real-time request; give entries to replace its one model, keywords for other fields."""
    body = {
        "service_name": "mnist",
        "infer_type": "real-time",
        "config": list(entries) or [entry()],
    }
    return copy.deepcopy(body | more)


def batch_body(**more) -> dict:
    """A valid batch request with file mapping; keywords replace fields of its one entry."""
    job = {
        "model_id": "model-a",
        "specification": "modelarts.vm.cpu.2u",
        "instance_count": 1,
        "src_path": "https://infers-data.obs.xxxx.com/in/",
        "dest_path": "https://infers-data.obs.xxxx.com/out/",
        "req_uri": "/",
        "mapping_type": "file",
    }
    return copy.deepcopy({"service_name": "nightly", "infer_type": "batch", "config": [job | more]})
