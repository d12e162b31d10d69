"""Opening the store from the command line: Django is set up, and the database is there and as this version needs it."""

import os

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from levels.faults import Text


class Unopened(Exception):
    """Why the store cannot be used; ``text`` says so."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def set_up() -> None:
    """Set Django up with the settings of the environment. Raises ``Unopened``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "certification.settings")
    try:
        django.setup()
    except (ValueError, ImproperlyConfigured) as error:  # an address or number that names nothing, and Django's own
        raise Unopened(
            Text(vi=f"Cấu hình không dùng được: {error}", en=f"The settings cannot be used: {error}")
        ) from error


def open_store() -> None:
    """Set Django up and see that the database is there, with every migration of this version. Raises ``Unopened``."""
    set_up()
    connection = connections[DEFAULT_DB_ALIAS]
    where = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not os.path.isfile(where):  # noqa: PTH113 - Django holds it as text
        raise Unopened(
            Text(
                vi=f"Chưa có cơ sở dữ liệu {where}; hãy chạy «certify serve», hoặc đặt CERTIFY_HOME hay DATABASE_URL.",
                en=f"There is no database {where} yet; run «certify serve», or set CERTIFY_HOME or DATABASE_URL.",
            )
        )
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise Unopened(
            Text(
                vi=f"Không mở được cơ sở dữ liệu {where}: {error}", en=f"The database {where} cannot be opened: {error}"
            )
        ) from error
    if waiting:
        raise Unopened(
            Text(
                vi=f"Cơ sở dữ liệu {where} chưa được nâng cấp cho phiên bản này ({len(waiting)} bước); "
                "hãy chạy «certify serve» hoặc «python -m django migrate».",
                en=f"The database {where} is not yet as this version needs it ({len(waiting)} steps); "
                "run «certify serve» or «python -m django migrate».",
            )
        )
