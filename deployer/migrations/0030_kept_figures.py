from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deployer", "0020_watch_targets_not_services")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=16)),
                ("portion", models.BigIntegerField(default=0)),
                ("upto", models.BigIntegerField(default=0)),
                ("numbers", models.TextField(default="{}")),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name", "portion"],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "portion"), name="portion_is_counted_once"),
                ],
            },
        ),
    ]
