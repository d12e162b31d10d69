"""Containers: the zip file of a workbook, looked at before any library opens it.

Size, number of parts, honest sizes, no encryption, macros, outside links, XML entities or floods
of markup; only the parts that a reader of cells needs are inflated and handed on.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from attrs import frozen

from levels.faults import Faulty, Findings, Text, reason_of

MAX_FILE = 5_000_000  # bytes; a filled form has about 40,000
MAX_INFLATED = 16_000_000
MAX_RATIO = 200  # XML seldom shrinks more than 50-fold
MAX_PARTS = 200
MAX_MARKUP = 200_000  # XML tags in all; a form has about 10,000
MAX_FORMULAS = 1_000  # a form has none; every one of them costs the reader time

_ROOTS = ("xl/", "docProps/", "_rels/", "customXml/", "docMetadata/")
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|"
    r"xl/(?:workbook|sharedStrings|styles)\.xml|xl/worksheets/[^/]+\.xml"
)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_FORMULA = re.compile(rb"<(?:[^\s<>/:]+:)?f[\s/>]")


@frozen
class Bounds:
    """How large a workbook of some sort may be, and what is told about it where it is refused."""

    sort: Text  # what the workbook is to be: it stands after an article
    expected: Text
    file: int = MAX_FILE  # bytes
    inflated: int = MAX_INFLATED
    markup: int = MAX_MARKUP


FORM = Bounds(
    Text(vi="biểu mẫu", en="form"),
    Text(vi="cần tệp .xlsx do lệnh “certify form” tạo ra", en="expected an .xlsx made by “certify form”"),
)


def open_container(path: Path, findings: Findings, bounds: Bounds = FORM) -> dict[str, bytes]:
    """The parts of the workbook at ``path`` that hold its cells, by name. Raises ``Faulty`` where it is not sound."""
    content = read_bounded(path, findings, bounds)
    if not content.startswith(b"PK"):
        _refuse_format(content, findings, bounds)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, len(content), findings, bounds)
            parts = {}
            for member in members:
                if _NEEDED.fullmatch(member.filename):
                    with archive.open(member) as stream:
                        # A bounded read: a member that inflates to more than it states is cut there.
                        parts[member.filename] = stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError):
        refuse(
            findings,
            Text(vi="tệp bị hỏng hoặc tải về chưa đủ", en="the file is damaged or was not transferred completely"),
            Text(vi="hãy lưu lại hoặc gửi lại tệp", en="save or send it again"),
        )
    _check_parts(parts, findings, bounds)
    return parts


def refuse(findings: Findings, found: Text, expected: Text) -> NoReturn:
    """Note a fault of the whole file and raise."""
    findings.error(1, "A", found=found, expected=expected)
    raise Faulty(findings.errors)


def read_bounded(path: Path, findings: Findings, bounds: Bounds) -> bytes:
    """The bytes of the regular file at ``path``. Raises ``Faulty`` where it is none or larger than ``bounds``."""
    try:
        # A pipe or device would block or never end.
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as stream:
                content = stream.read(bounds.file + 1)
            if len(content) > bounds.file:
                _refuse_size(findings, bounds)
            return content
    except OSError as error:
        why = reason_of(error)
        found = Text(vi=f"không mở được tệp ({why.vi})", en=f"cannot open the file ({why.en})")
        refuse(findings, found, bounds.expected)
    refuse(findings, Text(vi="không phải là tệp thường", en="this is not a regular file"), bounds.expected)


def _refuse_size(findings: Findings, bounds: Bounds) -> NoReturn:
    refuse(
        findings,
        Text(vi=f"tệp quá lớn so với một {bounds.sort.vi}", en=f"the file is too large for a {bounds.sort.en}"),
        Text(
            vi=f"tối đa {bounds.file // 10**6} MB, giải nén tối đa {bounds.inflated // 10**6} MB",
            en=f"at most {bounds.file // 10**6} MB, inflated at most {bounds.inflated // 10**6} MB",
        ),
    )


def _refuse_format(content: bytes, findings: Findings, bounds: Bounds) -> NoReturn:
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
    refuse(findings, found, bounds.expected)


def _check_members(members: list[zipfile.ZipInfo], size: int, findings: Findings, bounds: Bounds) -> None:
    """Names, sizes and flags as the container's directory states them, before anything is inflated."""
    names = [member.filename for member in members]
    if "mimetype" in names:
        refuse(
            findings,
            Text(vi="tệp là bảng tính OpenDocument (.ods)", en="this is an OpenDocument sheet"),
            bounds.expected,
        )
    if "xl/workbook.xml" not in names:
        refuse(
            findings,
            Text(vi="tệp nén không chứa sổ tính Excel", en="the archive holds no Excel workbook"),
            bounds.expected,
        )
    inflated = sum(member.file_size for member in members)
    if (
        len(members) > MAX_PARTS
        or inflated > bounds.inflated
        # Overlapping members claim more compressed bytes than the file has.
        or sum(member.compress_size for member in members) > size
        or any(member.file_size > MAX_RATIO * max(member.compress_size, 512) for member in members)
    ):
        _refuse_size(findings, bounds)
    if any(member.flag_bits & 1 for member in members):
        refuse(findings, Text(vi="tệp có mật khẩu", en="the file has a password"), bounds.expected)
    odd = [
        name
        for name in names
        if not (name == "[Content_Types].xml" or name.startswith(_ROOTS)) or ".." in name or "\\" in name or ":" in name
    ]
    if odd or len(set(map(str.casefold, names))) < len(names):
        refuse(
            findings,
            Text(vi="tệp chứa thành phần lạ hoặc trùng tên", en="the file holds odd or duplicate parts"),
            bounds.expected,
        )
    if any("vbaproject" in name.casefold() or name.startswith(("xl/macrosheets/", "xl/activeX/")) for name in names):
        refuse(findings, Text(vi="sổ tính có macro", en="the workbook holds macros"), bounds.expected)
    if any(name.startswith("xl/externalLinks/") for name in names):
        refuse(
            findings,
            Text(vi="sổ tính liên kết tới tệp khác", en="the workbook is linked to other files"),
            bounds.expected,
        )


def _check_parts(parts: Mapping[str, bytes], findings: Findings, bounds: Bounds) -> None:
    """Contents: plain UTF-8 XML without entities, and not more markup than a form can have."""
    encodings = {match[1].upper() for content in parts.values() if (match := _ENCODING.match(content))}
    if encodings - {b"UTF-8", b"UTF8", b"US-ASCII", b"ASCII"} or any(
        b"\0" in content or _DECLARATION.search(content) for content in parts.values()
    ):
        refuse(
            findings,
            Text(
                vi="sổ tính chứa XML với khai báo không được phép (DOCTYPE, ENTITY hoặc bảng mã lạ)",
                en="the workbook's XML has declarations that are not allowed (DOCTYPE, ENTITY or a foreign encoding)",
            ),
            bounds.expected,
        )
    formulas = sum(len(_FORMULA.findall(content)) for content in parts.values())
    if sum(content.count(b"<") for content in parts.values()) > bounds.markup or formulas > MAX_FORMULAS:
        _refuse_size(findings, bounds)
