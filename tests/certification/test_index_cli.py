"""Indexes on the command line: points and ranks, why, rounds, work lists, publishing and verifying."""

import csv
import functools
import io
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from openpyxl import load_workbook

from certification.bundle import digest
from certification.cli import main
from tests.certification.stopping import stop_midway

INDEXES = ("bac-ninh-1187-2023", "chu-prong-2023", "dak-lak-2534-2022", "ha-noi-2024")
# The small index of the rulebook's own tests, with the readings without which an index scores nothing.
SMALL = (Path(__file__).parents[1] / "levels" / "small_index.yaml").read_text("utf-8") + "".join(
    f"  - {{id: {name}, clause: Điều 7, reading: như vậy, alternative: khác đi}}\n"
    for name in ("points-rounding", "points-ceiling", "points-not-subject", "ranking-ties", "peers-equal")
)
UNITS = """code,name,tier,parent
1,Tỉnh Thử,province,
11,Huyện Một,district,1
12,Huyện Hai,district,1
13,Huyện Ba,district,1
"""
HEADER = "unit,criterion,numerator,denominator,value,status,document,measured_on,cycle,note,round\n"
# One document proves everything; what huyện Ba reports nobody has appraised; a year ago huyện Hai was first.
FACTS = """11,1.1,,,có,verified,1/BC,,2023,,
11,1.2,,,2,verified,1/BC,,2023,,
11,1.3:a,,,100,verified,1/BC,,2023,,
11,1.3:b,,,40,verified,1/BC,,2023,,
11,1.3:c,,,20,verified,1/BC,,2023,,
11,1.7,,,3,verified,1/BC,,2023,,
11,2,,,12.5,verified,1/BC,,2023,,
12,1.1,,,có,verified,1/BC,,2023,,
12,1.7,,,3,verified,1/BC,,2023,,
13,1.1,,,có,self_reported,1/BC,,2023,,
13,1.7,,,3,verified,1/BC,,2023,,
11,1.1,,,không,verified,1/BC,,2022,,
12,1.1,,,có,verified,1/BC,,2022,,
"""
EXACT = re.compile(r"-?(0|[1-9]\d*)(\.\d{0,3}[1-9])?")


def _write(folder: Path, facts: str = FACTS, units: str = UNITS) -> list[str]:
    (folder / "units.csv").write_text(units, encoding="utf-8")
    (folder / "evidence.csv").write_text(HEADER + facts, encoding="utf-8")
    (folder / "index.yaml").write_text(SMALL, encoding="utf-8")
    files = ["--units", str(folder / "units.csv"), "--evidence", str(folder / "evidence.csv")]
    return ["--framework", str(folder / "index.yaml"), *files]


@pytest.fixture
def small(tmp_path: Path) -> Any:
    """Write a units and an evidence file under the small index; the options that name them."""
    return functools.partial(_write, tmp_path)


def _answer(out: str) -> Any:
    """JSON as promised: keys sorted, no floats."""
    answer = json.loads(out, parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert json.dumps(answer, sort_keys=True, ensure_ascii=False, indent=2) + "\n" == out
    return answer


def _unit(answer: Any, code: str) -> Any:
    return next(unit for unit in answer["units"] if unit["code"] == code)


@pytest.mark.parametrize("index", INDEXES)
def test_every_sample_is_evaluated_as_promised(run: Any, index: str) -> None:
    code, out, _ = run("evaluate", "--framework", index, "--sample", "--format", "json")
    assert code == 0
    answer = _answer(out)
    assert answer["framework"]["id"] == index
    assert answer["framework"]["digest"].startswith("sha256:")
    for unit in answer["units"]:
        assert {"code", "name", "tier", "parent", "group", "rank", "indicators"} <= unit.keys()
        for key in ("points", "reachable", "percent", "self_points", "accepted_points", "bonus"):
            assert EXACT.fullmatch(unit[key]), (key, unit[key])
        for line in unit["indicators"]:
            assert {"code", "points", "max", "state"} <= line.keys()
            assert EXACT.fullmatch(line["points"])
    assert any(unit["synthetic"] for unit in answer["units"])
    code, table, _ = run("evaluate", "--framework", index, "--sample")
    assert code == 0
    assert "DỮ LIỆU MÔ PHỎNG" in table


def test_points_ranks_and_last_year_of_one_s_own_files(run: Any, small: Any) -> None:
    code, out, err = run("evaluate", *small(), "--format", "json")
    assert code == 0, err
    answer = _answer(out)
    one, two, three = (_unit(answer, unit) for unit in ("11", "12", "13"))
    # 10 + 5 + 60/100/80 % of 20 = 15 + 3 + 12,5; huyện Hai and huyện Ba are not on the list of pillar 2.
    assert (one["points"], one["reachable"], one["percent"]) == ("45.5", "140", "32.5")
    assert (two["points"], two["reachable"]) == ("13", "100")
    assert [unit["rank"] for unit in (one, two, three)] == [1, 2, 2]
    assert [unit["tied"] for unit in (one, two, three)] == [False, True, True]
    assert {unit["group"] for unit in answer["units"]} == {"huyen"}
    assert (one["last_year"], two["last_year"]) == ({"points": "0", "rank": 2}, {"points": "10", "rank": 1})
    assert three["last_year"] is None  # it handed in nothing then: no rank is made up
    assert (three["self_points"], three["accepted_points"]) == ("13", "3")
    assert one["missing"] == ["1.4", "1.5", "1.6", "1.8"]
    assert one["provisional"] is True
    states = {line["code"]: line["state"] for line in three["indicators"]}
    assert (states["1.1"], states["1.7"], states["1.2"], states["2"]) == (
        "self_reported", "accepted", "missing", "not_subject",
    )  # fmt: skip


def test_points_are_printed_as_csv_and_as_a_workbook(run: Any, small: Any, tmp_path: Path) -> None:
    code, out, _ = run("evaluate", *small(), "--format", "csv", "--excel", tmp_path / "points.xlsx")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["code"], row["rank"], row["points"]) for row in rows] == [
        ("11", "1", "45.5"), ("12", "2", "13"), ("13", "2", "13"),
    ]  # fmt: skip
    assert load_workbook(tmp_path / "points.xlsx").sheetnames


def test_the_table_marks_what_is_missing_and_what_is_tied(run: Any, small: Any) -> None:
    _, out, _ = run("evaluate", *small(), "--lang", "en")
    assert "2=" in out
    assert "missing" in out
    assert "provisional" in out
    assert "45.5" in out
    assert "45,5" in run("evaluate", *small())[1]


@pytest.mark.parametrize("method", ["z-score", "min-max"])
def test_a_normalised_view_stands_beside_the_ranking(run: Any, small: Any, method: str) -> None:
    plain = _answer(run("evaluate", *small(), "--format", "json")[1])
    answer = _answer(run("evaluate", *small(), "--normalise", method, "--format", "json")[1])
    normalised = answer.pop("normalised")
    assert answer == plain
    assert normalised["method"] == method.replace("-", "_")
    assert {unit["code"] for unit in normalised["units"]} == {"11", "12", "13"}
    assert "Huyện Một" in run("evaluate", *small(), "--normalise", method)[1]


def test_why_a_score_is_what_it_is(run: Any, small: Any) -> None:
    code, out, _ = run("why", "11", *small(), "--indicator", "1.3", "--format", "json")
    assert code == 0
    answer = _answer(out)
    [line] = answer["indicators"]
    assert (answer["unit"], answer["rank"], line["points"], line["lost"]) == ("11", 1, "15", "5")
    [applied] = line["applied"]
    assert {"quantity": "3/5", "share": "3/4", "text": "Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa"}.items() <= applied.items()
    assert (applied["peers_lowest"], applied["peers_highest"], applied["peers_count"]) == (None, None, None)
    assert [(entry["key"], entry["value"], entry["status"]) for entry in line["inputs"]] == [
        ("a", "100", "verified"), ("b", "40", "verified"), ("c", "20", "verified"),
    ]  # fmt: skip
    assert line["inputs"][0]["documents"] == [{"reference": "1/BC", "sha256": None}]
    assert {"points": "5", "more": "20"}.items() <= line["gains"][-1].items()
    assert line["clause"] == "Phụ lục, chỉ số 1.3 (1/QĐ-UBND)"


def test_why_tells_what_was_compared_what_has_no_document_and_money_as_decimals(run: Any) -> None:
    sample = ("--framework", "chu-prong-2023", "--sample", "--format", "json")
    [line] = _answer(run("why", "623", *sample, "--indicator", "II.8.4")[1])["indicators"]
    [applied] = line["applied"]
    assert Fraction(applied["quantity"]) / Fraction(applied["peers_highest"]) == Fraction(applied["share"])
    assert Fraction(applied["peers_lowest"]) <= Fraction(applied["quantity"])
    assert applied["peers_count"] == 17
    assert EXACT.fullmatch(line["inputs"][0]["value"])
    [line] = _answer(run("why", "639", *sample, "--indicator", "II.5.9")[1])["indicators"]
    assert (line["state"], line["unproven"]) == ("missing", True)
    gain = _answer(run("why", "628", *sample, "--indicator", "II.1.4")[1])["indicators"][0]["gains"][-1]
    assert (gain["points"], gain["also"]) == ("15", [{"key": "2", "more": "10"}])


def test_why_tells_bonus_points_exemptions_and_what_was_reported(run: Any) -> None:
    sample = ("--framework", "ha-noi-2024", "--sample")
    answer = _answer(run("why", "005", *sample, "--indicator", "KK", "--format", "json")[1])
    assert answer["indicators"] == []
    bonus = answer["bonus_reasons"]
    assert (bonus["code"], bonus["points"], bonus["status"]) == ("KK", "3", "verified")
    assert bonus["note"].startswith("Sáng kiến")
    assert bonus["documents"]
    assert bonus["note"] in run("why", "005", *sample)[1]
    answer = _answer(run("why", "005", *sample, "--indicator", "6.7", "--format", "json")[1])
    assert answer["bonus_reasons"] is None
    assert (answer["indicators"][0]["inputs"][0]["reported"], answer["indicators"][0]["points"]) == ("8.25", "4")
    rounds = _answer(run("rounds", "01-TTr", *sample, "--format", "json")[1])["units"][0]["rounds"]
    exempt = next(change for change in rounds[1]["changes"] if change["code"] == "6.7")
    assert exempt["reachable_change"] == "-10"
    told = run("rounds", "01-TTr", *sample)[1]
    assert "chỉ số không còn áp dụng (điểm tối đa được tính −10)" in told


def test_joint_leads_are_noted_below_the_offices(run: Any) -> None:
    assert "nhiều cơ quan cùng phụ trách" in run("tasks", "--framework", "chu-prong-2023", "--sample")[1]


@pytest.mark.parametrize(("language", "words"), [("vi", "Cách tính"), ("en", "1.3")])
def test_why_a_score_is_told_in_both_languages(run: Any, small: Any, language: str, words: str) -> None:
    _, out, _ = run("why", "11", *small(), "--lang", language)
    assert words in out
    assert "Tỷ lệ<80%" in out
    _, page, _ = run("why", "11", *small(), "--lang", language, "--format", "html")
    assert page.lstrip().lower().startswith("<!doctype html>")


def test_rounds_stand_side_by_side_with_reason_and_effect(run: Any) -> None:
    _, out, _ = run("rounds", "271", "--framework", "ha-noi-2024", "--sample", "--format", "json")
    answer = _answer(out)
    [unit] = answer["units"]
    assert [found["round"] for found in unit["rounds"]] == ["self", "round1", "explanation", "round2", "published"]
    assert unit["rounds"][0]["changes"] == []
    change = unit["rounds"][1]["changes"][0]
    assert {"code", "before", "after", "reason", "rank_before", "rank_after", "reachable_change"} == change.keys()
    assert change["reason"]
    _, table, _ = run("rounds", "271", "275", "--framework", "ha-noi-2024", "--sample")
    assert change["reason"] in table.replace("\n", " ")


def test_without_rounds_that_is_said(run: Any, small: Any) -> None:
    code, out, _ = run("rounds", *small())
    assert code == 0
    assert "round" in out
    assert _answer(run("rounds", *small(), "--format", "json")[1])["units"][0]["rounds"] == []


def test_the_work_list_of_an_office_is_found_without_tone_marks(run: Any, small: Any) -> None:
    code, out, _ = run("tasks", "phong VAN hoa", *small(), "--format", "json")
    assert code == 0
    [office] = _answer(out)["offices"]
    assert (office["office"], [line["code"] for line in office["lead"]]) == ("Phòng Văn hóa", ["1.1"])
    assert office["progress"] == {"inputs": 3, "known": 3, "accepted": 2}
    _, out, _ = run("tasks", "Phòng Văn hóa", *small(), "--unit", "13", "--format", "json")
    assert _answer(out)["offices"][0]["progress"] == {"inputs": 1, "known": 1, "accepted": 0}
    table = run("tasks", *small())[1]
    assert "Công an huyện" in table
    assert "1.1" in run("tasks", "cong an huyen", *small())[1]


def test_an_office_that_is_not_there_is_answered_with_those_like_it(run: Any, small: Any) -> None:
    code, out, err = run("tasks", "van", *small())
    assert (code, out) == (2, "")
    assert "Phòng Văn hóa" in err
    code, out, _ = run("tasks", "--framework", "ha-noi-2024", "--sample")
    assert code == 0
    assert "không giao chỉ số" in out


def test_work_lists_are_written_as_documents(run: Any, small: Any, tmp_path: Path) -> None:
    code, out, _ = run("tasks", "phong van hoa", *small(), "--out", tmp_path / "tasks")
    assert code == 0
    names = {Path(line).name for line in out.splitlines() if line.startswith(str(tmp_path))}
    assert {"phan-cong-district-phong-van-hoa-2023.docx", "phan-cong-chi-so-nho-2023.xlsx"} <= names
    assert names == {path.name for path in (tmp_path / "tasks").iterdir()}
    assert run("tasks", "phong van hoa", *small(), "--out", tmp_path / "tasks")[0] == 2  # nothing is overwritten
    assert run("tasks", "phong van hoa", *small(), "--out", tmp_path / "tasks", "--replace")[0] == 0


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ranking published under the small index, in the folder ``out`` beside the files it rests on."""
    folder = tmp_path_factory.mktemp("published")
    with pytest.raises(SystemExit) as ended:
        main(["publish", *_write(folder), "--out", str(folder / "out"), "--sheets"])
    assert not ended.value.code
    return folder


@pytest.fixture
def published(once: Path, tmp_path: Path) -> Path:
    """The folder of the published ranking, to be changed."""
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "out"


BUNDLE = "xep-hang-1-2023.ranking.json"


def test_publish_writes_the_decision_pictures_sheets_and_a_bundle(run: Any, published: Path) -> None:
    names = {path.name for path in published.iterdir()}
    stem = "xep-hang-1-2023"
    assert {f"{stem}.{kind}" for kind in ("docx", "pdf", "html", "xlsx")} <= names
    assert f"bao-cao-{stem}.docx" in names
    assert {f"{stem}-bieu-do-huyen-1.svg", f"{stem}-bieu-do-huyen-1.png", f"{stem}-ban-do-huyen-1.svg"} <= names
    assert {f"phieu-diem-{unit}-2023.docx" for unit in ("11", "12", "13")} <= names
    assert not [name for name in names if name.startswith(".")]
    page = (published / f"{stem}.html").read_text("utf-8")
    assert "DỰ THẢO" in page  # nobody has closed the dossiers
    sealed = json.loads((published / BUNDLE).read_bytes())["content"]
    points = {place["unit"]["code"]: place["points"] for place in sealed["groups"][0]["places"]}
    assert points == {"11": "91/2", "12": "13", "13": "3"}  # what nobody has accepted is worth nothing
    assert names == {*sealed["documents"], BUNDLE}


def test_what_was_published_verifies_and_what_was_changed_does_not(run: Any, published: Path) -> None:
    bundle = published / BUNDLE
    trusted = ["--framework", published.parent / "index.yaml"]
    assert run("verify", bundle)[0] == 1  # the rulebook does not come with the software
    code, out, _ = run("verify", bundle, *trusted)
    assert code == 0, out
    page = published / "xep-hang-1-2023.html"
    page.write_bytes(page.read_bytes() + b" ")
    code, out, _ = run("verify", bundle, *trusted, "--format", "json")
    assert code == 1
    assert [f["text"] for f in _answer(out)["findings"] if f["agrees"] is False] == [
        "Văn bản xep-hang-1-2023.html: KHÔNG khớp, ghi trong gói khác với tính lại."
    ]


def _forge(bundle: Path, change: Any) -> None:
    """Change the content of a bundle and seal it anew, as a forger would."""
    content = json.loads(bundle.read_bytes())["content"]
    change(content)
    bundle.write_bytes(rfc8785.dumps({"content": content, "seal": digest(rfc8785.dumps(content))}))


def _first(content: Any) -> Any:
    return content["groups"][0]["places"][0]


def _fact(content: Any, criterion: str) -> Any:
    return next(fact for fact in _first(content)["facts"] if fact["criterion"] == criterion)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: _first(c).update(points="50"), "Points and rank of Huyện Một (11): does NOT agree"),
        (lambda c: _first(c).update(rank=2), "Points and rank of Huyện Một (11): does NOT agree"),
        (lambda c: _first(c)["indicators"][0].update(points="9"), "Indicator 1.1 of Huyện Một"),
        (lambda c: _fact(c, "1.7")["amount"].update(numerator=10), "does NOT agree"),
        (lambda c: _fact(c, "1.3:b")["amount"].update(numerator=400), "The points cannot be computed"),
        (lambda c: _fact(c, "1.7")["amount"].update(numerator=-1), "the value -1 is impossible"),
        (lambda c: _fact(c, "1.7").update(criterion="9.9"), "holds a stray fact"),
        (lambda c: _fact(c, "1.7").update(unit="12"), "holds a stray fact"),
        (lambda c: _fact(c, "1.7").update(amount=None), "1.7"),
        (lambda c: _first(c)["facts"].append(_first(c)["facts"][0]), "has 2 facts"),
        (lambda c: c["groups"][0]["places"].pop(1), "«groups»"),
        (lambda c: c["groups"][0]["places"].append(_first(c)), "is counted 2 times"),
        (lambda c: c["groups"].clear(), "ranks no unit"),
        (lambda c: c.update(provisional=[]), "«provisional»"),
        (lambda c: c.update(closed=True), "cannot be closed"),
        (lambda c: c.update(synthetic=True), "«synthetic»"),
        (lambda c: c.update(signed_on="31/12/2023"), "is not a day"),
        (lambda c: c["documents"].update({"../x": "sha256:0"}), "is no name of a file"),
        (lambda c: c.update(framework_digest="sha256:0"), "The digest of the index"),
        (lambda c: _first(c)["unit"].update(parent="99"), "does not stand under Tỉnh Thử"),
        (lambda c: _first(c)["unit"].update(tier="commune"), "no indicators for this tier"),
        (lambda c: _first(c)["unit"].update(name="Huyện\x1bMột"), "is impossible"),
        (lambda c: c["issuer"].update(tier="commune"), "no province above it"),
        (lambda c: c["issuer"].update(parent="0"), "does not match"),
        (lambda c: c["framework"]["sets"]["district"]["pillars"][1].update(max=50), "none of those known"),
    ],
)
def test_a_forger_who_seals_anew_is_found_out(run: Any, published: Path, change: Any, said: str) -> None:
    _forge(published / BUNDLE, change)
    code, out, err = run("verify", published / BUNDLE, "--framework", published.parent / "index.yaml", "--lang", "en")
    assert code == 1, err
    assert any(said in line for line in out.splitlines() if line.startswith("✗")), out


def test_a_ranking_s_bundle_that_is_none_is_refused(run: Any, published: Path) -> None:
    bundle = published / BUNDLE
    original = bundle.read_bytes()
    for broken in (original + b"\n", original.replace(b'"closed":false', b'"closed":0'), b"{}", b"no"):
        bundle.write_bytes(broken)
        code, out, err = run("verify", bundle, "--framework", published.parent / "index.yaml")
        assert (code, out) == (2, "")
        assert f"{BUNDLE}:1:1: " in err


def test_a_closed_and_signed_ranking_is_no_draft(run: Any, small: Any, tmp_path: Path) -> None:
    settled = FACTS.replace("self_reported", "verified")
    out = tmp_path / "out"
    signing = ["--closed", "--number", "7/QĐ-UBND", "--date", "20/12/2023", "--signer", "Nguyễn Văn A"]
    wording = ["--signed-by", "chairman", "--proposed-by", "Giám đốc Sở Thử", "--responsible", "Chánh Văn phòng"]
    wording += ["--recipient", "Lưu trữ tỉnh"]
    code, _, err = run("publish", *small(settled), "--out", out, "--sheets", *signing, *wording)
    assert code == 0
    assert "tạm tính" not in err
    page = (out / "xep-hang-1-2023.html").read_text("utf-8")
    assert "7/QĐ-UBND" in page
    for name in ("xep-hang-1-2023", "bao-cao-xep-hang-1-2023", "phieu-diem-11-2023"):  # all say the same
        assert "TẠM TÍNH" not in (out / f"{name}.html").read_text("utf-8")
    assert all(words in page for words in ("Giám đốc Sở Thử", "Chánh Văn phòng", "Lưu trữ tỉnh"))
    assert "TM. ỦY BAN NHÂN DÂN" not in page
    assert run("verify", out / BUNDLE, "--framework", tmp_path / "index.yaml")[0] == 0


def test_dossiers_with_unappraised_reports_are_not_closed(run: Any, small: Any, tmp_path: Path) -> None:
    code, _, err = run("publish", *small(), "--out", tmp_path / "out", "--closed")
    assert code == 2
    assert "Huyện Ba (13): 1.1" in err
    assert not (tmp_path / "out").exists()


def test_what_was_published_is_not_overwritten(run: Any, small: Any, published: Path) -> None:
    before = (published / BUNDLE).read_bytes()
    code, _, err = run("publish", *small(FACTS.replace("12.5", "13")), "--out", published)
    assert code == 2
    assert f"{BUNDLE}:1:1: " in err
    assert (published / BUNDLE).read_bytes() == before
    assert run("publish", *small(FACTS.replace("12.5", "13")), "--out", published, "--replace")[0] == 0
    assert (published / BUNDLE).read_bytes() != before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--number", "=1+1"], "12/QĐ-UBND"),
        (["--date", "2031-01-01"], "2031"),
        (["--group", "xa"], "--group:1:1: "),
        (["--issuer", "99"], "UNIT:1:99: "),
        (["--issuer", "11"], "Không có nhóm nào"),
    ],
)
def test_publish_refuses_what_cannot_be(run: Any, small: Any, tmp_path: Path, options: list[str], said: str) -> None:
    code, _, err = run("publish", *small(), "--out", tmp_path / "out", *options)
    assert code == 2
    assert said in err
    assert not (tmp_path / "out").exists()


def test_every_committee_publishes_its_own_ranking(run: Any, tmp_path: Path) -> None:
    shared = ["publish", "--framework", "dak-lak-2534-2022", "--sample", "--out", tmp_path / "out"]
    code, _, err = run(*shared, "--number", "1/QĐ-UBND")
    assert code == 2
    assert "--issuer" in err
    code, out, _ = run(*shared, "--number", "1/QĐ-UBND", "--issuer", "643", "--group", "commune")
    assert code == 0
    bundle = tmp_path / "out" / "xep-hang-643-2022-commune.ranking.json"
    assert str(bundle) in out
    assert run("verify", bundle)[0] == 0


def test_a_province_must_be_there_to_publish(run: Any, small: Any, tmp_path: Path) -> None:
    units = UNITS.replace("1,Tỉnh Thử,province,\n", "").replace("district,1", "district,")
    code, _, err = run("publish", *small(units=units), "--out", tmp_path / "out")
    assert code == 2
    assert "Huyện Một (11)" in err


def test_units_and_days_outside_the_decision_are_told(run: Any, small: Any) -> None:
    facts = FACTS.replace("12,1.7,,,3,verified,1/BC,,", "12,1.7,,,3,verified,1/BC,2023-10-01,")
    code, out, err = run("evaluate", *small(facts, UNITS.replace("Huyện Một", "Huyện Bốn")), "--format", "json")
    assert code == 0
    lines = err.splitlines()
    assert any("UBND huyện Một" in line and "units.csv:1:name: " in line for line in lines)
    assert any("Huyện Bốn" in line for line in lines)
    assert any(":measured_on: " in line and "1.7" in line for line in lines)
    assert _unit(_answer(out), "12")["points"] == "10"  # what was measured too late does not count


def test_many_facts_out_of_time_are_counted(run: Any, small: Any) -> None:
    units = UNITS + "".join(f"{code},Huyện {code},district,1\n" for code in range(20, 50))
    facts = "".join(f"{code},1.7,,,3,verified,1/BC,2023-12-01,2023,,\n" for code in range(20, 50))
    err = run("evaluate", *small(facts, units), "--lang", "en")[2]
    assert "10 more such rows" in err


def test_every_fault_of_index_facts_is_told_with_file_row_and_column(run: Any, small: Any) -> None:
    options = small(
        "99,1.1,,,có,verified,x,,,,\n"
        "11,9.9,,,1,verified,x,,,,\n"
        "11,1.1,,,maybe,verified,x,,,,\n"
        "11,2,,,41,verified,x,,,,\n"
        "11,1.3:z,,,1,verified,x,,,,\n"
        "11,1.7,,,1,wrong,x,,,,\n"
        "11,1.2,,,1,verified,x,,,,round9\n"
    )
    code, out, err = run("evaluate", *options, "--cycle", 2023)
    assert (code, out) == (2, "")
    places = [line.removeprefix(options[-1] + ":").split(":")[:2] for line in err.splitlines()]
    assert places == [
        ["2", "unit"], ["3", "criterion"], ["4", "value"], ["5", "value"], ["6", "criterion"], ["7", "status"],
        ["8", "round"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["why", "632", "--framework", "chu-prong-2023", "--sample", "--level", "3"], "--level"),
        (["why", "608", "--sample", "--indicator", "I.1"], "--indicator"),
        (["why", "632", "--framework", "chu-prong-2023", "--sample", "--indicator", "II.66"], "II.6.6"),
        (["why", "64", "--framework", "chu-prong-2023", "--sample"], "64"),
        (["why", "6322", "--framework", "chu-prong-2023", "--sample"], "632 (Huyện Chư Prông)"),
        (["evaluate", "--sample", "--normalise", "z-score"], "--normalise"),
        (["evaluate", "--framework", "chu-prong-2023", "--sample", "--decisions", "x"], "--decisions"),
        (["rounds", "--framework", "kon-tum-121-2025", "--sample"], "--framework"),
        (["rounds", "62", "--framework", "ha-noi-2024", "--sample"], "62"),
        (["rounds", "01", "--framework", "ha-noi-2024", "--sample"], "Hà Nội"),
        (["tasks", "--framework", "kon-tum-121-2025", "--sample"], "--framework"),
        (["tasks", "--sample"], "--framework"),
        (["publish", "--framework", "kon-tum-121-2025", "--sample", "--out", "x"], "--framework"),
        (["decide", "632", "--framework", "chu-prong-2023", "--sample", "--out", "x"], "certify publish"),
    ],
)
def test_levels_and_points_are_not_mixed_up(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_rulebooks_of_both_kinds_are_listed_shown_checked_and_compared(run: Any, tmp_path: Path) -> None:
    kinds = {entry["id"]: entry["kind"] for entry in _answer(run("framework", "list", "--format", "json")[1])}
    assert kinds == {"kon-tum-121-2025": "recognition", **dict.fromkeys(INDEXES, "index")}
    for index in INDEXES:
        code, out, _ = run("framework", "check", index)
        assert (code, f"{index}: 0 lỗi" in out) == (0, True)
    known, draft = tmp_path / "index.yaml", tmp_path / "draft.yaml"
    known.write_text(SMALL, "utf-8")
    draft.write_text(SMALL.replace("80%", "70%"), "utf-8")
    assert "1.3" in run("framework", "diff", known, draft)[1]
    assert run("framework", "diff", known, known)[1] == "Không có gì khác nhau.\n"
    assert "index" in run("framework", "diff", known, "kon-tum-121-2025")[1]


def test_an_index_is_shown_as_promised(run: Any) -> None:
    answer = _answer(run("framework", "show", "chu-prong-2023", "--format", "json")[1])
    pillars = answer["sets"]["district"]["pillars"]
    assert (len(pillars), sum(pillar["max"] for pillar in pillars)) == (8, 1000)
    line = next(i for pillar in pillars for i in pillar["indicators"] if i["code"] == "II.6.6")
    assert {"code", "name", "max", "scoring", "inputs", "method", "proof", "lead", "support"} <= line.keys()
    assert [(entry["key"], entry["kind"]) for entry in line["inputs"]] == [
        ("a", "count"),
        ("b", "count"),
        ("c", "count"),
    ]
    assert all(entry["label"] for entry in line["inputs"])
    assert {"id", "clause", "reading", "alternative"} <= answer["interpretations"][0].keys()
    text = run("framework", "show", "chu-prong-2023")[1]
    assert "II.6.6:a [count]" in text
    for index in INDEXES:
        assert "Cách hiểu đã ghi nhận" in run("framework", "show", index)[1]


def test_a_faulty_index_scores_nothing(run: Any, small: Any, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    for broken in (SMALL.replace("stated_max: 140", "stated_max: 150"), SMALL.replace('"Tỷ lệ≥80%', '"nhiều')):
        draft.write_text(broken, "utf-8")
        code, out, err = run("evaluate", "--framework", draft, *small()[2:])
        assert (code, out) == (2, "")
        assert f"{draft}:" in err


def test_an_index_without_a_sample_says_so(run: Any, small: Any) -> None:
    code, _, err = run("evaluate", *small()[:2], "--sample")
    assert code == 2
    assert "--units" in err


def test_the_sample_of_an_index_can_be_copied_and_used_as_one_s_own(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("sample", "--framework", "ha-noi-2024", "--out", tmp_path / "mau")
    assert code == 0
    assert sorted(Path(line).name for line in out.split()) == ["evidence.csv", "units.csv"]
    own = ["--units", tmp_path / "mau" / "units.csv", "--evidence", tmp_path / "mau" / "evidence.csv"]
    shared = ["evaluate", "--framework", "ha-noi-2024", "--format", "json"]
    assert run(*shared, *own)[1] == run(*shared, "--sample")[1]


@pytest.mark.parametrize("command", ["rounds", "tasks", "publish"])
def test_the_example_of_every_help_works(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(command, "--help")
    assert code == 0
    [example] = re.findall(r"Ví dụ: certify (.*?)\n\s*\n", out, re.DOTALL)
    code, out, err = run(*shlex.split(example))
    assert code == 0, err
    assert out


@pytest.mark.parametrize("request_to_end", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", [["publish", "--sheets"], ["tasks"]])
def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path, request_to_end: signal.Signals, command: list[str]) -> None:
    given = [*command, "--framework", "chu-prong-2023", "--sample", "--out", str(tmp_path / "out")]
    code, err = stop_midway(tmp_path, request_to_end, *given)
    assert code != 0
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_the_reader_may_stop_reading() -> None:
    call = [sys.executable, "-m", "certification.cli", "evaluate", "--framework", "dak-lak-2534-2022", "--sample"]
    with subprocess.Popen(
        [*call, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read().splitlines()
    assert first == "{\n"
    assert len(told) == 1, told  # that the data are synthetic


def test_forms_of_an_index_go_out_and_come_back(run: Any, small: Any, tmp_path: Path) -> None:
    options = small()
    code, out, _ = run("form", "11", *options, "--out", tmp_path / "forms")
    assert code == 0
    target = tmp_path / "new.csv"
    shared = ["import", out.strip(), *options[:4], "--into", target]
    assert run(*shared, "--dry-run")[0] == 0
    assert not target.exists()
    assert run(*shared)[0] == 0
    assert "11,1.3:b,,,40" in target.read_text("utf-8-sig")
    before = target.read_bytes()
    assert run(*shared)[0] == 0  # the same again changes nothing
    assert target.read_bytes() == before
    blank = ["form", "11", *options[:4], "--cycle", 2024, "--empty", "--out", tmp_path / "blank"]
    assert run(*blank)[0] == 0  # a blank form needs no facts


def test_doubts_about_points_decide_nothing(run: Any) -> None:
    code, out, _ = run("doubts", "--framework", "chu-prong-2023", "--sample", "--format", "json")
    assert code == 0
    assert {"units", "criterion", "kind", "text"} == _answer(out)[0].keys()
