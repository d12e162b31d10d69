"""The append-only log in the database: entries added in the caller's transaction, the whole chain verified."""

import datetime
from collections.abc import Collection, Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Max

from certification.ledger import START, Deed, Entry, Flaw, Head, compare_entry, seal_entry, verify_chain
from certification.store.models.audit import AuditEntry, AuditHead
from levels.faults import Text

AT_ONCE = 2000
"""Rows read at once: a log of years does not fit into memory."""


def append(deed: Deed) -> AuditEntry:
    """Add ``deed`` to the log within the caller's transaction; both are there afterwards or neither is.

    The head of the log stays locked until that transaction ends: call it last. Raises ``RuntimeError``
    outside a transaction and where the head is missing, ``TypeError`` for what has no exact form.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an entry belongs to the transaction of its change")
    row = _lock_head()
    entry = seal_entry(row.head(), deed)
    added = AuditEntry.of(entry)
    added.save(force_insert=True)
    row.sequence, row.hash = entry.sequence, entry.hash
    row.save(update_fields=["sequence", "hash"])
    return added


def _lock_head() -> AuditHead:
    found = AuditHead.objects.select_for_update().first()
    if found is None:
        raise RuntimeError("the log has no head: it was tampered with, or the database was not migrated")
    return found


def begin(using: str) -> None:
    """Give the log of a new database its head; a log that has entries is left as it is."""
    if not AuditEntry.objects.using(using).exists():
        AuditHead.objects.using(using).get_or_create(id=1, defaults={"sequence": START.sequence, "hash": START.hash})


def deed(
    action: str,
    kind: str,
    object: object,  # noqa: A002 - the grammar of the log: who did what to which object
    label: str,
    *,
    account: object = "",
    name: str = "",
    role: str = "",
    unit: str = "",
    before: Any = None,
    after: Any = None,
    why: str = "",
) -> Deed:
    """What happens now, as the log takes it; without ``account`` the system itself did it."""
    return Deed(
        at=datetime.datetime.now(datetime.UTC),
        account=str(account),
        name=name,
        role=role,
        unit=unit,
        action=action,
        kind=kind,
        object=str(object),
        label=label,
        before=before,
        after=after,
        why=why,
    )


def read_head(using: str = DEFAULT_DB_ALIAS) -> Head:
    """The end of the log as the store says it is."""
    row = AuditHead.objects.using(using).first()
    return START if row is None else row.head()


def read_entries(upto: int | None = None, using: str = DEFAULT_DB_ALIAS) -> Iterator[Entry]:
    """Every entry in its sequence (``upto`` one of them), without holding them all."""
    rows = AuditEntry.objects.using(using).order_by("sequence")
    for row in (rows if upto is None else rows.filter(sequence__lte=upto)).iterator(chunk_size=AT_ONCE):
        yield row.entry()


def verify_entry(entry: Entry) -> Iterator[Flaw]:
    """The flaws of one entry and of its link to the one before."""
    before = AuditEntry.objects.filter(sequence=entry.sequence - 1).first()
    last = START if before is None else Head(before.sequence, before.hash)
    yield from compare_entry(last, entry)


def verify(kept: Collection[str] = (), using: str = DEFAULT_DB_ALIAS) -> Iterator[Flaw]:
    """Every flaw of the log (see ``verify_chain``); ``kept`` are hashes that somebody kept outside.

    Takes no lock: others may go on writing; what they add while it reads is verified the next time.
    """
    head = read_head(using)
    yield from verify_chain(read_entries(head.sequence, using), head, kept)
    # Read in this order an honest writer's head is never behind his entry.
    last = AuditEntry.objects.using(using).aggregate(last=Max("sequence"))["last"] or 0
    stated = read_head(using).sequence
    if last > stated:
        yield Flaw(
            stated + 1,
            Text(
                vi=f"có các mục đến số {last} nằm sau cuối nhật ký (mục {stated})",
                en=f"there are entries up to {last} behind the end of the log (entry {stated})",
            ),
        )
