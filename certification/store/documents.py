"""Documents: uploaded files as they lie on the disk, each once, under the hash of its content.

A file is taken whole or not at all: it is written aside, judged by its content, scanned, flushed to the disk and only
then given its place. What is there is never changed and never removed: an act, a log entry or another fact may rest on
it, and backups copy it without a lock.
"""

import contextlib
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath
from typing import IO, BinaryIO

from attrs import frozen
from django.conf import settings
from django.utils import timezone

from certification.scanning import Infected, Unreachable, scan
from certification.store.models.facts import Proof
from certification.store.unfit import Unfit
from evidence.media_types import SUFFIXES, Unacceptable, find_kind
from evidence.values import CONTROL
from levels.faults import Text, reason_of

LONGEST_NAME = 120
_UNWANTED = re.compile(r'[\\/:*?"<>|;]+')
_SPACES = re.compile(r"\s+")


@frozen
class Received:
    """A file as it came in, judged and stored; its row is written by whoever uses it."""

    sha256: str
    size: int
    media_type: str
    name: str  # the name that it came with, made safe
    scanned: bool


def receive(pieces: Iterable[bytes], name: str, admit: Callable[[str, int], None]) -> Received:
    """Take a file that comes in ``pieces`` under ``name``, in bounded memory.

    ``admit`` judges its hash and size before it is stored, since nothing stored is removed, and raises ``Unfit`` where
    there is no room for it (``proofs.Room``). Raises ``Unfit`` also where it is too large, of no allowed kind,
    infected, or where the scanner cannot be asked.
    """
    tidy = tidy_name(name)
    root = Path(settings.MEDIA_ROOT)
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _aside(root) as (path, stream):
            sha256, size = _write(pieces, stream, tidy)
            kind = _judge(path, tidy)
            scanned = _scan(path, tidy)
            admit(sha256, size)
            _place(path, path_of(sha256))
    except OSError as error:
        why = reason_of(error)
        raise Unfit(
            Text(
                vi=f"«{tidy}»: máy chủ chưa lưu được tệp ({why.vi}); hãy báo quản trị hệ thống",
                en=f"“{tidy}”: the server could not store the file ({why.en}); tell the administrator",
            ),
            "files",
        ) from error
    return Received(sha256, size, kind, tidy, scanned)


def keep(received: Received) -> Proof:
    """The row of a stored file, made where it is not there yet; in the caller's transaction."""
    proof, created = Proof.objects.get_or_create(
        sha256=received.sha256,
        defaults={
            "size": received.size,
            "media_type": received.media_type,
            "scanned_at": timezone.now() if received.scanned else None,
        },
    )
    if not created and received.scanned:
        Proof.objects.filter(pk=proof.pk).update(scanned_at=timezone.now())
    return proof


def path_of(sha256: str) -> Path:
    """Where the file with this hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def open_document(proof: Proof) -> BinaryIO:
    """The content of a stored file. Raises ``Unfit`` where the disk has lost it."""
    try:
        return path_of(proof.sha256).open("rb")
    except OSError as error:
        why = reason_of(error)
        raise Unfit(
            Text(
                vi=f"không mở được tệp đã lưu ({why.vi}); hãy báo quản trị hệ thống",
                en=f"the stored file cannot be opened ({why.en}); tell the administrator",
            )
        ) from error


def tidy_name(name: str) -> str:
    """The name of an uploaded file without its folders and whatever a name may not hold, cut to a length.

    In NFC; the ending is kept, since it must fit the content.
    """
    own = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = _SPACES.sub(" ", _UNWANTED.sub(" ", CONTROL.sub("", own).replace("\t", " "))).strip(" .")
    suffix = PurePath(plain).suffix if len(PurePath(plain).suffix) <= 8 else ""
    stem = plain[: len(plain) - len(suffix)].strip(" .") or "tai-lieu"
    return f"{stem[: LONGEST_NAME - len(suffix)]}{suffix}"


def names_of(media_type: str) -> tuple[str, ...]:
    """The endings that files of a kind may have."""
    return SUFFIXES.get(media_type, ())


@contextlib.contextmanager
def _aside(root: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file in the same file system that becomes the document, or goes."""
    with tempfile.NamedTemporaryFile(dir=root, prefix=".incoming-", delete=False) as stream:
        path = Path(stream.name)
        try:
            yield path, stream
        finally:
            path.unlink(missing_ok=True)


def _write(pieces: Iterable[bytes], stream: IO[bytes], name: str) -> tuple[str, int]:
    most, size, digest = settings.PROOF_MEGABYTES * 1_000_000, 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise too_large(name)
        digest.update(piece)
        stream.write(piece)
    stream.flush()
    os.fsync(stream.fileno())
    return digest.hexdigest(), size


def too_large(name: str) -> Unfit:
    """The refusal of a file that exceeds the size of one."""
    most = settings.PROOF_MEGABYTES
    return Unfit(
        Text(
            vi=f"«{name}» lớn hơn {most} MB; hãy quét ở độ phân giải thấp hơn hoặc tách thành nhiều tệp",
            en=f"“{name}” is larger than {most} MB; scan it at a lower resolution or split it",
        ),
        "files",
    )


def _judge(path: Path, name: str) -> str:
    try:
        return find_kind(path, name).media_type
    except Unacceptable as refused:
        raise Unfit(Text(vi=f"«{name}»: {refused.text.vi}", en=f"“{name}”: {refused.text.en}"), "files") from None


def _scan(path: Path, name: str) -> bool:
    if not settings.SCANNER:
        return False
    try:
        scan(settings.SCANNER, path)
    except (Infected, Unreachable) as refused:
        raise Unfit(Text(vi=f"«{name}»: {refused.text.vi}", en=f"“{name}”: {refused.text.en}"), "files") from refused
    return True


def _place(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.replace(target)  # the same content, should it be there already
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # without it the name itself may be lost with the power
    finally:
        os.close(folder)
