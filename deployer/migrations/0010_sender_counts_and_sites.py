from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deployer", "0004_the_line_and_hands_on_it")]

    operations = [
        migrations.AddField("submission", "site", models.CharField(default="", max_length=64)),
        migrations.AddField("submission", "tried", models.PositiveIntegerField(default=0)),
        migrations.AddField("submission", "lost", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("submission", "returns", models.PositiveIntegerField(default=0)),
        migrations.AddField("submission", "looks", models.PositiveIntegerField(default=0)),
        migrations.AddField("submission", "late_look_at", models.DateTimeField(null=True)),
        migrations.AddField("target", "paused_until", models.DateTimeField(null=True)),
    ]
