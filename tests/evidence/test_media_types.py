"""Media types: a file is what its content says; what is dangerous or something else is refused."""

import io
import zipfile
from pathlib import Path

import pytest

from evidence.media_types import DOCX, JPEG, PDF, PNG, XLSX, Unacceptable, find_kind

PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 50 + b"IEND\xaeB`\x82"
PHOTO = b"\xff\xd8\xff\xe0" + b"\0" * 50 + b"\xff\xd9"


def office(*parts: str, filler: bytes = b"<x/>") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, filler)
    return stream.getvalue()


def find(folder: Path, name: str, content: bytes) -> str:
    path = folder / "incoming"
    path.write_bytes(content)
    return find_kind(path, name).media_type


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PAPER, PDF),
        ("A.PDF", PAPER, PDF),
        ("a.png", PICTURE, PNG),
        ("a.jpg", PHOTO, JPEG),
        ("a.jpeg", PHOTO + b"SEFT" * 100, JPEG),  # what a phone writes behind its pictures
        ("a.docx", office("word/document.xml"), DOCX),
        ("a.xlsx", office("xl/workbook.xml"), XLSX),
        ("a.docx", office("word/document.xml", "word/embeddings/Microsoft_Excel_Sheet1.xlsx"), DOCX),
        ("a.pdf", PAPER.replace(b"endobj", b"stream\n./JS (./Launch <.\nendstream\nendobj"), PDF),  # bytes of a picture
        ("a.pdf", PAPER + b" " * 60_000, PDF),
    ],
)
def test_a_file_is_what_its_content_says(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    assert find(tmp_path, name, content) == kind


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"", "is empty"),
        ("a.pdf", b"MZ\x90\x00", "a Windows program"),
        ("a.pdf", b"\x7fELF\x02", "a Linux program"),
        ("a.pdf", b"#!/bin/sh\nrm -rf /", "a script"),
        ("a.pdf", b"<html><script>alert(1)</script>", "an HTML page"),
        ("a.png", b"\n <svg xmlns='http://www.w3.org/2000/svg'/>", "SVG or XML"),
        ("a.html", PAPER, "the content is .pdf"),
        ("a.pdf.exe", PAPER, "the content is .pdf"),
        ("a", PAPER, "the content is .pdf"),
        ("a.docx", office("xl/workbook.xml"), "the content is .xlsx"),
        ("a.docx", office("word/document.xml", "word/vbaProject.bin"), "macros"),
        ("a.xlsx", office("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "macros"),
        ("a.docx", office("word/document.xml", "word/embeddings/oleObject1.bin"), "macros"),
        ("a.xlsx", office("xl/workbook.xml", filler=b"\0" * 9_000_000), "inflates to too much"),
        ("a.xlsx", office("evil.txt"), "archive"),
        ("a.xlsx", office("xl/workbook.xml")[:-30], "is damaged"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        ("a.pdf", PAPER[:30], "is damaged"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "is damaged"),
        ("a.pdf", PAPER + office("word/document.xml"), "archive"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9" + office("x.txt"), "archive"),
        (
            "a.pdf",
            PAPER.replace(b"<<>>", b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"),
            "scripts",
        ),
        ("a.pdf", PAPER.replace(b"<<>>", b"<</S/#4a#61vaScript /J#53 (x)>>"), "scripts"),
        ("a.pdf", PAPER.replace(b"<<>>", b"<</S /Launch /F (cmd.exe)>>"), "scripts"),
        ("a.gif", b"GIF89a;", "a GIF picture"),
        ("a.webp", b"RIFF\0\0\0\0WEBP", "a WebP picture"),
        ("a.pdf", b"Just text", "is not known"),
    ],
)
def test_what_is_hostile_or_something_else_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(Unacceptable, match=said):
        find(tmp_path, name, content)


def test_a_document_with_a_password_is_refused(tmp_path: Path) -> None:
    locked = bytearray(office("word/document.xml"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(mark)
        while place >= 0:
            locked[place + at] |= 1
            place = locked.find(mark, place + 4)
    with pytest.raises(Unacceptable, match="password"):
        find(tmp_path, "a.docx", bytes(locked))


def test_a_picture_longer_than_what_is_read_at_once_is_passed_over(tmp_path: Path) -> None:
    picture = b"stream\n" + b"/JS (" * 500_000
    assert find(tmp_path, "a.pdf", PAPER[:9] + picture + b"\nendstream\n" + PAPER[9:]) == PDF
    assert find(tmp_path, "a.pdf", PAPER[:9] + picture + b"%%EOF") == PDF  # a stream that never ends


@pytest.mark.parametrize("cut", range(1, 24))
def test_a_script_is_seen_wherever_the_reading_is_cut(tmp_path: Path, cut: int) -> None:
    filler = b" " * (2**20 - len(PAPER[:9]) - cut)
    with pytest.raises(Unacceptable, match="scripts"):
        find(tmp_path, "a.pdf", PAPER[:9] + filler + b"<</S/Java#53cript/JS(x)>>" + PAPER[9:])


def test_both_languages_say_what_was_found_and_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(Unacceptable) as raised:
        find(tmp_path, "a.pdf", b"MZ")
    assert raised.value.text.vi == "đây là chương trình Windows; cần tệp PDF, DOCX, XLSX, PNG hoặc JPEG"
    assert raised.value.text.en == "this is a Windows program; expected a PDF, DOCX, XLSX, PNG or JPEG file"
