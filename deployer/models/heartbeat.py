"""A row is a worker process that said it is alive."""

from django.db import models


class Heartbeat(models.Model):
    """Written every few seconds by each worker, pruned by the sweep."""

    worker = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    port = models.PositiveIntegerField(default=0)  # on this machine's loopback, where it can be woken; 0: nowhere
    beat_at = models.DateTimeField()

    class Meta:
        ordering = ["worker"]

    def __str__(self) -> str:
        return self.worker
