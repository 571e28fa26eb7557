"""A row is how the services of one target are watched: when its list is read next, and by whom now."""

from django.db import models

from deployer.models.clock import DbNow


class WatchQuerySet(models.QuerySet["Watch"]):
    def due(self) -> "WatchQuerySet":
        return self.filter(next_look_at__lte=DbNow()).order_by("next_look_at", "pk")


class Watch(models.Model):
    """One for each target. Whoever holds its lease is the only one who writes down what the cloud shows there."""

    target = models.OneToOneField("deployer.Target", models.CASCADE, related_name="watch")
    next_look_at = models.DateTimeField()
    whole_look_at = models.DateTimeField()  # when everything is listed next, not only what moves
    listed_at = models.DateTimeField(null=True)  # when the whole list was last read
    problem = models.CharField(max_length=300, blank=True)  # why the cloud could not be asked: a sentence people read
    lease = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        ordering = ["target"]
        indexes = [models.Index(fields=["next_look_at"], name="watch_due")]

    def __str__(self) -> str:
        return f"watch of {self.target_id}"
