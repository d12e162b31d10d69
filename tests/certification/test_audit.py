"""The log in the database: appended within the change's own transaction, refused to every other hand."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from certification.ledger import START
from certification.store import audit, guards
from certification.store.models.audit import AuditEntry, AuditHead

pytestmark = pytest.mark.django_db


def enter(number: int, **more: Any) -> AuditEntry:
    given = {"account": 7, "name": "Y Bưởi", "role": "commune_officer", "unit": "23281", "after": {"numerator": number}}
    with transaction.atomic():
        return audit.append(audit.deed("enter_fact", "fact", number, "I.2", **{**given, **more}))


def test_entries_form_a_chain_whose_end_the_head_names() -> None:
    assert audit.read_head() == START
    for number in range(1, 4):
        enter(number)
    assert list(audit.verify()) == []
    assert audit.read_head().sequence == 3
    assert [entry.deed.object for entry in audit.read_entries()] == ["1", "2", "3"]


def test_an_entry_goes_with_its_change_when_that_is_undone() -> None:
    enter(1)
    with transaction.atomic():
        audit.append(audit.deed("enter_fact", "fact", 2, "I.2"))
        transaction.set_rollback(True)
    assert audit.read_head().sequence == 1
    enter(3)
    assert list(audit.verify()) == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.append(audit.deed("enter_fact", "fact", 1, "I.2"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE store_auditentry SET why = 'khác' WHERE sequence = 1",
        "DELETE FROM store_auditentry WHERE sequence = 2",
        "UPDATE store_audithead SET sequence = 1",
        "DELETE FROM store_audithead",
    ],
)
def test_the_database_refuses_to_change_the_log(statement: str) -> None:
    enter(1)
    enter(2)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(audit.verify()) == []


def test_the_database_refuses_to_change_the_log_through_the_models_too() -> None:
    entry = enter(1)
    entry.why = "khác"
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        entry.delete()


def test_sqlite_refuses_to_replace_an_entry_and_postgresql_to_empty_the_log() -> None:
    enter(1)
    sqlite = "REPLACE INTO store_auditentry SELECT * FROM store_auditentry"
    statement = sqlite if connection.vendor == "sqlite" else "TRUNCATE store_auditentry CASCADE"
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_whoever_gets_around_the_guards_is_found_out() -> None:
    for number in range(1, 6):
        enter(number)
    with guards.lifted(connection):
        AuditEntry.objects.filter(sequence=2).update(after={"numerator": 104})
        AuditEntry.objects.filter(sequence=4).delete()
    assert [flaw.sequence for flaw in audit.verify()] == [2, 5]


def test_a_log_cut_at_its_end_is_found_out_by_its_head_and_by_a_hash_kept_outside() -> None:
    for number in range(1, 4):
        enter(number)
    kept = audit.read_head()
    with guards.lifted(connection):
        AuditEntry.objects.filter(sequence=3).delete()
        assert [flaw.sequence for flaw in audit.verify()] == [3]
        last = AuditEntry.objects.get(sequence=2)
        AuditHead.objects.update(sequence=2, hash=last.hash)
        assert list(audit.verify()) == []
    assert [flaw.sequence for flaw in audit.verify({kept.hash})] == [3]


def test_entries_put_behind_the_end_are_found_out() -> None:
    enter(1)
    forged = AuditEntry.objects.get(sequence=1)
    forged.sequence, forged.hash = 2, "sha256:" + "f" * 64
    forged.save(force_insert=True)
    assert [flaw.sequence for flaw in audit.verify()] == [2]


def test_a_head_that_is_gone_is_not_begun_anew() -> None:
    enter(1)
    with guards.lifted(connection):
        AuditHead.objects.all().delete()
        with pytest.raises(RuntimeError, match="tampered"):
            enter(2)


def test_all_guards_stand_after_the_migrations_and_one_that_is_gone_is_named() -> None:
    assert guards.find_missing() == []
    on = " ON store_act" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER guard_act_update{on}")
    assert guards.find_missing() == ["guard_act_update"]
    guards.install(connection)
    assert guards.find_missing() == []


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_form_one_chain() -> None:
    def write(first: int) -> None:
        for number in range(first, first + 10):
            enter(number)
        connections.close_all()

    threads = [threading.Thread(target=write, args=(first,)) for first in (100, 200, 300, 400)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert audit.read_head().sequence == 40
    assert list(audit.verify()) == []
