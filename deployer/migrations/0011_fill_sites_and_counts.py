"""Sites by target, and counts from the attempts there are.

Until now names and ids were unique within a target. Rows that would meet in one site stay by themselves, under a site of
their target alone.
"""

import hashlib

from django.db import migrations
from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

IN_FLIGHT = ["sending", "unknown"]


def hashed(place):
    return hashlib.sha256(place.encode()).hexdigest()


def fill(apps, schema_editor):
    Target, Submission, Attempt = (apps.get_model("deployer", name) for name in ("Target", "Submission", "Attempt"))
    for target in Target.objects.order_by("pk"):
        place = f"{target.endpoint.rstrip('/').lower()}\n{target.project_id}"
        site = hashed(place)
        others = Submission.objects.filter(site=site).exclude(target=target)
        same_id = others.filter(service_id=OuterRef("service_id"))
        same_name = others.filter(service_name=OuterRef("service_name"), outcome__in=IN_FLIGHT)
        meets = Q(Exists(same_id), service_id__isnull=False) | Q(Exists(same_name), outcome__in=IN_FLIGHT)
        mine = Submission.objects.filter(target=target)
        apart = list(mine.filter(meets).values_list("pk", flat=True))
        mine.exclude(pk__in=apart).update(site=site)
        mine.filter(pk__in=apart).update(site=hashed(f"{place}\n{target.pk}"))
    of_row = Attempt.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
    counts = {
        "tried": of_row.annotate(n=Max("number")),
        "lost": of_row.annotate(n=Count("pk", filter=Q(outcome="unknown"))),
        "returns": of_row.annotate(n=Count("pk", filter=Q(outcome="put_back"))),
    }
    Submission.objects.update(
        **{name: Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0) for name, rows in counts.items()}
    )


class Migration(migrations.Migration):
    dependencies = [("deployer", "0010_sender_counts_and_sites")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
