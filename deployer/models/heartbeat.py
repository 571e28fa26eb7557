"""A row is a worker process that said it is alive."""

from datetime import timedelta

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q

from deployer.models.clock import DbNow

ALIVE = timedelta(seconds=30)  # who has not been heard of for so long is given up


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def alive(self) -> "HeartbeatQuerySet":
        return self.filter(beat_at__gt=DbNow() - ALIVE)

    def with_life(self) -> "HeartbeatQuerySet":
        """Each with `is_alive`, by the database's clock."""
        is_alive = ExpressionWrapper(Q(beat_at__gt=DbNow() - ALIVE), output_field=BooleanField())
        return self.annotate(is_alive=is_alive)


class Heartbeat(models.Model):
    """Written every few seconds by each worker, pruned by the sweep."""

    worker = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    port = models.PositiveIntegerField(default=0)  # on this machine's loopback, where it can be woken; 0: nowhere
    beat_at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        ordering = ["worker"]

    def __str__(self) -> str:
        return self.worker
