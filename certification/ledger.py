"""The ledger: entries in a chain of hashes, so that nothing can be changed, moved or left out unseen.

Every entry's hash covers what was done and the hash of the entry before it, as canonical JSON
(RFC 8785). Whoever keeps the hash of one entry outside the database (``Head``) can tell later
whether any entry up to it was changed, and whether the end was cut off.
"""

import datetime
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import rfc8785
from attrs import asdict, evolve, frozen

from levels.faults import Text

_EXACT = 2**53 - 1
"""The largest integer that every reader of JSON takes exactly (RFC 8785, 3.2.2.3)."""


@frozen
class Deed:
    """What is to be entered: who did what to what, when and why, what it was before and what it is after."""

    at: datetime.datetime  # with its time zone
    account: str  # its identifier; "" for the system itself
    name: str  # the person's name as it was then
    role: str
    unit: str  # for which unit he acted: its code
    action: str
    kind: str  # of the object: "fact", "dossier" …
    object: str  # its identifier
    label: str  # what people call it
    before: Any = None  # plain JSON; None where there was nothing
    after: Any = None
    why: str = ""


@frozen
class Entry:
    """A deed in its place of the chain."""

    sequence: int
    deed: Deed
    previous: str
    hash: str


@frozen
class Head:
    """The end of a chain, or a place in it that somebody keeps: how many entries, and the last one's hash."""

    sequence: int
    hash: str


START = Head(0, "sha256:" + "0" * 64)
"""The head of a chain without entries."""


@frozen
class Flaw:
    """What is wrong at one entry of the chain."""

    sequence: int
    text: Text


def as_plain(value: Any) -> Any:
    """``value`` as JSON that says the same on every machine: no floats, exact numbers as text.

    Raises ``TypeError`` for a float and for whatever has no such form.
    """
    match value:
        case None | bool() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return as_plain(value.value)
        case int():
            return value if abs(value) <= _EXACT else str(value)
        case Fraction() | Decimal():
            return str(value)
        case datetime.datetime():
            return write_instant(value)
        case datetime.date():
            return value.isoformat()
        case Mapping():
            return {str(key): as_plain(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            plain = [as_plain(inner) for inner in value]
            return sorted(plain, key=rfc8785.dumps) if isinstance(value, set | frozenset) else plain
    raise TypeError(f"{value!r} has no exact form in the ledger")


def write_instant(at: datetime.datetime) -> str:
    """An instant in UTC as the ledger writes it: ``2026-11-26T04:38:12.000000Z``.

    Raises ``ValueError`` where it has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("an instant without its time zone")
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seal_entry(head: Head, deed: Deed) -> Entry:
    """``deed`` as the entry that follows ``head``. Raises ``TypeError`` where it has no exact form."""
    exact = evolve(deed, before=as_plain(deed.before), after=as_plain(deed.after))
    sequence = head.sequence + 1
    return Entry(sequence, exact, head.hash, hash_entry(sequence, exact, head.hash))


def hash_entry(sequence: int, deed: Deed, previous: str) -> str:
    """``sha256:…`` over a deed, its place and the hash before it."""
    content = {**asdict(deed), "at": write_instant(deed.at), "sequence": sequence, "previous": previous}
    return "sha256:" + hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def verify_chain(entries: Iterable[Entry], head: Head | None = None, kept: Collection[str] = ()) -> Iterator[Flaw]:
    """Every flaw of a chain, in order; nothing: it is whole. Reads the entries once, in their sequence.

    ``head`` is what the store says the end is, ``kept`` are hashes that somebody kept outside: each must be
    that of an entry. After a flaw the chain is taken up again, so that one changed entry is one flaw.
    """
    last, missed = START, set(kept) - {START.hash}
    for entry in entries:
        yield from compare_entry(last, entry)
        last = Head(entry.sequence, entry.hash)
        missed.discard(entry.hash)
    if head is not None and head != last:
        yield Flaw(
            last.sequence + 1,
            Text(
                vi=f"nhật ký kết thúc ở mục {last.sequence} ({last.hash}), "
                f"trong khi đầu chuỗi ghi mục {head.sequence} ({head.hash}): có mục bị xóa hoặc chèn ở cuối",
                en=f"the log ends at entry {last.sequence} ({last.hash}) while its head says entry {head.sequence} "
                f"({head.hash}): entries were removed from or put at its end",
            ),
        )
    for mark in sorted(missed):
        yield Flaw(
            last.sequence + 1,
            Text(
                vi=f"không mục nào mang mã băm đã lưu bên ngoài {mark}: nhật ký đã bị cắt hoặc viết lại",
                en=f"no entry carries the hash {mark} that was kept outside: the log was cut or rewritten",
            ),
        )


def compare_entry(last: Head, entry: Entry) -> Iterator[Flaw]:
    """The flaws of one entry, ``last`` being the one before it."""
    if entry.sequence != last.sequence + 1:
        yield Flaw(
            entry.sequence,
            Text(
                vi=f"sau mục {last.sequence} là mục {entry.sequence}: thiếu hoặc đảo mục",
                en=f"entry {entry.sequence} follows entry {last.sequence}: entries are missing or moved",
            ),
        )
    elif entry.previous != last.hash:
        yield Flaw(
            entry.sequence,
            Text(
                vi=f"mục {entry.sequence} nối vào {entry.previous}, trong khi mục trước có mã băm {last.hash}",
                en=f"entry {entry.sequence} follows {entry.previous} while the entry before has the hash {last.hash}",
            ),
        )
    try:
        found = hash_entry(entry.sequence, entry.deed, entry.previous)
    except (TypeError, ValueError) as error:  # what was written over it has no exact form at all
        found = str(error)
    if found != entry.hash:
        yield Flaw(
            entry.sequence,
            Text(
                vi=f"nội dung mục {entry.sequence} đã bị sửa: mã băm ghi {entry.hash}, tính lại {found}",
                en=f"the content of entry {entry.sequence} was changed: its hash says {entry.hash}, recomputed {found}",
            ),
        )


def as_line(entry: Entry) -> str:
    """An entry as one line of canonical JSON: the form in which a log is exported and can be verified elsewhere."""
    plain = {
        **asdict(entry.deed),
        "at": write_instant(entry.deed.at),
        "sequence": entry.sequence,
        "previous": entry.previous,
        "hash": entry.hash,
    }
    return rfc8785.dumps(plain).decode("utf-8")


def from_line(line: str) -> Entry:
    """The entry of an exported line. Raises ``ValueError`` (also ``KeyError``, ``TypeError``) where it is none."""
    plain = json.loads(line)
    sequence, previous, mark = plain.pop("sequence"), plain.pop("previous"), plain.pop("hash")
    at = datetime.datetime.fromisoformat(plain.pop("at"))
    return Entry(sequence, Deed(at=at, **plain), previous, mark)
