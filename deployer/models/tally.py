"""A row is a number that was counted once and is kept, so that figures for machines cost the same every year."""

from django.db import models


class Tally(models.Model):
    """What one portion of a long table came to. It can be thrown away: it is counted again."""

    name = models.CharField(max_length=16)  # of what
    portion = models.BigIntegerField(default=0)
    upto = models.BigIntegerField(default=0)  # the last key that is in it
    numbers = models.TextField(default="{}")  # JSON
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "portion"]
        constraints = [models.UniqueConstraint(name="portion_is_counted_once", fields=["name", "portion"])]

    def __str__(self) -> str:
        return f"{self.name} {self.portion}"
