"""What is no workbook, or a dangerous one, is refused in a plain sentence before anything is opened."""

import io
import os
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levels.faults import Faulty
from tests.evidence.form_kit import FIRST_SHEET, faults_of, new_form, read, replace_in, rewrite

STRINGS = "xl/sharedStrings.xml"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return new_form(tmp_path_factory.mktemp("forms") / "empty.xlsx").read_bytes()


@pytest.fixture
def form(tmp_path: Path, empty: bytes) -> Path:
    path = tmp_path / "form.xlsx"
    path.write_bytes(empty)
    return path


def archive_of(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty; expected an .xlsx made by “certify form”"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "the file has a password or is in the old .xls format"),
        (b"\xef\xbb\xbf\r\n<html><table></table></html>", "this is HTML or XML merely renamed to .xlsx"),
        (b"unit,criterion\n", "this is not an Excel workbook"),
        (b"%PDF-1.7", "this is not an Excel workbook"),
        (b"PK\x03\x04 cut short", "the file is damaged or was not transferred completely; save or send it again"),
        (archive_of(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "this is an OpenDocument sheet"),
        (archive_of(readme=b"hello"), "the archive holds no Excel workbook"),
    ],
)
def test_what_is_no_workbook_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    (line,) = faults_of(path)
    assert line.startswith(f"1:A: {said}")


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "none.xlsx")[0].startswith(
        "1:A: cannot open the file (there is no such file or folder)"
    )
    assert faults_of(tmp_path)[0].startswith("1:A: this is not a regular file")
    os.mkfifo(tmp_path / "pipe.xlsx")  # opening it would wait for ever
    assert faults_of(tmp_path / "pipe.xlsx")[0].startswith("1:A: this is not a regular file")


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_truncated_form_is_damaged(form: Path, share: float) -> None:
    content = form.read_bytes()
    form.write_bytes(content[: int(len(content) * share)])
    assert "the file is damaged" in faults_of(form)[0]


def add(name: str, content: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.__setitem__(name, content)


def put(name: str, prefix: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.__setitem__(name, parts[name].replace(b"?>", b"?>" + prefix, 1))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (add("xl/vbaProject.bin"), "the workbook holds macros"),
        (add("xl/macrosheets/sheet1.xml"), "the workbook holds macros"),
        (add("xl/externalLinks/externalLink1.xml"), "the workbook is linked to other files"),
        (add("../../etc/passwd"), "the file holds odd or duplicate parts"),
        (add("xl/../../x"), "the file holds odd or duplicate parts"),
        (add("/etc/passwd"), "the file holds odd or duplicate parts"),
        (add("C:/x"), "the file holds odd or duplicate parts"),
        (add("payload.exe"), "the file holds odd or duplicate parts"),
        (add("XL/workbook.xml"), "the file holds odd or duplicate parts"),
        (add("xl/Workbook.xml"), "the file holds odd or duplicate parts"),
        (put(STRINGS, ENTITIES), "the workbook's XML has declarations that are not allowed"),
        (put("xl/workbook.xml", ENTITIES), "the workbook's XML has declarations that are not allowed"),
        (
            add(STRINGS, '<?xml version="1.0" encoding="UTF-16"?><sst/>'.encode("utf-16")),
            "declarations that are not allowed",
        ),
        (add(STRINGS, b'<?xml version="1.0" encoding="UTF-7"?><sst/>'), "declarations that are not allowed"),
        (add(STRINGS, b"<sst><si>"), "the workbook's content cannot be read; open it in Excel, save it again"),
        (add("xl/workbook.xml", b"<workbook"), "the workbook's content cannot be read"),
        (add(STRINGS, b"<sst>" + b"<si><t>x</t></si>" * 60_000 + b"</sst>"), "the file is too large for a form"),
        (add(STRINGS, b"<sst><si><t>" + b"x" * 9_000_000 + b"</t></si></sst>"), "the file is too large for a form"),
        (add("xl/media/image1.png", bytes(20_000_000)), "the file is too large for a form"),
    ],
)
def test_a_dangerous_workbook_is_refused(form: Path, change: Callable[[dict[str, bytes]], None], said: str) -> None:
    (line,) = faults_of(rewrite(form, change))
    assert line.startswith("1:A: ")
    assert said in line


def test_too_many_parts_are_refused(form: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts.update({f"xl/media/image{number}.png": b"" for number in range(300)})

    assert "the file is too large for a form" in faults_of(rewrite(form, change))[0]


def test_a_flood_of_formulas_is_refused(form: Path) -> None:
    cells = b"".join(b'<c r="AA%d"><f>1+1</f></c>' % number for number in range(1, 1102))
    replace_in(form, FIRST_SHEET, b"</sheetData>", b"<row>" + cells + b"</row></sheetData>")
    assert "the file is too large for a form" in faults_of(form)[0]


def test_a_file_too_large_to_be_a_form_is_not_even_opened(form: Path) -> None:
    with form.open("ab") as stream:
        stream.truncate(6_000_000)
    assert faults_of(form) == ["1:A: the file is too large for a form; at most 5 MB, inflated at most 16 MB"]


def test_a_part_that_inflates_to_more_than_it_states_stays_small_in_memory(form: Path) -> None:
    bomb = bytes(200_000_000)
    rewrite(form, add(STRINGS, bomb))
    del bomb
    content = form.read_bytes()
    assert len(content) < 500_000
    true, false = struct.pack("<I", 200_000_000), struct.pack("<I", 40_000)
    assert content.count(true) == 2
    form.write_bytes(content.replace(true, false))
    tracemalloc.start()
    assert "the file is damaged" in faults_of(form)[0]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000


def test_members_that_overlap_are_refused(form: Path) -> None:
    content = form.read_bytes()
    archive = zipfile.ZipFile(io.BytesIO(content))
    size = max(member.compress_size for member in archive.infolist())
    claimed = content.replace(struct.pack("<I", size), struct.pack("<I", len(content)), 2)
    form.write_bytes(claimed)
    assert "the file is too large for a form" in faults_of(form)[0]


def test_an_encrypted_member_is_a_password(form: Path) -> None:
    content = bytearray(form.read_bytes())
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    form.write_bytes(bytes(content))
    assert "the file has a password" in faults_of(form)[0]


def test_pictures_and_properties_are_left_alone(form: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["docProps/core.xml"] = ENTITIES
        parts["xl/media/image1.png"] = b"\x89PNG\0"
        parts["docMetadata/LabelInfo.xml"] = b"<x/>"
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = b"not even XML"

    assert read(rewrite(form, change)).facts == {}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_bytes_are_damaged_nothing_but_a_fault_comes_out(
    tmp_path: Path, empty: bytes, data: st.DataObject
) -> None:
    content = bytearray(empty)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "form.xlsx"
    path.write_bytes(bytes(content))
    with suppress(Faulty):
        assert read(path).facts == {}


def test_a_hostile_form_is_refused_quickly(form: Path) -> None:
    row = b'<row r="%d"><c r="A%d"><f>' + b"A1+" * 2_000 + b"A1</f></c></row>"
    rows = b"".join(row % (number, number) for number in range(200, 1_000))
    replace_in(form, FIRST_SHEET, b"</sheetData>", rows + b"</sheetData>")
    started = time.process_time()
    assert faults_of(form)
    assert time.process_time() - started < 5
