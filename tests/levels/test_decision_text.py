"""The rulebook says word for word what the decision says, in its order, and leaves nothing out."""

import datetime
import re
import unicodedata
from collections.abc import Iterator

import attrs
import pytest

from levels.framework import LEVELS, Count, CriteriaSet, Members, Tier
from tests.levels.files import FOLDER, kon_tum

TEXT = (FOLDER / "decision.txt").read_text("utf-8")
DECISION = " ".join(TEXT.split())
HEADER = "Mức độ Phương pháp tính/ nguồn thu thập số liệu Căn cứ 1.Khởi động 2.Kết nối 3.Cơ bản 4.Nâng cao 5.Toàn diện"
# Where several legal bases are printed, each has a line that begins with a dash.
UNDASHED = " ".join(re.sub("(?m)^- ", "", TEXT).split())
ANNEXES = {
    Tier.COMMUNE: UNDASHED[UNDASHED.index("PHỤ LỤC 01") : UNDASHED.index("PHỤ LỤC 02")],
    Tier.DISTRICT: UNDASHED[UNDASHED.index("PHỤ LỤC 02") :],
}


def printed(criteria_set: CriteriaSet) -> Iterator[str]:
    """The table as the decision prints it, made from the rulebook alone."""
    for group in criteria_set.groups:
        yield f"{group.code} {group.name}"
        for criterion in criteria_set.criteria:
            if criterion.group == group.code:
                yield criterion.code.partition(".")[2]
                yield from (criterion.name, criterion.measure, *criterion.cells)
                yield criterion.method
                yield from criterion.basis


@pytest.mark.parametrize("tier", [Tier.COMMUNE, Tier.DISTRICT])
def test_the_table_is_the_decisions_annex_with_nothing_left_over(tier: Tier) -> None:
    annex = ANNEXES[tier]
    table = annex[annex.index(HEADER) + len(HEADER) :].strip()
    assert " ".join(filter(None, printed(kon_tum().sets[tier]))) == table


def test_the_decision_is_in_nfc() -> None:
    assert unicodedata.is_normalized("NFC", TEXT)


@pytest.mark.parametrize("tier", [Tier.COMMUNE, Tier.DISTRICT])
def test_the_annex_has_its_title(tier: Tier) -> None:
    criteria_set = kon_tum().sets[tier]
    assert ANNEXES[tier].startswith(f"{criteria_set.annex.upper()} {criteria_set.title} (Kèm theo")


def test_the_counts_are_those_of_section_ii_1() -> None:
    commune, district = kon_tum().sets[Tier.COMMUNE], kon_tum().sets[Tier.DISTRICT]
    assert f"Gồm 03 nhóm tiêu chí với {commune.stated_count} tiêu chí thành phần" in DECISION
    assert f"Gồm 04 nhóm tiêu chí với {district.stated_count} tiêu chí thành phần" in DECISION
    stated = [int(number) for number in re.findall(r"\+ Nhóm [^:]+: ([0-9]{2}) tiêu chí\.", DECISION)]
    assert [group.stated_count for group in (*commune.groups, *district.groups)] == stated == [24, 5, 9, 1, 22, 6, 4]
    assert (len(commune.criteria), len(district.criteria)) == (38, 33)


def test_the_levels_are_those_of_section_ii_2() -> None:
    for level in kon_tum().levels:
        assert f"+ Mức độ {level.number} - {level.name}: {level.description}" in DECISION


def test_the_instrument_is_cited_in_its_own_words() -> None:
    instrument = kon_tum().instrument
    assert f"Số: {instrument.number} " in DECISION
    assert f"“{instrument.title}”" in DECISION
    assert f"thay thế {instrument.replaces}. Điều 3" in DECISION
    assert " ".join(instrument.basis) in DECISION
    assert instrument.citation.startswith(f"Quyết định số {instrument.number} ngày 10 tháng 3 năm 2025 của")
    assert instrument.citation.endswith(instrument.title)
    assert instrument.short_citation == "Quyết định số 121/QĐ-UBND"
    assert attrs.evolve(instrument, citation="Quyết định này").short_citation == "121/QĐ-UBND"
    # Điều 2: in force from the day of signing.
    assert instrument.signed_on == instrument.in_force == datetime.date(2025, 3, 10)


@pytest.mark.parametrize(
    ("step", "printed", "last_day"),
    [
        ("registration", "trước ngày 20 tháng 01 hằng năm", datetime.date(2025, 1, 19)),
        ("self_assessment", "trước ngày 30 tháng 11 hằng năm", datetime.date(2025, 11, 29)),
        ("appraisal", "trước ngày 15 tháng 12 hằng năm", datetime.date(2025, 12, 14)),
        ("recognition", "trước ngày 20 tháng 12 hằng năm", datetime.date(2025, 12, 19)),
        ("summary", "trước ngày 25 tháng 12 hằng năm", datetime.date(2025, 12, 24)),
    ],
)
def test_before_a_day_means_the_day_before_it_at_the_latest(step: str, printed: str, last_day: datetime.date) -> None:
    deadline = next(deadline for deadline in kon_tum().deadlines if deadline.step == step)
    assert printed in DECISION
    assert deadline.last_day(2025) == last_day


def test_a_late_dossier_may_be_refused_in_the_decisions_words() -> None:
    late = [deadline.late for deadline in kon_tum().deadlines if deadline.late]
    assert len(late) == 1
    for office in ("Phòng Văn hóa, Khoa học và Thông tin", "Sở Khoa học và Công nghệ"):
        assert f"Sau thời gian quy định, {office} có quyền từ chối nhận hồ sơ thẩm định" in DECISION
        assert office in late[0]


def test_an_act_names_the_offices_and_recipients_that_the_decision_names() -> None:
    district, province = kon_tum().act_of(Tier.DISTRICT), kon_tum().act_of(Tier.PROVINCE)
    assert district is not None
    assert province is not None
    for act, committee in ((district, "cấp huyện"), (province, "tỉnh")):
        office = act.proposed_by.replace("Trưởng phòng", "Phòng").removeprefix("Giám đốc ")
        assert re.search(
            f"{office} chủ trì tổng hợp và trình Ủy ban nhân dân {committee} phê duyệt, công nhận", DECISION
        )
        assert act.proposed_by in act.responsible
    assert f"Nơi nhận: - Như Điều 3; - {'; - '.join(province.recipients)}; " in DECISION
    assert f"- Lưu: {province.archive}" in DECISION


def test_only_the_two_inspections_count_for_two_years_and_only_the_two_products_can_be_exempt() -> None:
    criteria = [(f"{tier}/{c.code}", c) for tier, s in kon_tum().sets.items() for c in s.criteria]
    assert [place for place, c in criteria if c.valid_cycles == 2] == ["commune/I.11", "district/II.11"]
    assert [place for place, c in criteria if c.valid_cycles not in {1, 2}] == []
    assert [place for place, c in criteria if c.exemption] == ["commune/II.3", "district/III.5"]
    assert all("(nếu có)" in c.name for _, c in criteria if c.exemption)


def test_district_i_1_is_derived_from_communes_and_has_neither_method_nor_basis() -> None:
    derived = [c for s in kon_tum().sets.values() for c in s.criteria if c.kind == "members"]
    assert [c.code for c in derived] == ["I.1"]
    assert (derived[0].method, derived[0].basis) == ("", ())
    requirements = [r for r in derived[0].requirements if isinstance(r, Members)]
    assert [(r.every, r.at) for r in requirements] == [(1, None), (1, 2), (2, 3), (3, 4), (4, 5)]


def test_only_commune_ii_4_needs_a_total_beside_its_count() -> None:
    needing = [(s.tier, c.code) for s in kon_tum().sets.values() for c in s.criteria if c.needs_total]
    assert needing == [(Tier.COMMUNE, "II.4")]
    assert kon_tum().sets[Tier.COMMUNE].by_code["II.4"].requirements[-1] == Count(3, or_all=True)


def test_every_criterion_has_a_requirement_per_level() -> None:
    for criteria_set in kon_tum().sets.values():
        for criterion in criteria_set.criteria:
            assert len(criterion.cells) == len(criterion.requirements) == len(LEVELS)


def test_every_interpretation_offers_a_real_alternative() -> None:
    for interpretation in kon_tum().interpretations:
        assert interpretation.reading != interpretation.alternative


def test_a_report_cites_the_place_in_the_decision() -> None:
    assert kon_tum().clause(Tier.COMMUNE, "I.2", 4) == "Phụ lục 01, tiêu chí I.2, mức 4 (121/QĐ-UBND)"
    assert kon_tum().clause(Tier.DISTRICT, "III.5") == "Phụ lục 02, tiêu chí III.5 (121/QĐ-UBND)"
