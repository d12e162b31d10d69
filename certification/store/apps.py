"""The Django application that holds the models."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_save


class StoreConfig(AppConfig):
    name = "certification.store"
    label = "store"
    verbose_name = "Kho dữ liệu"

    def ready(self) -> None:
        """Let every text be plain, and after a migration the log have its head and the database its guards."""
        from certification.store.plain_text import refuse_hidden

        post_migrate.connect(_secure, sender=self)
        for model in self.get_models():
            pre_save.connect(refuse_hidden, sender=model)


def _secure(using: str, **_: Any) -> None:
    from certification.store import audit, guards

    if "store_audithead" not in connections[using].introspection.table_names():
        return  # migrated back to before there was a log
    audit.begin(using)
    guards.install(connections[using])
