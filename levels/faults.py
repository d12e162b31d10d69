"""Faults: what is wrong in a file, where, and what is expected, in the user's language.

Every room that reads input collects *all* its faults and raises them together, so that an
officer mends a file once and not fault by fault.
"""

import errno
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, Self

from attrs import field, frozen

Language = Literal["vi", "en"]
Severity = Literal["error", "warning"]


@frozen
class Text:
    """One sentence or phrase in the two languages of the product."""

    vi: str
    en: str

    def say(self, language: Language) -> str:
        """The text in ``language``."""
        return self.vi if language == "vi" else self.en


def printable(text: str) -> str:
    """``text`` as one line that does nothing to a terminal: no control or direction characters."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


_REASONS: Mapping[int | None, Text] = {
    errno.ENOENT: Text(vi="không có tệp hoặc thư mục này", en="there is no such file or folder"),
    errno.EISDIR: Text(vi="đây là thư mục", en="this is a folder"),
    errno.ENOTDIR: Text(vi="đây không phải thư mục", en="this is no folder"),
    errno.EACCES: Text(vi="không có quyền", en="permission denied"),
    errno.EPERM: Text(vi="không được phép", en="this is not permitted"),
    errno.EEXIST: Text(vi="tệp đã có", en="the file is already there"),
    errno.ENOSPC: Text(vi="đĩa đã đầy", en="the disk is full"),
    errno.EDQUOT: Text(vi="hết dung lượng được cấp", en="the quota is used up"),
    errno.EROFS: Text(vi="ổ đĩa chỉ cho đọc", en="the disk can only be read"),
    errno.EFBIG: Text(vi="tệp quá lớn", en="the file is too large"),
    errno.ENAMETOOLONG: Text(vi="tên quá dài", en="the name is too long"),
    errno.ELOOP: Text(vi="các liên kết vòng quanh", en="the links run in a circle"),
    errno.EIO: Text(vi="lỗi đọc ghi của thiết bị", en="the device failed"),
}


def reason_of(error: OSError) -> Text:
    """Why the system refused, in both languages; a reason that is rare in the system's own words."""
    own = error.strerror or type(error).__name__
    return _REASONS.get(error.errno, Text(vi=own, en=own))


@frozen
class Fault:
    """One fault of a file: ``FILE:ROW:COLUMN: what is wrong; what is expected``.

    ``row`` counts from 1 as an editor or spreadsheet shows it; ``column`` is a column's name,
    letter or number.
    """

    file: str
    row: int
    column: str | int
    found: Text
    expected: Text
    severity: Severity = "error"

    def line(self, language: Language) -> str:
        """The fault as one unwrapped line, without control characters of the faulty input."""
        mark = {"vi": "cảnh báo: ", "en": "warning: "}[language] if self.severity == "warning" else ""
        text = f"{self.found.say(language)}; {self.expected.say(language)}"
        return printable(f"{self.file}:{self.row}:{self.column}: {mark}{text}")


class Faulty(Exception):
    """Input that cannot be used; carries every fault found in it, in order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.line("en") for fault in self.faults))

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


@frozen
class Findings:
    """Collects the faults of one file; ``stop`` raises them all."""

    file: str
    faults: list[Fault] = field(factory=list)
    suggested: dict[tuple[str, str], Text] = field(factory=dict, eq=False, repr=False)
    """What was looked up to be suggested, by kind and word: looking is slow, so readers look once."""

    def error(self, row: int, column: str | int, *, found: Text, expected: Text) -> None:
        """Note a fault that makes the file unusable."""
        self.faults.append(Fault(self.file, row, column, found, expected))

    def warn(self, row: int, column: str | int, *, found: Text, expected: Text) -> None:
        """Note a doubt that a person should look at; it stops nothing."""
        self.faults.append(Fault(self.file, row, column, found, expected, "warning"))

    @property
    def errors(self) -> list[Fault]:
        """The faults that make the file unusable."""
        return [fault for fault in self.faults if fault.severity == "error"]

    def stop(self) -> None:
        """Raise ``Faulty`` with all errors, if there is any."""
        if self.errors:
            raise Faulty(self.errors)
