"""Files of rows: CSV and JSON lines in, safely; the same out, never half-written.

Reading streams, gives every cell in NFC and without surrounding space, and notes whatever is
wrong with the file as such; what the cells mean is for ``evidence.tables``.
"""

import codecs
import contextlib
import csv
import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedReader, TextIOWrapper
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

from attrs import define, field

from evidence.values import CONTROL
from levels.faults import Fault, Faulty, Findings, Text, reason_of

MAX_CELL = 10_000
"""Longest cell, in characters."""

MAX_LINE = 2**20
"""Longest line, in bytes."""

FilePath = str | os.PathLike[str]

_JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
_UTF8_SURROGATES = re.compile("[\udc80-\udcff]")
_NEUTRALISED = re.compile("'+[=+\\-@\t\r]")
_FORMULA = re.compile("'*[=+\\-@\t\r]")

_FOREIGN = {
    codecs.BOM_UTF16_LE: Text(vi="tệp dùng mã UTF-16", en="the file is in UTF-16"),
    codecs.BOM_UTF16_BE: Text(vi="tệp dùng mã UTF-16", en="the file is in UTF-16"),
    b"PK\x03\x04": Text(vi="tệp là sổ tính Excel hoặc tệp nén", en="the file is an Excel workbook or an archive"),
}
_FOLDER = Text(vi="đây là thư mục", en="this is a folder")
_DEVICE = Text(
    vi="đây là thiết bị hoặc ống dẫn, không phải tệp thường", en="this is a device or a pipe, no regular file"
)
_NOT_TEXT = Text(
    vi="cần tệp văn bản UTF-8 (trong Excel: Lưu thành “CSV UTF-8”)",
    en="expected text in UTF-8 (in Excel: save as “CSV UTF-8”)",
)


def neutralise(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula: ``'`` before a leading = + - @ tab or CR.

    A text that already reads ``'=…`` gets one more, so that ``restore`` undoes it exactly.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """Undoes ``neutralise``: takes one ``'`` away where = + - @ tab or CR follows, else nothing."""
    return text[1:] if _NEUTRALISED.match(text) else text


def read_rows(findings: Findings, known: Sequence[str], required: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of ``findings.file``: the line each starts in, and its cells in the order of ``known``.

    A column the file does not have gives empty cells; empty rows are left out. The format follows
    the content: ``{`` opens JSON lines, anything else is CSV with ``,``, ``;`` or tab. Notes in
    ``findings`` whatever is wrong with the file itself; the caller stops.
    """
    try:
        with Path(findings.file).open("rb") as stream:
            yield from _Reading(findings, tuple(known), tuple(required)).read(stream)
    except OSError as error:
        reason = reason_of(error)
        found = Text(vi=f"không mở được tệp ({reason.vi})", en=f"the file cannot be opened ({reason.en})")
        findings.error(1, 1, found=found, expected=Text(vi="cần một tệp đọc được", en="expected a readable file"))


def write_rows(path: FilePath, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write ``rows`` as CSV, or as JSON lines where the name ends in ``.jsonl``, whole or not at all.

    CSV cells are neutralised; JSON lines leave empty cells out.
    """
    with replace_file(path) as stream:
        text = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        cleaned = ([_storable(cell) for cell in row] for row in rows)
        if Path(path).suffix.lower() in _JSON_SUFFIXES:
            for row in cleaned:
                record = {column: cell for column, cell in zip(columns, row, strict=True) if cell}
                text.write(json.dumps(record, ensure_ascii=False) + "\n")
        else:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([neutralise(cell) for cell in row] for row in cleaned)
        text.detach()


def find_obstacle(path: FilePath) -> Fault | None:
    """What is at ``path``, or where it links to, that no file may take the place of; None where a file may."""
    target = Path(path)
    if not target.exists() or target.is_file():
        return None
    found = _FOLDER if target.is_dir() else _DEVICE
    return Fault(os.fspath(path), 1, 1, found, Text(vi="hãy chọn tên tệp khác", en="choose another file name"))


@contextlib.contextmanager
def replace_file(path: FilePath) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of ``path`` when the block ends; on an error ``path`` stays as it was.

    Through a link its target is replaced; who may read the file stays as it was.
    Raises ``Faulty`` where a folder, a device or a pipe is there, and ``OSError`` naming ``path`` where it cannot
    be written.
    """
    if (fault := find_obstacle(path)) is not None:
        raise Faulty([fault])
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if error.filename not in (None, os.fspath(temporary), os.fspath(target)):
            raise  # it is about another file that the block was writing
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _name_foreign(raw: bytes) -> Text:
    """Says what a line is that is not of a text file."""
    for start, found in _FOREIGN.items():
        if raw.startswith(start):
            return found
    if b"\0" in raw:
        return Text(vi="tệp có byte NUL", en="the file has NUL bytes")
    return Text(vi=f"dòng dài hơn {MAX_LINE} byte", en=f"the line is longer than {MAX_LINE} bytes")


def _storable(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


@define
class _Reading:
    """One pass over one file."""

    findings: Findings
    known: tuple[str, ...]
    required: tuple[str, ...]
    garbled: list[tuple[int, str]] = field(factory=list)  # cells that are not UTF-8: row and column
    opened: bool = False  # something other than empty lines was there
    rows: int = 0

    def read(self, stream: BufferedReader) -> Iterator[tuple[int, list[str]]]:
        start = stream.peek(64).removeprefix(codecs.BOM_UTF8).lstrip()
        lines = self._lines(stream)
        is_json = start[:1] in (b"{", b"[") or self.findings.file.lower().endswith(_JSON_SUFFIXES)
        for row, cells in self._read_json(lines) if is_json else self._read_csv(lines):
            self.rows += 1
            whole = "".join(cells)
            if "'" in whole and not is_json:
                yield row, [self._clean(row, *cell) for cell in zip(self.known, map(restore, cells), strict=True)]
            elif len(whole) > MAX_CELL or not unicodedata.is_normalized("NFC", whole) or CONTROL.search(whole):
                yield row, [self._clean(row, *cell) for cell in zip(self.known, cells, strict=True)]
            else:
                yield row, cells
        self._conclude()

    def _conclude(self) -> None:
        if self.garbled:
            (row, column), others = self.garbled[0], len(self.garbled) - 1
            found = Text(
                vi=f"chữ không phải mã UTF-8 (có thể là Windows-1258 hoặc TCVN3); {others} ô khác cũng vậy",
                en=f"text that is not UTF-8 (Windows-1258 or TCVN3 perhaps), and {others} other cells like it",
            )
            self.findings.error(row, column, found=found, expected=_NOT_TEXT)
        if not self.opened:
            names = ",".join(self.required)
            self.findings.error(
                1,
                1,
                found=Text(vi="tệp trống", en="the file is empty"),
                expected=Text(vi=f"cần dòng tiêu đề {names}", en=f"expected the header {names}"),
            )
        elif not self.rows and not self.findings.errors:
            found = Text(vi="tệp chỉ có dòng tiêu đề", en="the file has nothing but a header")
            self.findings.error(1, 1, found=found, expected=Text(vi="cần ít nhất một dòng", en="expected rows"))

    def _lines(self, stream: BufferedReader) -> Iterator[str]:
        """The lines as text, every end a line feed; stops with a fault at what is no text file."""
        number = 0
        while raw := stream.readline(MAX_LINE):
            number += 1
            if b"\0" in raw or len(raw) >= MAX_LINE or raw.startswith(tuple(_FOREIGN)):
                self.opened = True
                self.findings.error(number, 1, found=_name_foreign(raw), expected=_NOT_TEXT)
                return
            text = raw.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
            yield text.removeprefix("\ufeff") if number == 1 else text

    def _clean(self, row: int, column: str, cell: str) -> str:
        if _UTF8_SURROGATES.search(cell):
            self.garbled.append((row, column))
            return CONTROL.sub("\N{REPLACEMENT CHARACTER}", cell)
        if len(cell) > MAX_CELL:
            found = Text(vi=f"ô dài {len(cell)} ký tự", en=f"the cell holds {len(cell)} characters")
            expected = Text(vi=f"tối đa {MAX_CELL} ký tự", en=f"at most {MAX_CELL} characters")
            self.findings.error(row, column, found=found, expected=expected)
            return cell[:1]
        if control := CONTROL.search(cell):
            sign = f"U+{ord(control[0]):04X}"
            found = Text(vi=f"ô có ký tự điều khiển {sign}", en=f"the cell holds the control character {sign}")
            self.findings.error(row, column, found=found, expected=Text(vi="hãy xóa ký tự đó", en="remove it"))
        return unicodedata.normalize("NFC", cell)

    def _read_csv(self, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
        above, header = 0, next(lines, "")
        while header and not header.strip():
            above, header = above + 1, next(lines, "")
        delimiter = max(",;\t", key=header.count)
        names = self._read_header(above + 1, header, delimiter)
        if names is None:
            return
        # A column that the file does not have is read from the empty cell put behind the last.
        pick = itemgetter(*(names.index(column) if column in names else len(names) for column in self.known))
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            row = above + 2 + reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._note_broken(row, str(error))
                continue
            if len(cells) == len(names) and any(cells):
                cells.append("")
                yield row, list(map(str.strip, pick(cells)))
            elif any(cells):
                self._note_width(row, names, cells)

    def _read_header(self, row: int, header: str, delimiter: str) -> list[str] | None:
        """The names in the header; None, with faults noted, where rows cannot be read by them."""
        if not header:
            return None
        self.opened = True
        try:
            cells = next(csv.reader([header], delimiter=delimiter, strict=True))
        except csv.Error as error:
            self._note_broken(row, str(error))
            return None
        names = [name.strip().casefold() for name in cells]
        errors = len(self.findings.errors)
        for place, name in enumerate(names, start=1):
            self._check_column(row, place, name)
            if name in names[: place - 1]:
                found = Text(vi=f"cột {name} xuất hiện hai lần", en=f"column {name} appears twice")
                expected = Text(vi="mỗi cột chỉ một lần", en="expected every column once")
                self.findings.error(row, place, found=found, expected=expected)
        for name in self.required:
            if name not in names:
                found = Text(vi=f"thiếu cột {name}", en=f"column {name} is missing")
                columns = ", ".join(self.required)
                expected = Text(vi=f"cần các cột {columns}", en=f"expected the columns {columns}")
                self.findings.error(row, name, found=found, expected=expected)
        return names if len(self.findings.errors) == errors else None

    def _note_broken(self, row: int, error: str) -> None:
        if "unexpected end" in error:
            found = Text(vi="dấu ngoặc kép mở ở dòng này không đóng", en="a quotation mark opened here never closes")
        elif "field larger" in error:
            found = Text(vi="ô quá dài", en="a cell is too long")
        elif "new-line" in error:
            found = Text(vi="dấu xuống dòng CR trong ô không có ngoặc kép", en="a bare CR line end in an unquoted cell")
        else:
            found = Text(vi="dấu ngoặc kép đặt sai chỗ", en="a quotation mark in the wrong place")
        expected = Text(
            vi="hãy kiểm tra tệp có bị cắt cụt không và lưu lại thành CSV",
            en="see whether the file was cut short, and save it as CSV again",
        )
        self.findings.error(row, 1, found=found, expected=expected)

    def _note_width(self, row: int, names: list[str], cells: list[str]) -> None:
        expected = Text(vi=f"cần {len(names)} ô như dòng tiêu đề", en=f"expected {len(names)} as in the header")
        found = Text(vi=f"dòng có {len(cells)} ô", en=f"the row has {len(cells)} cells")
        column = names[len(cells)] if len(cells) < len(names) else len(names) + 1
        self.findings.error(row, column, found=found, expected=expected)

    def _check_column(self, row: int, place: int, name: str) -> None:
        if name not in self.known:
            columns = ", ".join(self.known)
            found = Text(vi=f"không có cột nào tên “{name[:40]}”", en=f"there is no column “{name[:40]}”")
            expected = Text(vi=f"các cột có thể dùng: {columns}", en=f"the columns are {columns}")
            self.findings.error(row, place, found=found, expected=expected)

    def _read_json(self, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
        for row, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            self.opened = True
            try:
                # Numbers stay the text they were written as: nothing passes through a float.
                record = json.loads(
                    line, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=lambda pairs: (*pairs,)
                )
            except (ValueError, RecursionError) as error:
                column = error.colno if isinstance(error, json.JSONDecodeError) else 1
                self._note_json(row, column)
                continue
            if not isinstance(record, tuple):
                self._note_json(row, 1)
                continue
            yield row, self._read_record(row, record)

    def _note_json(self, row: int, column: int) -> None:
        found = Text(vi="dòng không phải là một đối tượng JSON", en="the line is not a JSON object")
        expected = Text(vi="mỗi dòng một đối tượng {…} trọn vẹn", en="expected one whole object {…} in every line")
        self.findings.error(row, column, found=found, expected=expected)

    def _read_record(self, row: int, record: tuple[tuple[str, Any], ...]) -> list[str]:
        cells: dict[str, str] = {}
        for place, (key, value) in enumerate(record, start=1):
            name = key.strip().casefold()
            self._check_column(row, place, name)
            if name in cells:
                found = Text(vi=f"{name} xuất hiện hai lần", en=f"{name} appears twice")
                self.findings.error(row, name, found=found, expected=Text(vi="chỉ một lần", en="expected it once"))
            if value is None or isinstance(value, str):
                cells[name] = (value or "").replace("\r\n", "\n").strip()
            elif isinstance(value, bool):
                cells[name] = "yes" if value else "no"
            else:
                cells[name] = ""
                found = Text(vi=f"{name} là danh sách hoặc đối tượng", en=f"{name} is a list or an object")
                expected = Text(vi="cần chữ hoặc số", en="expected text or a number")
                self.findings.error(row, name if name in self.known else place, found=found, expected=expected)
        return [cells.get(column, "") for column in self.known]
