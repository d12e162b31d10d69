"""Staging: files appear in their folder all together, or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from levels.faults import Fault, Faulty, Text

_THERE = Text(vi="tệp đã có", en="the file is already there")
_ELSEWHERE = Text(
    vi="hãy chọn thư mục khác, hoặc thêm --replace nếu muốn thay", en="choose another folder, or add --replace"
)


@contextmanager
def staged(out: Path, *, replace: bool) -> Iterator[Path]:
    """A folder to write into, whose files are moved to ``out`` when the block ends well.

    When it ends in an error or by Ctrl-C, nothing of it reaches ``out``. Raises ``OSError`` where
    ``out`` cannot be made or written, and ``Faulty`` naming every file that is already there,
    unless they may be ``replace``d: a sealed decision or a filled-in form is not to be lost.
    """
    out = out.resolve()
    above = next(folder for folder in (out, *out.parents) if folder.exists())
    if not above.is_dir():
        raise NotADirectoryError(20, "not a folder", str(above))
    stage = Path(tempfile.mkdtemp(prefix=".certify-", dir=above))
    try:
        yield stage
        out.mkdir(parents=True, exist_ok=True)
        finished = sorted(stage.iterdir())
        there = [out / path.name for path in finished if (out / path.name).exists()]
        if there and not replace:
            raise Faulty(Fault(str(path), 1, 1, _THERE, _ELSEWHERE) for path in there)
        for path in finished:
            if (out / path.name).is_dir():  # found out before the first file is moved
                raise IsADirectoryError(21, "a folder has the name of a result", str(out / path.name))
        for path in finished:
            path.replace(out / path.name)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
