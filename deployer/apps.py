"""The app: its system checks and what is done after each migrate."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class DeployerConfig(AppConfig):
    name = "deployer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from deployer import checks
        from deployer.models import guards
        from deployer.worker import line

        register(checks.settings_make_sense, Tags.security)
        post_migrate.connect(guards.after_migrate, sender=self)
        line.connect()
