"""Uploads: a file that came with a request, for the readers that take paths and name the file in their faults."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath

from attrs import evolve

from levels.faults import Faulty, printable


@contextlib.contextmanager
def as_file(name: str, content: bytes) -> Iterator[Path]:
    """A path with ``content``, there for the block; faults raised in it name the file as the user does."""
    shown = printable(PurePath(name.replace("\\", "/")).name) or "file"
    with tempfile.TemporaryDirectory(prefix="certify-") as folder:
        path = Path(folder) / f"upload{PurePath(shown).suffix[:10]}"
        path.write_bytes(content)
        try:
            yield path
        except Faulty as faulty:
            raise Faulty(
                [evolve(fault, file=shown) if fault.file == str(path) else fault for fault in faulty.faults]
            ) from faulty
