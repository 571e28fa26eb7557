from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deployer", "0030_kept_figures")]

    operations = [
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("needs_person", True)), fields=["-id"], name="submission_needs_person"
            ),
        ),
    ]
