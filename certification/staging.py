"""Staging: files appear in their folder all together, or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A folder to write into, whose files are moved to ``out`` when the block ends well.

    When it ends in an error or by Ctrl-C, nothing of it reaches ``out``. A file of the same name
    in ``out`` is replaced. Raises ``OSError`` where ``out`` cannot be made or written.
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
        for path in finished:
            if (out / path.name).is_dir():  # found out before the first file is moved
                raise IsADirectoryError(21, "a folder has the name of a result", str(out / path.name))
        for path in finished:
            path.replace(out / path.name)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
