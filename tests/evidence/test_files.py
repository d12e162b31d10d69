"""Files of rows: hostile ones are named faults, and nothing is ever half-written."""

import csv
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.files import MAX_CELL, MAX_LINE, neutralise, read_rows, replace_file, restore, write_rows
from levels.faults import Faulty, Findings

KNOWN = ("code", "name", "note")
REQUIRED = ("code", "name")
UTF8 = "expected text in UTF-8 (in Excel: save as “CSV UTF-8”)"
CUT = "see whether the file was cut short, and save it as CSV again"


def read(path: Path) -> tuple[list[tuple[int, list[str]]], list[str]]:
    findings = Findings(str(path))
    rows = list(read_rows(findings, KNOWN, REQUIRED))
    return rows, [fault.line("en").removeprefix(f"{path}:") for fault in findings.faults]


def read_bytes(tmp_path: Path, content: bytes, name: str = "t.csv") -> tuple[list[tuple[int, list[str]]], list[str]]:
    path = tmp_path / name
    path.write_bytes(content)
    return read(path)


def cells(tmp_path: Path, content: str) -> list[list[str]]:
    rows, faults = read_bytes(tmp_path, content.encode())
    assert faults == []
    return [row for _, row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_is_read_with_every_usual_delimiter_mark_and_line_end(
    tmp_path: Path, delimiter: str, mark: str, end: str
) -> None:
    content = mark + end.join(delimiter.join(row) for row in (["code", "name"], ["1", "Xã Đắk Blô"], ["2", "Xã Xốp"]))
    assert cells(tmp_path, content) == [["1", "Xã Đắk Blô", ""], ["2", "Xã Xốp", ""]]


def test_columns_stand_in_any_order_and_case_and_rows_keep_the_line_they_start_in(tmp_path: Path) -> None:
    content = '\n Name ,CODE,note\nA,1,"two\r\nlines"\n\n,,\nB,2,\n'
    rows, faults = read_bytes(tmp_path, content.encode())
    assert faults == []
    assert rows == [(3, ["1", "A", "two\nlines"]), (7, ["2", "B", ""])]


def test_text_is_brought_to_nfc_and_stripped_of_every_kind_of_space(tmp_path: Path) -> None:
    assert cells(tmp_path, "code,name\n1,\u00a0Xa\u0303 \u2009\n") == [["1", "Xã", ""]]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "1:1: the file is empty; expected the header code,name"),
        (b"\n \n", "1:1: the file is empty; expected the header code,name"),
        (b"\xef\xbb\xbf", "1:1: the file is empty; expected the header code,name"),
        (b"code,name\n", "1:1: the file has nothing but a header; expected rows"),
        ("code,name\n1,Xã\n".encode("utf-16"), f"1:1: the file is in UTF-16; {UTF8}"),
        ("code,name\n1,Xã\n".encode("utf-16-be"), f"1:1: the file has NUL bytes; {UTF8}"),
        (b"code,name\n1,A\n2,\0\n3,C\n", f"3:1: the file has NUL bytes; {UTF8}"),
        (b"PK\x03\x04\x14", f"1:1: the file is an Excel workbook or an archive; {UTF8}"),
        (b"code\n1\n", "1:name: column name is missing; expected the columns code, name"),
        (b"code,name,code\n1,A,1\n", "1:3: column code appears twice; expected every column once"),
        (b"code,name,colour\n", "1:3: there is no column “colour”; the columns are code, name, note"),
        (b"code,name\n1,A,x\n", "2:3: the row has 3 cells; expected 2 as in the header"),
        (b"code,name,note\n1,A,x\n2,B", "3:note: the row has 2 cells; expected 3 as in the header"),
        (b'code,name\n1,A\n2,"B\n3,C\n', f"3:1: a quotation mark opened here never closes; {CUT}"),
        (b'code,name\n1,"A"B\n', f"2:1: a quotation mark in the wrong place; {CUT}"),
        (b'"code"x,name\n1,A\n', f"1:1: a quotation mark in the wrong place; {CUT}"),
        (b"code,name\r1,A\r", f"1:1: a bare CR line end in an unquoted cell; {CUT}"),
        (b"code,name\n1,A\x07\n", "2:name: the cell holds the control character U+0007; remove it"),
        ("code,name\n1,\u202eA\n".encode(), "2:name: the cell holds the control character U+202E; remove it"),
        (b"code,name\n1," + b"x" * 10_001 + b"\n", "2:name: the cell holds 10001 characters; at most 10000 characters"),
        (b"code,name\n1," + b"x" * 140_000 + b"\n", f"2:1: a cell is too long; {CUT}"),
        (b"code,name\n1," + b"x" * MAX_LINE, f"2:1: the line is longer than {MAX_LINE} bytes; {UTF8}"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_named_fault(tmp_path: Path, content: bytes, fault: str) -> None:
    assert read_bytes(tmp_path, content)[1] == [fault]


@pytest.mark.parametrize("encoding", ["cp1258", "latin-1"])
def test_another_encoding_is_told_once_with_the_first_cell_and_the_number_of_others(
    tmp_path: Path, encoding: str
) -> None:
    content = "code,name\n1,Khu Mot\n2,Tân Hai\n3,Tân Ba\n".encode(encoding)
    rows, faults = read_bytes(tmp_path, content)
    found = "text that is not UTF-8 (Windows-1258 or TCVN3 perhaps), and 1 other cells like it"
    assert faults == [f"3:name: {found}; {UTF8}"]
    assert [row[0] for _, row in rows] == ["1", "2", "3"]


def test_every_fault_of_a_file_is_told_in_one_run(tmp_path: Path) -> None:
    _, faults = read_bytes(tmp_path, b'code,name\n1\n2,"A"B\n3,\x01\n4,A,B\n')
    assert [fault.partition(": ")[0] for fault in faults] == ["2:name", "3:1", "4:name", "5:3"]


def test_a_missing_file_and_a_folder_are_named_faults(tmp_path: Path) -> None:
    assert read(tmp_path / "none.csv")[1] == [
        "1:1: the file cannot be opened (there is no such file or folder); expected a readable file"
    ]
    assert "this is a folder" in read(tmp_path)[1][0]


def test_json_lines_are_read_by_content_whatever_the_name(tmp_path: Path) -> None:
    content = '\ufeff{"name": "Xa\\u0303", "code": 7}\n\n{"code": "8", "name": "B\\r\\nC", "note": null}\n'
    rows, faults = read_bytes(tmp_path, content.encode())
    assert faults == []
    assert rows == [(1, ["7", "Xã", ""]), (3, ["8", "B\nC", ""])]


def test_json_numbers_stay_as_written_and_truth_is_yes_or_no(tmp_path: Path) -> None:
    content = (
        b'{"code": 69.960, "name": 1e5, "note": true}\n{"code": NaN, "name": false, "note": ' + b"9" * 5000 + b"}\n"
    )
    rows, faults = read_bytes(tmp_path, content)
    assert faults == []
    assert rows == [(1, ["69.960", "1e5", "yes"]), (2, ["NaN", "no", "9" * 5000])]


OBJECT = "the line is not a JSON object; expected one whole object {…} in every line"


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b'{"code": 1, "name": "A"}\n{"code": 2,', [f"2:12: {OBJECT}"]),
        (b'[{"code": 1}]\n', [f"1:1: {OBJECT}"]),
        (b"[" * 100_000, [f"1:1: {OBJECT}"]),
        (b'{"code": 1, "code": 2, "name": "A"}', ["1:code: code appears twice; expected it once"]),
        (b'{"code": [1], "name": "A"}', ["1:code: code is a list or an object; expected text or a number"]),
        (b'{"code": 1, "name": {}}', ["1:name: name is a list or an object; expected text or a number"]),
        (b'{"code": 1, "nam": "A"}', ["1:2: there is no column “nam”; the columns are code, name, note"]),
        (
            b'{"code": 1, "x": []}',
            [
                "1:2: there is no column “x”; the columns are code, name, note",
                "1:2: x is a list or an object; expected text or a number",
            ],
        ),
        (b'{"code": 1, "name": "\\u0000"}', ["1:name: the cell holds the control character U+0000; remove it"]),
    ],
)
def test_broken_json_lines_are_named_faults(tmp_path: Path, content: bytes, faults: list[str]) -> None:
    assert read_bytes(tmp_path, content)[1] == faults


def test_a_lone_surrogate_in_json_is_no_text(tmp_path: Path) -> None:
    assert "U+D800" in read_bytes(tmp_path, b'{"code": 1, "name": "\\ud800"}')[1][0]
    assert "not UTF-8" in read_bytes(tmp_path, b'{"code": 1, "name": "\xd0"}')[1][0]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''@"])
def test_what_a_spreadsheet_would_run_is_neutralised_and_restored(text: str) -> None:
    assert neutralise(text) == f"'{text}"
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["", "a=1", "'", "''", "'a", "Ia H' Drai", "1-2"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert neutralise(text) == text
    assert restore(text) == text


@given(st.text(alphabet="'=+-@\t\rab", max_size=8))
def test_neutralising_is_undone_exactly(text: str) -> None:
    assert restore(neutralise(text)) == text
    assert not neutralise(text).startswith(("=", "+", "-", "@", "\t", "\r"))


TEXT = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" \n'=+-@,;\"|"), max_size=20)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT).filter(lambda row: any(map(str.strip, row))), min_size=1, max_size=5))
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_what_is_written_is_read_back_in_nfc(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, rows: list[Sequence[str]]
) -> None:
    path, again = (tmp_path_factory.mktemp("trip") / f"{name}{suffix}" for name in ("a", "b"))
    write_rows(path, KNOWN, rows)
    read_back, faults = read(path)
    assert faults == []
    write_rows(again, KNOWN, [row for _, row in read_back])
    assert again.read_bytes() == path.read_bytes()
    assert len(read_back) == len(rows)


def test_exported_csv_holds_no_live_formula_and_json_lines_hold_the_text_itself(tmp_path: Path) -> None:
    rows = [("1", "=cmd|' /C calc'!A0", "@x")]
    write_rows(tmp_path / "a.csv", KNOWN, rows)
    write_rows(tmp_path / "a.jsonl", KNOWN, rows)
    with (tmp_path / "a.csv").open(newline="") as stream:
        assert list(csv.reader(stream)) == [list(KNOWN), ["1", "'=cmd|' /C calc'!A0", "'@x"]]
    assert json.loads((tmp_path / "a.jsonl").read_text())["name"] == rows[0][1]
    assert [row for _, row in read(tmp_path / "a.csv")[0]] == [list(rows[0])]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(ValueError, match="shorter"):
        write_rows(tmp_path / "a.jsonl", KNOWN, [("1", "A", ""), ("2",)])
    with pytest.raises(TypeError), replace_file(path) as stream:
        stream.write("text, not bytes")  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_called_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as refused, replace_file(tmp_path / "none" / "out.csv") as stream:
        stream.write(b"x")
    assert refused.value.filename == str(tmp_path / "none" / "out.csv")


def test_what_is_no_regular_file_is_never_replaced(tmp_path: Path) -> None:
    pipe, link, folder = tmp_path / "pipe", tmp_path / "link", tmp_path / "folder"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    folder.mkdir()
    for path, said in ((pipe, "a device or a pipe"), (link, "a device or a pipe"), (folder, "a folder")):
        with pytest.raises(Faulty, match=said) as refused, replace_file(path):
            pytest.fail("there is nothing to write into")
        assert refused.value.faults[0].file == str(path)
    assert pipe.is_fifo()
    assert sorted(tmp_path.iterdir()) == [folder, link, pipe]


def test_an_error_about_another_file_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as other, replace_file(tmp_path / "a.csv"):
        (tmp_path / "template.docx").read_bytes()
    assert other.value.filename == str(tmp_path / "template.docx")
    assert not list(tmp_path.iterdir())


def test_a_written_file_takes_the_place_of_the_old_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with replace_file(path) as stream:
        stream.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_the_limit_of_a_cell_itself_is_still_read(tmp_path: Path) -> None:
    assert cells(tmp_path, f"code,name\n1,{'x' * (MAX_CELL - 1)}\n")[0][1] == "x" * (MAX_CELL - 1)


def test_a_file_replaced_through_a_link_keeps_the_link_and_its_readers(tmp_path: Path) -> None:
    target, link = tmp_path / "facts.csv", tmp_path / "link.csv"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o600)
    link.symlink_to(target)
    write_rows(link, ["a"], [["new"]])
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "a\nnew\n"
    assert target.stat().st_mode & 0o777 == 0o600
