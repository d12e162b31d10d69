"""The append-only log in the database: entries added in the caller's transaction, the whole chain verified."""

import datetime
from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Max

from certification.ledger import START, Deed, Entry, Flaw, Head, seal_entry, verify_chain
from certification.store.models.audit import AuditEntry, AuditHead
from levels.faults import Text

_AT_ONCE = 2000
"""Rows read at once: a log of years does not fit into memory."""


def append(deed: Deed) -> AuditEntry:
    """Add ``deed`` to the log within the caller's transaction; both are there afterwards or neither is.

    The head of the log stays locked until that transaction ends: call it last. Raises ``RuntimeError``
    outside a transaction and where the head is missing although there are entries, ``TypeError`` for what
    has no exact form.
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
    locked = AuditHead.objects.select_for_update()
    found = locked.first()
    if found is None:
        if AuditEntry.objects.exists():
            raise RuntimeError("the log has entries but no head: it was tampered with")
        AuditHead.objects.bulk_create([AuditHead(sequence=START.sequence, hash=START.hash)], ignore_conflicts=True)
        found = locked.get()
    return found


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


def read_head() -> Head:
    """The end of the log as the store says it is."""
    row = AuditHead.objects.first()
    return START if row is None else row.head()


def read_entries(upto: int | None = None) -> Iterator[Entry]:
    """Every entry in its sequence (``upto`` one of them), without holding them all."""
    rows = AuditEntry.objects.order_by("sequence")
    for row in (rows if upto is None else rows.filter(sequence__lte=upto)).iterator(chunk_size=_AT_ONCE):
        yield row.entry()


def verify(kept: Collection[str] = ()) -> Iterator[Flaw]:
    """Every flaw of the log (see ``verify_chain``); ``kept`` are hashes that somebody kept outside.

    Takes no lock: others may go on writing; what they add while it reads is verified the next time.
    """
    head = read_head()
    yield from verify_chain(read_entries(head.sequence), head, kept)
    # Read in this order an honest writer's head is never behind his entry.
    last = AuditEntry.objects.aggregate(last=Max("sequence"))["last"] or 0
    stated = read_head().sequence
    if last > stated:
        yield Flaw(
            stated + 1,
            Text(
                vi=f"có các mục đến số {last} nằm sau cuối nhật ký (mục {stated})",
                en=f"there are entries up to {last} behind the end of the log (entry {stated})",
            ),
        )
