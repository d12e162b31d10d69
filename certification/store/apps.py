"""The Django application that holds the models."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class StoreConfig(AppConfig):
    name = "certification.store"
    label = "store"
    verbose_name = "Kho dữ liệu"

    def ready(self) -> None:
        """See to it that the guards of the database stand after every migration."""
        post_migrate.connect(_install_guards, sender=self)


def _install_guards(using: str, **_: Any) -> None:
    from certification.store import guards

    guards.install(connections[using])
