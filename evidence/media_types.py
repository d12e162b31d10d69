"""Media types: what kind of file its content is, of the few kinds that prove a fact; the name decides nothing.

A PDF, a picture (PNG, JPEG), a Word document or an Excel workbook. Everything else is refused, and so is a file of a
right kind that carries what runs by itself (macros, scripts, launched programs) or hides another file.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import BinaryIO

from attrs import frozen

from levels.faults import Text

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG = "image/png"
JPEG = "image/jpeg"

SUFFIXES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {PDF: (".pdf",), DOCX: (".docx",), XLSX: (".xlsx",), PNG: (".png",), JPEG: (".jpg", ".jpeg")}
)
"""The kinds that are taken, each with the endings its name may have."""

ALLOWED = Text(vi="cần tệp PDF, DOCX, XLSX, PNG hoặc JPEG", en="expected a PDF, DOCX, XLSX, PNG or JPEG file")

_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_MAX_PARTS = 5000
_MAX_INFLATED = 500_000_000
_MAX_RATIO = 200  # XML seldom shrinks more than 50-fold; a bomb a thousandfold
_TAIL = 2**16  # phones write their own notes behind a picture
_ENDS = {PDF: b"%%EOF", PNG: b"IEND\xaeB`\x82", JPEG: b"\xff\xd9"}
_MISLEADING = {
    b"MZ": Text(vi="chương trình Windows", en="a Windows program"),
    b"\x7fELF": Text(vi="chương trình Linux", en="a Linux program"),
    b"#!": Text(vi="tệp lệnh", en="a script"),
    b"\xd0\xcf\x11\xe0": Text(
        vi="tệp Office kiểu cũ (.doc, .xls) hoặc có mật khẩu",
        en="an old Office file (.doc, .xls) or one with a password",
    ),
    b"PK\x03\x04": Text(vi="tệp nén", en="an archive"),
    b"Rar!": Text(vi="tệp nén", en="an archive"),
    b"7z\xbc\xaf": Text(vi="tệp nén", en="an archive"),
    b"GIF8": Text(vi="ảnh GIF", en="a GIF picture"),
    b"RIFF": Text(vi="tệp âm thanh, phim hoặc ảnh WebP", en="a sound, a film or a WebP picture"),
}
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<", re.IGNORECASE)
# /JS and /Launch may be written with #xx for any letter: both are looked for as plain readers resolve them.
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)(?=[\s/<(\[>])")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_CHUNK = 2**20


class Unacceptable(Exception):
    """A file that cannot be taken as proof: what was found, and what is expected."""

    def __init__(self, found: Text, expected: Text = ALLOWED) -> None:
        super().__init__(f"{found.en}; {expected.en}")
        self.found = found
        self.expected = expected

    @property
    def text(self) -> Text:
        """Both in one sentence."""
        return Text(vi=f"{self.found.vi}; {self.expected.vi}", en=f"{self.found.en}; {self.expected.en}")


@frozen
class Kind:
    """What a file was found to be."""

    media_type: str
    suffix: str


def find_kind(path: Path, name: str) -> Kind:
    """What the file at ``path`` is by its content, sent under ``name``; reads it piece by piece.

    Raises ``Unacceptable`` where it is of no allowed kind, its name says another, it is cut short or damaged,
    carries programs, or is one kind in front and another behind.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
        media_type = _sniff(stream, start)
        _check_name(name, media_type)
        if media_type in _ENDS:
            _check_end(stream, media_type)
        if media_type == PDF:
            _check_pdf(stream)
    return Kind(media_type, SUFFIXES[media_type][0])


def _sniff(stream: BinaryIO, start: bytes) -> str:
    if not start:
        raise Unacceptable(Text(vi="tệp rỗng", en="the file is empty"))
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if start.startswith(b"\xff\xd8\xff"):
        return JPEG
    if start.startswith(b"PK\x03\x04"):
        return _look_inside(stream)
    for magic, what in _MISLEADING.items():
        if start.startswith(magic):
            raise Unacceptable(Text(vi=f"đây là {what.vi}", en=f"this is {what.en}"))
    if _MARKUP.match(start):
        raise Unacceptable(Text(vi="đây là trang HTML, SVG hoặc XML", en="this is an HTML page, SVG or XML"))
    raise Unacceptable(Text(vi="không nhận ra loại tệp", en="the kind of file is not known"))


def _look_inside(stream: BinaryIO) -> str:
    """Which Office document an archive is; its directory is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Unacceptable(_DAMAGED) from None
    names = [member.filename for member in members]
    kinds = {kind for part, kind in _PARTS.items() if part in names}
    if len(kinds) != 1 or "[Content_Types].xml" not in names:
        raise Unacceptable(Text(vi="đây là tệp nén", en="this is an archive"))
    packed = sum(member.compress_size for member in members)
    inflated = sum(member.file_size for member in members)
    if len(members) > _MAX_PARTS or inflated > min(_MAX_INFLATED, _MAX_RATIO * max(packed, 4096)):
        raise Unacceptable(
            Text(vi="tệp giải nén ra quá lớn", en="the file inflates to too much"),
            Text(vi="hãy lưu lại bằng Word hoặc Excel", en="save it again with Word or Excel"),
        )
    if any(_carries_programs(name.casefold()) for name in names):
        raise Unacceptable(
            Text(vi="tài liệu có macro hoặc nhúng chương trình", en="the document holds macros or embedded programs"),
            Text(vi="hãy lưu thành PDF hoặc .docx, .xlsx không có macro", en="save it as PDF, or without macros"),
        )
    if any(member.flag_bits & 1 for member in members):
        raise Unacceptable(Text(vi="tài liệu có mật khẩu", en="the document has a password"))
    return kinds.pop()


def _carries_programs(part: str) -> bool:
    return "vbaproject" in part or "/activex/" in part or "/macrosheets/" in part or "/embeddings/oleobject" in part


_DAMAGED = Text(vi="tệp bị hỏng hoặc tải lên chưa đủ", en="the file is damaged or was not transferred completely")


def _check_name(name: str, media_type: str) -> None:
    suffix = PurePath(name).suffix.casefold()
    if suffix in SUFFIXES[media_type]:
        return
    kind = SUFFIXES[media_type][0]
    raise Unacceptable(
        Text(
            vi=f"tên tệp kết thúc bằng «{suffix[:12]}» nhưng nội dung là {kind}",
            en=f"the name ends in “{suffix[:12]}” but the content is {kind}",
        ),
        Text(vi=f"hãy đặt lại tên có đuôi {kind}", en=f"give it a name that ends in {kind}"),
    )


def _check_end(stream: BinaryIO, media_type: str) -> None:
    """A file that does not end as its kind ends was cut short; one that is an archive as well hides something."""
    stream.seek(max(0, stream.seek(0, 2) - _TAIL))
    if _ENDS[media_type] not in stream.read(_TAIL):
        raise Unacceptable(_DAMAGED)
    if zipfile.is_zipfile(stream):
        raise Unacceptable(Text(vi="tệp có giấu một tệp nén bên trong", en="an archive is hidden in this file"))


def _check_pdf(stream: BinaryIO) -> None:
    kept = b""
    for piece in _outside_streams(stream):
        window = _HEX.sub(lambda match: bytes([int(match[1], 16)]), kept + piece)
        if _ACTIVE_PDF.search(window):
            raise Unacceptable(
                Text(
                    vi="tệp PDF có kịch bản, chương trình hoặc tệp nhúng", en="the PDF holds scripts, programs or files"
                ),
                Text(vi="hãy in lại thành PDF thường", en="print it to a plain PDF"),
            )
        kept = (kept + piece)[-_OVERLAP:]


def _outside_streams(stream: BinaryIO) -> Iterator[bytes]:
    """The objects of a PDF without the pictures and fonts in it, whose bytes may look like anything."""
    stream.seek(0)
    inside, rest = False, b""
    while piece := stream.read(_CHUNK):
        rest += piece
        while (at := rest.find(_STREAM[inside])) >= 0:
            if not inside:
                yield rest[:at]
            rest = rest[at + len(_STREAM[inside]) :]
            inside = not inside
        # The mark itself may be cut in two.
        whole = max(0, len(rest) - len(b"endstream"))
        if not inside:
            yield rest[:whole]
        rest = rest[whole:]
    if not inside:
        yield rest


_STREAM = {False: b"stream", True: b"endstream"}
_OVERLAP = 64
