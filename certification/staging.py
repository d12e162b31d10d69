"""Staging: files appear in their folder all together, or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence.files import find_obstacle
from levels.faults import Fault, Faulty, Text

_THERE = Text(vi="tệp đã có", en="the file is already there")
_ELSEWHERE = Text(
    vi="hãy chọn thư mục khác, hoặc thêm --replace nếu muốn thay", en="choose another folder, or add --replace"
)


@contextmanager
def staged(out: Path, *, replace: bool) -> Iterator[Path]:
    """A folder to write into, whose files are moved to ``out`` when the block ends well.

    When it ends in an error or by Ctrl-C, nothing of it reaches ``out``. Raises ``OSError`` naming ``out``
    where it cannot be made or written, and ``Faulty`` naming every file that is already there, unless they
    may be ``replace``d: a sealed decision or a filled-in form is not to be lost; a folder, a device or a
    pipe never gives way.
    """
    folder = Path(os.path.realpath(out))
    with _called(out):
        above = next(place for place in (folder, *folder.parents) if place.exists())
        if not above.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        stage = Path(tempfile.mkdtemp(prefix=".certify-", dir=above))
    try:
        yield stage
        with _called(out):
            folder.mkdir(parents=True, exist_ok=True)
            finished = sorted(stage.iterdir())
            _check([out / path.name for path in finished], replace=replace)
            for path in finished:
                path.replace(folder / path.name)
    except OSError as error:
        if error.filename is None or not Path(os.fsdecode(error.filename)).is_relative_to(stage):
            raise
        raise OSError(error.errno, error.strerror, os.fspath(out)) from error  # nobody has named the stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _check(targets: list[Path], *, replace: bool) -> None:
    """Raise ``Faulty`` with all that may not be written over, before the first file is moved."""
    faults = []
    for path in targets:
        if (fault := find_obstacle(path)) is not None:
            faults.append(fault)
        elif path.exists() and not replace:
            faults.append(Fault(str(path), 1, 1, _THERE, _ELSEWHERE))
    if faults:
        raise Faulty(faults)


@contextmanager
def _called(out: Path) -> Iterator[None]:
    """Whatever the system refuses inside is told of ``out``, as its user calls it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(out)) from error
