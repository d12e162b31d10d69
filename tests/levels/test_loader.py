"""A framework file is read with every fault named by row and column, or not at all."""

import datetime
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levels.faults import Faulty
from levels.framework import Tier
from levels.loader import (
    content,
    digest,
    framework_as_json,
    framework_from_content,
    framework_ids,
    load_framework,
    load_with_positions,
    read_bundled,
)
from levels.source import MAX_BYTES
from tests.levels.files import ID, TEXT, kon_tum, kon_tum_content, replaced, row_of

SMALL = (Path(__file__).parent / "small.yaml").read_text("utf-8")


def test_the_bundled_rulebook_is_found_by_its_id_from_any_folder(tmp_path: Path) -> None:
    assert ID in framework_ids()
    code = "from levels.loader import load_framework; print(load_framework('kon-tum-121-2025').digest)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == kon_tum().digest


def test_a_file_gives_the_same_framework_as_the_bundled_id(tmp_path: Path) -> None:
    path = tmp_path / "copy.yaml"
    path.write_text(TEXT, "utf-8")
    copy = load_framework(path)
    assert copy == load_framework(str(path)) == kon_tum()
    assert copy.digest == kon_tum().digest


def test_comments_line_ends_and_a_byte_order_mark_do_not_change_the_digest(tmp_path: Path) -> None:
    path = tmp_path / "copy.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + ("# another comment\n" + TEXT).replace("\n", "\r\n").encode())
    assert load_framework(path).digest == kon_tum().digest


def test_the_digest_is_the_sha256_of_the_canonical_content_and_changes_with_every_word(tmp_path: Path) -> None:
    assert kon_tum().digest == digest(content(kon_tum()))
    assert kon_tum().digest.removeprefix("sha256:").isalnum()
    assert len(kon_tum().digest) == len("sha256:") + 64
    path = tmp_path / "changed.yaml"
    digests = {kon_tum().digest}
    for text in (
        replaced("50%", "49%"),
        replaced("highest_met", "at_most_registered"),
        replaced("Thực tế tại địa phương", "Thực tế ở địa phương"),
        replaced("day: 20", "day: 19"),
        replaced("valid_cycles: 2", "valid_cycles: 3"),
        replaced("không làm tròn", "có làm tròn"),
    ):
        path.write_text(text, "utf-8")
        digests.add(load_framework(path).digest)
    assert len(digests) == 7


def test_content_round_trips_through_canonical_json() -> None:
    data = json.loads(rfc8785.dumps(content(kon_tum())))
    rebuilt = framework_from_content(data, "bundle.json")
    assert rebuilt == kon_tum()
    assert rebuilt.digest == kon_tum().digest
    assert content(rebuilt) == content(kon_tum())


def test_a_framework_travels_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(kon_tum())) == kon_tum()  # noqa: S301 - our own bytes


def test_numbers_that_look_like_other_things_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "version.yaml"
    path.write_text(replaced('version: "1.0"', "version: 1.10"), "utf-8")
    assert load_framework(path).version == "1.10"
    path.write_text(replaced('signed_on: "2025-03-10"', "signed_on: 2025-03-09"), "utf-8")
    assert load_framework(path).instrument.signed_on == datetime.date(2025, 3, 9)


def test_positions_point_at_the_value(tmp_path: Path) -> None:
    path = tmp_path / "copy.yaml"
    path.write_text(TEXT, "utf-8")
    _, positions = load_with_positions(path)
    row, column = positions.of("sets", "commune", "groups", 0, "criteria", 1, "cells", 2)
    assert positions.file == str(path)
    assert TEXT.splitlines()[row - 1][column - 1 :].startswith('"50%", "80%"')
    assert positions.of("version", "no such thing") == positions.of("version") == (row_of(TEXT, "version:"), 10)
    assert positions.of("no such thing") == (1 + TEXT[: TEXT.index("id:")].count("\n"), 1)


CELLS = '["20%", "30%", "50%", "80%", "90%"]'
ANNEX = "annex: Phụ lục 01"

BROKEN: list[tuple[str, str, str, int, int, str]] = [
    # what, replaced, by, row, column, what is said
    ("broken YAML", "recognise: highest_met", "recognise: [highest_met", 15, 7, "broken YAML (expected ',' or ']'"),
    ("a tab", "recognise: highest_met", "\trecognise: highest_met", 14, 1, "broken YAML (found character '\\t'"),
    ("a control character", "recognise: highest_met", "recognise: highest\x01met", 14, 19, "special characters"),
    ("an unknown key", "recognise: highest_met", "recognise: highest_met\nrecognize: x", 15, 12, "key «recognize»"),
    ("a duplicate key", "recognise: highest_met", "recognise: highest_met\nrecognise: x", 15, 1, "«recognise» occurs"),
    ("a missing key", "recognise: highest_met\n", "", 2, 1, "the key «recognise» is missing"),
    ("a wrong choice", "highest_met", "lowest_met", 14, 12, "«lowest_met»; expected is one of: highest_met"),
    ("another kind", "kind: recognition", "kind: plan", 4, 7, "expected is one of: recognition, index"),
    ("text for a number", "stated_count: 3", "stated_count: many", 31, 19, "«many»; a whole number is expected"),
    ("a float", "stated_count: 3", "stated_count: 3.0", 31, 19, "«3.0»; a whole number is expected"),
    ("a count of nothing", "stated_count: 3", "stated_count: 0", 31, 19, "1 or more is expected"),
    ("too high a count", "stated_count: 3", "stated_count: 38000", 31, 19, "at most 999 is expected"),
    ("a list for text", ANNEX, "annex: [Phụ lục 01]", 29, 12, "«[…]»; text is expected"),
    ("keys for text", ANNEX, "annex: {Phụ lục: 01}", 29, 12, "«{…}»; text is expected"),
    ("no value", ANNEX, "annex:", 29, 5, "there is no value; text is expected"),
    ("a written nothing", ANNEX, "annex: ~", 29, 5, "there is no value; text is expected"),
    ("empty text", ANNEX, 'annex: ""', 29, 12, "it must not be empty"),
    ("two spaces", ANNEX, 'annex: "Phụ  lục 01"', 29, 12, "stray spaces or line breaks"),
    ("a line break", ANNEX, 'annex: "Phụ lục\\n01"', 29, 12, "stray spaces or line breaks"),
    ("text not in NFC", ANNEX, "annex: Phu\u0323 lục 01", 29, 12, "text is not in Unicode NFC"),
    ("endless text", ANNEX, "annex: " + "a" * 2001, 29, 12, "aaa…»; at most 2000 characters are expected"),
    ("an anchor", ANNEX, "annex: &a Phụ lục 01", 29, 12, "a YAML anchor, alias or tag"),
    ("an alias", ANNEX, "annex: *a", 29, 12, "a YAML anchor, alias or tag"),
    ("a tag", ANNEX, "annex: !!python/name:os.system Phụ", 29, 12, "a YAML anchor, alias or tag"),
    ("a key that is no text", ANNEX, "[annex]: Phụ lục 01", 29, 5, "a key that is not text"),
    ("an unknown tier", "appraised_by: district", "appraised_by: village", 32, 19, "one of: province, district"),
    ("an unknown set", "  commune:", "  village:", 29, 5, "unknown key «village»"),
    ("text for a list", "basis: []\n            ex", "basis: Thực tế\n            ex", 66, 20, "a list is expected"),
    ("a day that is not", 'signed_on: "2025-03-10"', 'signed_on: "2025-02-30"', 10, 14, "«2025-02-30» is not a date"),
    ("another form of date", 'signed_on: "2025-03-10"', "signed_on: 10/03/2025", 10, 14, "a date like 2025-03-10"),
    ("a number for a date", 'signed_on: "2025-03-10"', "signed_on: 20250310", 10, 14, "text is expected"),
    ("a day not in every year", "{day: 20, month: 1}", "{day: 29, month: 2}", 24, 13, "not every year has a 29/2"),
    ("a month that is none", "{day: 20, month: 1}", "{day: 20, month: 13}", 24, 30, "at most 12 is expected"),
    ("half a day", "{day: 20, month: 1}", "{day: 20}", 24, 13, "the key «month» is missing"),
    ("a bad id", "id: small-2025", "id: Small 2025", 2, 5, "the form ^[a-z0-9]"),
    ("a bad version", 'version: "1.0"', "version: v1", 3, 10, "the form ^[0-9]"),
    ("an unreadable cell", CELLS, CELLS.replace("30%", "khoảng 30%"), 48, 28, "the cell «khoảng 30%» cannot be read"),
    ("a number as cell", CELLS, CELLS.replace('"30%"', "30"), 48, 28, "«30»; text is expected"),
    ("a cell not in NFC", CELLS, CELLS.replace("30%", "Co\u0301"), 48, 28, "text is not in Unicode NFC"),
    ("no cell", CELLS, "", 48, 13, "there is no value; a list is expected"),
    ("a cell too few", CELLS, CELLS.replace('"30%", ', ""), 48, 20, "at least 5 entries are expected"),
    ("a cell too many", CELLS, CELLS.replace("]", ', "90%"]'), 48, 20, "at most 5 entries are expected"),
    ("cells of two kinds", CELLS, CELLS.replace("90%", "Có"), 48, 20, "the cells ask for 2 kinds (presence, ratio)"),
    ("cells that demand nothing", CELLS, "[" + ", ".join(["Không áp dụng"] * 5) + "]", 48, 20, "ask for 0 kinds"),
    ("a code of another group", "code: I.2\n", "code: II.2\n", 45, 19, "code «II.2» is not of group I"),
    ("a code twice", "code: I.2\n", "code: I.1\n", 45, 19, "the code «I.1» occurs twice"),
    ("a code of no form", "code: I.2\n", "code: 2\n", 45, 19, "«2»; text is expected"),
    ("a group twice", "code: II\n", "code: I\n", 52, 15, "the code «I» occurs twice"),
    ("levels out of order", "{number: 2,", "{number: 3,", 16, 3, "the levels are numbered 1, 3, 3, 4, 5"),
    ("two levels of one name", "name: Kết nối", "name: khởi động", 16, 3, "two levels have the same name"),
    ("a level too few", "  - {number: 5, name: Toàn diện, description: Mức 5}\n", "", 16, 3, "at least 5 entries"),
    ("a place named twice", "[commune/II.1]", "[commune/II.1, commune/II.1]", 74, 15, "nothing may occur twice"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_fault_is_named_by_row_and_column(
    tmp_path: Path, old: str, new: str, row: int, column: int, message: str
) -> None:
    path = tmp_path / "draft.yaml"
    assert SMALL.count(old) >= 1
    path.write_text(SMALL.replace(old, new, 1), "utf-8", newline="")
    with pytest.raises(Faulty) as caught:
        load_framework(path)
    lines = [fault.line("en") for fault in caught.value.faults]
    assert any(line.startswith(f"{path}:{row}:{column}: ") and message in line for line in lines), lines
    assert all(line.startswith(f"{path}:") and "\n" not in line for line in lines)
    assert all(fault.line("vi") != fault.line("en") for fault in caught.value.faults)


def test_the_small_rulebook_itself_loads(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, "utf-8")
    framework = load_framework(path)
    assert [c.code for c in framework.sets[Tier.COMMUNE].criteria] == ["I.1", "I.2", "II.1"]
    assert framework_from_content(content(framework), "again") == framework
    assert framework.act_of(Tier.DISTRICT) is None
    assert "acts" not in content(framework)  # so that what was sealed before there were acts keeps its digest


def test_all_faults_of_a_file_are_told_at_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    text = SMALL.replace("highest_met", "x").replace('"20%"', '"-5%"').replace("2025-03-10", "2025-13-10")
    path.write_text(text.replace("id: small-2025", "id: small-2025\nid: small"), "utf-8")
    with pytest.raises(Faulty) as caught:
        load_framework(path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (3, 1),
        (11, 14),
        (12, 13),
        (15, 12),
        (49, 21),
    ]


def test_every_missing_and_every_unknown_key_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text("id: x\nname: y\ntitle: z\n", "utf-8")
    with pytest.raises(Faulty) as caught:
        load_framework(path)
    told = [fault.found.en for fault in caught.value.faults]
    missing = ["version", "kind", "instrument", "recognise", "levels", "deadlines", "sets", "interpretations"]
    assert told == [*(f"the key «{key}» is missing" for key in missing), "unknown key «name»", "unknown key «title»"]


@pytest.mark.parametrize(
    ("raw", "place", "message"),
    [
        (b"", "1:1", "the file is empty"),
        (b" \n\n", "1:1", "the file is empty"),
        (b"# nothing but a comment\n", "1:1", "keys with values is expected"),
        (b"hello", "1:1", "«hello»; keys with values is expected"),
        (b"- a\n- b\n", "1:1", "keys with values is expected"),
        (b"id: x\nname: \xff\n", "2:7", "not UTF-8"),
        (b"\xef\xbb\xbfid: x\nname: \xe1\xbb", "2:7", "not UTF-8"),
        ("id: x".encode("utf-16"), "1:1", "not UTF-8"),
        (b"id: x\n---\nid: y\n", "2:1", "a second YAML document"),
        (b"a" * (MAX_BYTES + 1), "1:1", "the file is larger than 2 MB"),
        (b"[" * 5000, "1:20", "too many layers"),
        (b"id: &a [x, x]\nkind: &b [*a, *a]\n", "1:5", "anchor"),
        (b'"unclosed', "1:10", "unexpected end of stream"),
        (b"%YAML 9.0\n---\na: 1\n", "1:1", "version 1.* is required"),
        (b'"\\UFFFFFFFF": 1\n', "1:1", "broken YAML"),
    ],
)
def test_hostile_files_are_refused_with_a_place(tmp_path: Path, raw: bytes, place: str, message: str) -> None:
    path = tmp_path / "draft.yaml"
    path.write_bytes(raw)
    with pytest.raises(Faulty) as caught:
        load_framework(path)
    lines = [fault.line("en") for fault in caught.value.faults]
    assert any(line.startswith(f"{path}:{place}: ") and message in line for line in lines), lines


@pytest.mark.parametrize("name", ["no-such-framework", "../levels", ".", "a\0b", "", "x" * 5000])
def test_what_is_neither_an_id_nor_a_file_is_refused_and_the_ids_are_named(name: str) -> None:
    with pytest.raises(Faulty, match=ID):
        load_framework(name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("-:[]{}?,&*!|>'\"%@`#\\ \t\n\r\x00\x85ab1~Có\ud7ff\u2028"), max_size=40))
def test_no_text_breaks_the_reader(tmp_path: Path, text: str) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text(text, "utf-8", newline="")
    with pytest.raises(Faulty) as caught:
        load_framework(path)
    assert all(fault.row >= 1 for fault in caught.value.faults)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(SMALL.encode()) - 1), st.binary(min_size=0, max_size=3))
def test_a_damaged_file_is_refused_or_read_but_never_crashes(tmp_path: Path, at: int, junk: bytes) -> None:
    raw = SMALL.encode()
    path = tmp_path / "draft.yaml"
    path.write_bytes(raw[:at] + junk + raw[at + 1 :])
    try:
        framework = load_framework(path)
    except Faulty:
        return
    assert framework_from_content(content(framework), "again") == framework


@pytest.mark.parametrize(
    ("way", "value", "column"),
    [
        (("version",), 1, "version"),
        (("levels",), None, "levels"),
        (("levels", 0), "1", "levels/0"),
        (("levels", 0, "number"), True, "levels/0/number"),
        (("sets",), [], "sets"),
        (("sets", "commune"), None, "sets/commune"),
        (("sets", "commune", "groups", 0), "I", "sets/commune/groups/0"),
        (("sets", "commune", "stated_count"), 38.0, "sets/commune/stated_count"),
        (("sets", "commune", "groups", 0, "criteria", 1, "cells"), "50%", "sets/commune/groups/0/criteria/1/cells"),
        (("sets", "commune", "groups", 0, "criteria", 1, "cells", 1), "55", "sets/commune/groups/0/criteria/1/cells/1"),
        (("deadlines", 0, "before", "day"), 31.5, "deadlines/0/before/day"),
        (("acts", "district", "archive"), "VT, {office}", "acts/district/archive"),
        (("acts", "district", "recipients", 0), "UBND {superior", "acts/district/recipients/0"),
        (("acts", "district", "proposed_by"), "", "acts/district/proposed_by"),
    ],
)
def test_sealed_content_is_checked_as_strictly_as_a_file(way: tuple[Any, ...], value: object, column: str) -> None:
    data: Any = kon_tum_content()
    inner = data
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    with pytest.raises(Faulty) as caught:
        framework_from_content(data, "bundle.json")
    assert f"bundle.json:1:{column}: " in {fault.line("en").split(": ")[0] + ": " for fault in caught.value.faults}


@pytest.mark.parametrize("data", [None, [], "x", 1, {}])
def test_content_that_is_none_is_refused(data: Any) -> None:
    with pytest.raises(Faulty, match=r"bundle\.json:1:/: "):
        framework_from_content(data, "bundle.json")


def test_content_nested_without_end_is_refused() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Faulty):
        framework_from_content({**kon_tum_content(), "version": deep}, "bundle.json")


def test_the_json_of_framework_show_is_the_one_others_rely_on() -> None:
    shown = framework_as_json(kon_tum())
    assert set(shown) == {"id", "version", "instrument", "sets", "interpretations"}
    assert (shown["id"], shown["version"], set(shown["sets"])) == (ID, "1.0", {"commune", "district"})
    commune = shown["sets"]["commune"]
    assert commune["groups"][0] == {"code": "I", "name": "Chính quyền số"}
    assert len(commune["criteria"]) == 38
    assert commune["criteria"][1] == {
        "code": "I.2",
        "name": "Tỷ lệ hồ sơ thủ tục hành chính được thực hiện trực tuyến toàn trình",
        "unit": "%",
        "cells": ["20%", "30%", "50%", "80%", "90%"],
        "requirements": [{"kind": "ratio", "at_least": f"{n}/100"} for n in (20, 30, 50, 80, 90)],
        "method": "Hệ thống giám sát, đo lường mức độ cung cấp và sử dụng dịch vụ Chính phủ số.",
        "basis": ["Quyết định số 942/QĐ-TTg ngày 15 tháng 6 năm 2021 của Thủ tướng Chính phủ."],
    }
    kinds = {r["kind"] for s in shown["sets"].values() for c in s["criteria"] for r in c["requirements"]}
    assert kinds == {"none", "ratio", "presence", "count", "members"}
    assert shown["sets"]["district"]["criteria"][0]["requirements"][3] == {
        "kind": "members", "tier": "commune", "every": 3, "share": "50/100", "at": 4,
    }  # fmt: skip
    assert all(set(i) == {"id", "clause", "reading", "alternative"} for i in shown["interpretations"])
    assert json.loads(json.dumps(shown)) == shown


def test_a_bundled_rulebook_is_read_as_it_stands_and_no_other(tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    copy.write_bytes(read_bundled(ID))
    assert load_framework(copy).digest == load_framework(ID).digest
    with pytest.raises(KeyError):
        read_bundled(f"../{ID}")
