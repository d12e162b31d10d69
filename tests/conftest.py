"""What all tests share: a PostgreSQL server for those that ask, and a mark on those that use the database."""

from collections.abc import Iterator

import pytest

from tests.postgres import Cluster, cluster

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``-m database`` is every test that Django gives a database: ``make test`` passes them on PostgreSQL too."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of this test process; without its programs the test fails and says what to install."""
    with cluster() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The guards of what is signed and logged refuse to empty a database, as they should: they stand aside for it."""
    from django.db import connection
    from django.test import TransactionTestCase

    from certification.store import guards

    empty = TransactionTestCase._fixture_teardown

    def lift_and_empty(case: TransactionTestCase) -> None:
        with guards.lifted(connection):
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_and_empty)
        yield
