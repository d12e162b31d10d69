"""The files that a command writes beside its answer: checked before its work, then written together or not at all."""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from levels.faults import Fault, Faulty, Text

_THERE = Text(vi="tệp đã có", en="the file is already there")
_READ = Text(vi="lệnh này đang đọc tệp đó", en="this command reads that file")
_TWICE = Text(vi="hai kết quả cùng ghi vào tệp này", en="two results are to be written to this file")
_OTHER = Text(vi="hãy chọn tên khác", en="choose another name")
_OTHER_OR_REPLACE = Text(
    vi="hãy chọn tên khác, hoặc thêm --replace nếu muốn thay", en="choose another name, or add --replace"
)


@frozen
class Outputs:
    """Where a command is to write, as typed, and what it reads: an option that is not given is None."""

    named: Mapping[str, str | None]  # by what is written: «excel», «html» …
    read: Sequence[str | None]  # files and folders: whatever is in one of them is read too
    replace: bool  # whether files that are already there may be replaced
    out: Path | None = None  # the folder for papers

    def check(self, papers: Sequence[str] = ()) -> None:
        """Raise ``Faulty`` naming every file that cannot be written; of the folder, the ``papers`` by name.

        That is: a folder, a device or a pipe, one without a folder to be in, one of two that are the same, one
        that the command reads, and without ``replace`` one that is already there.
        """
        if faults := [*self._find_faults(papers)]:
            raise Faulty(faults)

    def write(self, contents: Mapping[str, bytes], papers: Mapping[str, bytes] | None = None) -> None:
        """Write what is named with its content, and the papers into the folder where one is asked for.

        Raises ``Faulty`` as ``check`` and ``OSError`` where a file cannot be written; then nothing is.
        """
        from certification.staging import staged
        from evidence.files import replace_file

        papers = papers or {}
        self.check(list(papers))
        with contextlib.ExitStack() as stack:
            for name, content in contents.items():
                if (path := self.named.get(name)) is not None:
                    stream = stack.enter_context(replace_file(path))
                    stream.write(content)
                    stream.flush()  # a full disk is found out before the first file is replaced
            if self.out is not None:
                with staged(self.out, replace=self.replace) as stage:
                    for name, content in papers.items():
                        (stage / name).write_bytes(content)

    def _find_faults(self, papers: Sequence[str]) -> Iterator[Fault]:
        from evidence.files import find_obstacle

        seen = set[Path]()
        inputs = [Path(os.path.realpath(path)) for path in self.read if path is not None]
        targets = [path for path in self.named.values() if path is not None]
        for path in [*targets, *(str(self.out / name) for name in papers if self.out is not None)]:
            target = Path(os.path.realpath(path))
            there = target.exists()
            if target in seen:
                yield Fault(path, 1, 1, _TWICE, _OTHER)
            elif (fault := find_obstacle(path)) is not None:
                yield fault
            elif there and any(target.is_relative_to(place) for place in inputs):
                yield Fault(path, 1, 1, _READ, _OTHER)
            elif there and not self.replace:
                yield Fault(path, 1, 1, _THERE, _OTHER_OR_REPLACE)
            elif path in targets and not target.parent.is_dir():
                folder = Path(path).parent
                found = Text(vi=f"không có thư mục {folder}", en=f"there is no folder {folder}")
                yield Fault(path, 1, 1, found, Text(vi="hãy tạo thư mục trước", en="make the folder first"))
            seen.add(target)
