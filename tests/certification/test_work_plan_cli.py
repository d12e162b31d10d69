"""``certify plan --out``: the papers appear all together or not at all, and only where there is work to plan."""

import json
from pathlib import Path
from typing import Any

import pytest

from reports.documents import unavailable
from tests.certification.test_plan_cli import commune
from tests.reports.looking import docx_text

__all__ = ["commune"]
KINDS = {"docx", "html", "pdf", "xlsx"} - set(unavailable())


@pytest.fixture
def options(commune: Any) -> list[str]:
    """A commune that lacks ten dossiers online, with costs."""
    return list(commune("23500,I.2,74,104,,verified,12/BC"))


def test_a_plan_is_written_and_its_files_are_listed_last(run: Any, options: list[str], tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    code, told, _ = run("plan", "23500", "--level", 4, *options, "--out", out)
    assert code == 0
    stem = "ke-hoach-23500-2025"
    files = {f"{stem}.{kind}" for kind in KINDS} | {f"{stem}-tien-do-2025.svg"}
    assert {path.name for path in out.iterdir()} == files
    assert set(told.splitlines()[-len(files) :]) == {str(out / name) for name in files}
    assert told.startswith("Thị trấn Đắk Hà (23500)")
    text = docx_text((out / f"{stem}.docx").read_bytes())
    assert "Nâng mức độ chuyển đổi số của thị trấn Đắk Hà lên mức 4 (Nâng cao) năm 2025" in text
    assert "ỦY BAN NHÂN DÂN / HUYỆN ĐẮK HÀ / ỦY BAN NHÂN DÂN / THỊ TRẤN ĐẮK HÀ" in text
    assert "Bưu điện tỉnh" in text


def test_json_stays_json_and_the_files_are_listed_beside_it(run: Any, options: list[str], tmp_path: Path) -> None:
    code, told, complaints = run("plan", "23500", *options, "--level", 4, "--out", tmp_path / "o", "--format", "json")
    assert code == 0
    assert json.loads(told)["feasible"]
    assert str(tmp_path / "o" / "ke-hoach-23500-2025.docx") in complaints


def test_number_date_and_signer_are_those_of_the_paper(run: Any, options: list[str], tmp_path: Path) -> None:
    signing = ["--number", "15/KH-UBND", "--date", "03/02/2025", "--signer", "Nguyễn Văn An"]
    code, _, _ = run("plan", "23500", "--level", 4, *options, "--out", tmp_path / "o", *signing)
    assert code == 0
    text = docx_text((tmp_path / "o" / "ke-hoach-23500-2025.docx").read_bytes())
    assert "Số: 15/KH-UBND" in text
    assert "ngày 03 tháng 02 năm 2025" in text
    assert "Nguyễn Văn An" in text
    assert "DỰ THẢO" not in text


def test_nothing_is_overwritten_or_printed_unless_it_may_be(run: Any, options: list[str], tmp_path: Path) -> None:
    there = tmp_path / "o" / "ke-hoach-23500-2025.xlsx"
    there.parent.mkdir()
    there.write_text("mine")
    code, told, complaints = run("plan", "23500", "--level", 4, *options, "--out", there.parent)
    assert (code, told) == (2, "")
    assert f"{there}:1:1: tệp đã có" in complaints
    assert [path.name for path in there.parent.iterdir()] == [there.name]
    assert there.read_text() == "mine"
    code, _, _ = run("plan", "23500", "--level", 4, *options, "--out", there.parent, "--replace")
    assert code == 0
    assert there.read_bytes()[:2] == b"PK"


def test_where_there_is_nothing_to_do_no_paper_is_made(run: Any, options: list[str], tmp_path: Path) -> None:
    code, told, complaints = run("plan", "23500", "--level", 3, *options, "--out", tmp_path / "o")
    assert code == 0
    assert "không cần làm gì thêm" in told
    assert "Không có việc nào để lập kế hoạch nên không soạn văn bản." in complaints
    assert not (tmp_path / "o").exists()


def test_where_there_is_no_way_no_paper_is_made(run: Any, commune: Any, tmp_path: Path) -> None:
    options = commune("23500,I.2,0,0,,verified,12/BC")
    code, told, complaints = run("plan", "23500", "--level", 4, *options, "--out", tmp_path / "o")
    assert code == 1
    assert "không thể đạt mức 4" in told
    assert "Không có kế hoạch nào khả thi nên không soạn văn bản." in complaints
    assert "Không có việc nào" not in complaints
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--number", "15/KH-UBND"], "--number: chỉ đi cùng --out."),
        (["--date", "2025-02-03", "--signer", "A"], "--date, --signer: chỉ đi cùng --out."),
        (["--out", "OUT", "--date", "2019-01-01"], "kế hoạch năm 2025 được ký từ năm 2024 đến năm 2025."),
        (["--out", "OUT", "--number", "mười lăm"], "cần dạng 12/KH-UBND"),
        *(
            (["--out", "OUT", "--signer", name], "cần chữ trên một dòng")
            for name in (" ", "A\nB", "A\u202eB", "A" * 101)
        ),
    ],
)
def test_what_does_not_fit_is_refused(run: Any, options: list[str], tmp_path: Path, more: list[str], said: str) -> None:
    arguments = [text.replace("OUT", str(tmp_path / "o")) for text in more]
    code, told, complaints = run("plan", "23500", "--level", 4, *options, *arguments)
    assert (code, told) == (2, "")
    assert said in " ".join(complaints.split())
    assert not (tmp_path / "o").exists()


def test_a_plan_signed_after_the_last_day_is_warned_of(run: Any, options: list[str], tmp_path: Path) -> None:
    code, _, complaints = run("plan", "23500", "--level", 4, *options, "--out", tmp_path / "o", "--date", "03/12/2025")
    assert code == 0
    assert "ngày ký 03/12/2025 sau ngày cuối cùng còn được tính, 29/11/2025" in complaints


def test_a_plan_signed_before_the_decision_it_rests_on_is_warned_of(
    run: Any, options: list[str], tmp_path: Path
) -> None:
    for date, warned in (("09/03/2025", True), ("10/03/2025", False)):
        words = ("--out", tmp_path / "o", "--date", date, "--replace")
        code, _, complaints = run("plan", "23500", "--level", 4, *options, *words)
        said = "ngày ký 09/03/2025 trước ngày 10/03/2025 của quyết định mà kế hoạch căn cứ"
        assert (code, said in complaints) == (0, warned)


def test_a_commune_is_planned_although_its_district_has_other_communes(run: Any, tmp_path: Path) -> None:
    code, told, _ = run("plan", "23344", "--level", 2, "--sample", "--out", tmp_path / "o")
    assert code == 0
    assert "DỮ LIỆU MÔ PHỎNG" in told
    assert "DỮ LIỆU MÔ PHỎNG" in (tmp_path / "o" / "ke-hoach-23344-2025.html").read_text("utf-8")
