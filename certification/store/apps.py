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
        """See to it that the log has its head and the database its guards after every migration."""
        post_migrate.connect(_secure, sender=self)


def _secure(using: str, **_: Any) -> None:
    from certification.store import audit, guards

    if "store_audithead" not in connections[using].introspection.table_names():
        return  # migrated back to before there was a log
    audit.begin(using)
    guards.install(connections[using])
