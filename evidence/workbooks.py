"""Workbooks: a foreign ``.xlsx`` read behind a guard; nothing in it is trusted or evaluated.

The guard looks at the container before any library does: size, number of parts, honest sizes,
no encryption, macros, outside links or XML entities. What it has inflated, and nothing else, is
repacked without compression for openpyxl, so that what was checked is what is read.
"""

import io
import re
import stat
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import frozen
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from levels.faults import Faulty, Findings, Text

MAX_FILE = 5_000_000  # bytes; a filled form has about 40,000
MAX_INFLATED = 16_000_000
MAX_RATIO = 200  # XML seldom shrinks more than 50-fold
MAX_PARTS = 200
MAX_MARKUP = 200_000  # XML tags in all; a form has about 10,000
MAX_FORMULAS = 1_000  # a form has none; every one of them costs the reader time
MAX_TEXT = 32_767  # characters of one cell, as Excel has it

_ROOTS = ("xl/", "docProps/", "_rels/", "customXml/", "docMetadata/")
_READ = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?!.*/_rels/)[^/]+\.xml|xl/worksheets/[^/]+\.xml|xl/_rels/.+"
)
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin")

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_FORMULA = re.compile(rb"<(?:[^\s<>/:]+:)?f[\s/>]")
_FILLED = re.compile(rb"""<(?:[^\s<>/:]+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Z]{1,7})([0-9]{1,12})["'][^>]*(?<!/)>\s*<""")
_MERGED = re.compile(
    rb"""<(?:[^\s<>/:]+:)?mergeCell\s(?:[^>]*?\s)?ref\s*=\s*["']([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})["']"""
)

Kind = Literal["empty", "text", "number", "boolean", "date", "formula", "error"]
_KINDS: dict[str, Kind] = {"s": "text", "n": "number", "b": "boolean", "d": "date", "f": "formula", "e": "error"}


@frozen
class Cell:
    """What one cell holds, and of what kind it is; a formula's cached result is never read."""

    kind: Kind
    value: Any
    percent: bool = False  # shown with the number format of a percentage

    @property
    def text(self) -> str:
        """The text of a text cell; empty for an empty one."""
        return self.value if self.kind == "text" else ""


EMPTY = Cell("empty", None)


@frozen
class Sheet:
    """One sheet: rows of cells from A1, and the ranges that are merged."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...]  # first column, first row, last column, last row

    def cell(self, row: int, column: int) -> Cell:
        """The cell at ``row`` and ``column``, both counted from 1; EMPTY beyond the end."""
        if row > len(self.rows) or column > len(self.rows[row - 1]):
            return EMPTY
        return self.rows[row - 1][column - 1]


def read_workbook(path: Path, file: str, areas: Mapping[str, tuple[int, int]]) -> dict[str, Sheet]:
    """The sheets named in ``areas`` as far as they are there, each up to its (rows, columns).

    Whatever else the workbook holds is left alone. Raises ``Faulty`` (with ``file`` as the
    file's name) when the file is no workbook, is dangerous, or has content outside the areas.
    """
    findings = Findings(file)
    parts = _inspect(_read_bytes(path, findings), findings)
    repacked = io.BytesIO()
    with zipfile.ZipFile(repacked, "w") as archive:
        for name, content in parts.items():
            if _READ.fullmatch(name):
                archive.writestr(zipfile.ZipInfo(name), content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of features it leaves out; none matters here
            book = load_workbook(repacked, read_only=True, keep_links=False)
            sheets = {
                sheet.title: _read_sheet(sheet, parts, areas[sheet.title], findings)
                for sheet in book.worksheets
                if sheet.title in areas
            }
    except Exception:  # noqa: BLE001 - on malformed parts openpyxl raises whatever it meets
        _refuse(
            findings,
            Text(vi="không đọc được nội dung của sổ tính", en="the workbook's content cannot be read"),
            Text(vi="mở bằng Excel, lưu lại rồi nộp lại", en="open it in Excel, save it again and resubmit"),
        )
    findings.stop()
    return sheets


def _refuse(findings: Findings, found: Text, expected: Text) -> None:
    """Note a fault of the whole file and stop."""
    findings.error(1, "A", found=found, expected=expected)
    findings.stop()


_EXPECTED_FORM = Text(vi="cần tệp .xlsx do lệnh “certify form” tạo ra", en="expected an .xlsx made by “certify form”")


def _read_bytes(path: Path, findings: Findings) -> bytes:
    content = b""
    try:
        # A pipe or device would block or never end.
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as stream:
                content = stream.read(MAX_FILE + 1)
        else:
            _refuse(findings, Text(vi="không phải là tệp thường", en="this is not a regular file"), _EXPECTED_FORM)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        _refuse(
            findings, Text(vi=f"không mở được tệp ({reason})", en=f"cannot open the file ({reason})"), _EXPECTED_FORM
        )
    return content


def _inspect(content: bytes, findings: Findings) -> dict[str, bytes]:
    """The inflated parts by name; raises ``Faulty`` when the container is not sound."""
    if len(content) > MAX_FILE:
        _refuse_size(findings)
    if not content.startswith(b"PK"):
        _refuse_format(content, findings)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, len(content), findings)
            parts = {}
            for member in members:
                with archive.open(member) as stream:
                    parts[member.filename] = stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, zipfile.zlib.error):  # type: ignore[attr-defined]
        _refuse(
            findings,
            Text(vi="tệp bị hỏng hoặc tải về chưa đủ", en="the file is damaged or was not transferred completely"),
            Text(vi="lưu lại hoặc gửi lại tệp", en="save or send it again"),
        )
    _check_parts(parts, findings)
    return parts


def _refuse_size(findings: Findings) -> None:
    _refuse(
        findings,
        Text(vi="tệp quá lớn so với một biểu mẫu", en="the file is too large for a form"),
        Text(
            vi=f"tối đa {MAX_FILE // 10**6} MB, giải nén tối đa {MAX_INFLATED // 10**6} MB",
            en=f"at most {MAX_FILE // 10**6} MB, inflated at most {MAX_INFLATED // 10**6} MB",
        ),
    )


def _refuse_format(content: bytes, findings: Findings) -> None:
    if not content:
        found = Text(vi="tệp rỗng", en="the file is empty")
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        found = Text(
            vi="tệp có mật khẩu, hoặc là định dạng .xls cũ", en="the file has a password or is in the old .xls format"
        )
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        found = Text(
            vi="tệp là HTML hoặc XML, chỉ được đổi tên thành .xlsx", en="this is HTML or XML merely renamed to .xlsx"
        )
    else:
        found = Text(vi="tệp không phải là sổ tính Excel", en="this is not an Excel workbook")
    _refuse(findings, found, _EXPECTED_FORM)


def _check_members(members: list[zipfile.ZipInfo], size: int, findings: Findings) -> None:
    """Names, sizes and flags as the container's directory states them, before anything is inflated."""
    names = [member.filename for member in members]
    if "mimetype" in names:
        _refuse(
            findings,
            Text(vi="tệp là bảng tính OpenDocument (.ods)", en="this is an OpenDocument sheet"),
            _EXPECTED_FORM,
        )
    if "xl/workbook.xml" not in names:
        _refuse(
            findings,
            Text(vi="tệp nén không chứa sổ tính Excel", en="the archive holds no Excel workbook"),
            _EXPECTED_FORM,
        )
    inflated = sum(member.file_size for member in members)
    if (
        len(members) > MAX_PARTS
        or inflated > MAX_INFLATED
        # Overlapping members claim more compressed bytes than the file has.
        or sum(member.compress_size for member in members) > size
        or any(member.file_size > MAX_RATIO * max(member.compress_size, 512) for member in members)
    ):
        _refuse_size(findings)
    if any(member.flag_bits & 1 for member in members):
        _refuse(findings, Text(vi="tệp có mật khẩu", en="the file has a password"), _EXPECTED_FORM)
    odd = [
        name
        for name in names
        if not (name == "[Content_Types].xml" or name.startswith(_ROOTS)) or ".." in name or "\\" in name or ":" in name
    ]
    if odd or len(set(map(str.casefold, names))) < len(names):
        _refuse(
            findings,
            Text(vi="tệp chứa thành phần lạ hoặc trùng tên", en="the file holds odd or duplicate parts"),
            _EXPECTED_FORM,
        )
    if any("vbaproject" in name.casefold() or name.startswith(("xl/macrosheets/", "xl/activeX/")) for name in names):
        _refuse(findings, Text(vi="sổ tính có macro", en="the workbook holds macros"), _EXPECTED_FORM)
    if any(name.startswith("xl/externalLinks/") for name in names):
        _refuse(
            findings,
            Text(vi="sổ tính liên kết tới tệp khác", en="the workbook is linked to other files"),
            _EXPECTED_FORM,
        )


def _check_parts(parts: Mapping[str, bytes], findings: Findings) -> None:
    """Contents: plain UTF-8 XML without entities, and not more markup than a form can have."""
    texts = [content for name, content in parts.items() if not name.casefold().endswith(_PICTURES)]
    encodings = {match[1].upper() for content in texts if (match := _ENCODING.match(content))}
    if (
        encodings - {b"UTF-8", b"UTF8", b"US-ASCII", b"ASCII"}
        or any(b"\0" in content for content in texts)
        or any(_DOCTYPE.search(content) for content in parts.values())
    ):
        _refuse(
            findings,
            Text(
                vi="sổ tính chứa XML với khai báo không được phép (DOCTYPE, ENTITY hoặc bảng mã lạ)",
                en="the workbook's XML has declarations that are not allowed (DOCTYPE, ENTITY or a foreign encoding)",
            ),
            _EXPECTED_FORM,
        )
    formulas = sum(
        len(_FORMULA.findall(content)) for name, content in parts.items() if name.startswith("xl/worksheets/")
    )
    if sum(content.count(b"<") for content in texts) > MAX_MARKUP or formulas > MAX_FORMULAS:
        _refuse_size(findings)


def _read_sheet(sheet: Any, parts: Mapping[str, bytes], area: tuple[int, int], findings: Findings) -> Sheet:
    content = parts[sheet._worksheet_path]  # noqa: SLF001 - read-only sheets do not tell their merged ranges
    last_row, last_column = area
    for letters, row in sorted(set(_FILLED.findall(content)), key=lambda place: (int(place[1]), len(place[0]), place)):
        if int(row) > last_row or len(letters) > 3 or column_index_from_string(letters.decode()) > last_column:
            findings.error(
                int(row),
                f"{sheet.title}!{letters.decode()}",
                found=Text(vi="có dữ liệu nằm ngoài biểu mẫu", en="there is content outside the form"),
                expected=Text(
                    vi=f"biểu mẫu kết thúc ở {get_column_letter(last_column)}{last_row}; hãy xóa phần thừa",
                    en=f"the form ends at {get_column_letter(last_column)}{last_row}; delete what lies beyond",
                ),
            )
    # Explicit bounds: the stated dimension is not believed, and nothing is padded beyond them.
    rows = tuple(
        tuple(_read_cell(cell) for cell in row) for row in sheet.iter_rows(max_row=last_row, max_col=last_column)
    )
    return Sheet(sheet.title, rows, tuple(_read_merged(content)))


def _read_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or value == "":
        return EMPTY
    kind = _KINDS[cell.data_type]
    if kind == "text":
        return Cell(kind, value[: MAX_TEXT + 1])
    if kind == "number":
        return Cell(kind, value, "%" in cell.number_format)
    return Cell(kind, value)


def _read_merged(content: bytes) -> Iterator[tuple[int, int, int, int]]:
    for first, last in _MERGED.findall(content):
        yield (*_read_place(first), *_read_place(last))


def _read_place(reference: bytes) -> tuple[int, int]:
    """Column and row of ``C12``."""
    letters = reference.rstrip(b"0123456789")
    return column_index_from_string(letters.decode()), int(reference[len(letters) :])
