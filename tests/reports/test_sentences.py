"""Reasons as sentences that a chairman can read aloud."""

import unicodedata
from collections.abc import Mapping

import pytest
from attrs import evolve

from evidence.facts import Amount, Document, Fact, Status
from evidence.units import Unit
from levels.faults import Language
from levels.framework import Tier
from reports.documents import explain_html, explain_text
from reports.sentences import (
    counted,
    document_text,
    member_source,
    members_named,
    missing_text,
    reason_sentence,
    short_reason,
)
from rules.explain import explain
from rules.verdict import Explanation, Reason, Recognition, Standing, Verdict
from tests.reports import factory
from tests.reports.looking import compare_golden, html_tags, html_text


@pytest.fixture(scope="module")
def commune() -> Verdict:
    return factory.every_kind(factory.commune())


def sentence(verdict: Verdict, code: str, level: int, language: Language = "vi") -> str:
    [reason] = [r for r in explain(verdict, level, {}).blockers if (r.criterion.code, r.at_level) == (code, level)]
    return reason_sentence(reason, verdict, language)


def test_a_known_shortfall_names_the_requirement_the_value_what_is_missing_and_the_clause(commune: Verdict) -> None:
    assert sentence(commune, "I.2", 4) == (
        "Tiêu chí I.2 – Tỷ lệ hồ sơ thủ tục hành chính được thực hiện trực tuyến toàn trình: mức 4 yêu cầu 80%; "
        "thực tế 74/104 (71,15%), còn thiếu 10 hồ sơ. Căn cứ: Phụ lục 01, tiêu chí I.2, mức 4 (121/QĐ-UBND)."
    )
    assert sentence(commune, "I.2", 4, "en") == (
        "Criterion I.2 (Tỷ lệ hồ sơ thủ tục hành chính được thực hiện trực tuyến toàn trình): level 4 requires 80%; "
        "actual 74/104 (71.15%), 10 more dossiers needed. "
        "Legal basis: Phụ lục 01, tiêu chí I.2, mức 4 (121/QĐ-UBND)."
    )


@pytest.mark.parametrize(
    ("code", "level", "vi", "en"),
    [
        (
            "III.1",
            3,
            "thực tế 6996/10000 (69,96%), còn thiếu 4 người.",
            "actual 6996/10000 (69.96%), 4 more people needed.",
        ),
        ("I.10", 3, "chưa có số liệu.", "no fact has been reported."),
        (
            "I.3",
            1,
            "đơn vị tự báo cáo 95/100 (95%), đủ cho mức này nhưng Hội đồng thẩm định chưa chấp nhận.",
            "self-reported as 95/100 (95%), which would suffice but is not yet accepted by the appraisal council.",
        ),
        (
            "I.6",
            4,
            "đơn vị mới tự báo cáo 6/9 (66,66%), còn thiếu 3 cán bộ, công chức, Hội đồng thẩm định chưa chấp nhận.",
            "only self-reported as 6/9 (66.66%), 3 more officials needed, not yet accepted by the appraisal council.",
        ),
        (
            "I.8",
            1,
            "không chấp nhận số liệu 20/20 (100%) vì: không có biên bản bàn giao máy tính, tính là chưa đạt.",
            "rejected 20/20 (100%) because: không có biên bản bàn giao máy tính, so it counts as unmet.",
        ),
        (
            "I.11",
            2,
            "thực hiện ngày 09 tháng 5 năm 2023 đã hết hạn, không được tính cho năm 2025 (chỉ được tính cho 02 năm).",
            "made on 2023-05-09 has expired and does not count in 2025 (it counts for 2 years).",
        ),
        ("III.7", 2, "mẫu số bằng 0 (0/0) nên chưa xác định được", "the base is zero (0/0), so it is undetermined"),
        ("I.18", 3, "mức 3 yêu cầu “Có ứng dụng hệ thống”; thực tế không có.", "actual not there."),
        (
            "I.7",
            5,
            "thực tế 1 (Hội đồng thẩm định điều chỉnh từ số báo cáo 2), còn thiếu 1 nhân sự.",
            "actual 1 (adjusted by the appraisal council from the reported 2), 1 more needed.",
        ),
    ],
)
def test_every_kind_of_not_knowing_has_a_sentence_of_its_own(
    commune: Verdict, code: str, level: int, vi: str, en: str
) -> None:
    assert vi in sentence(commune, code, level)
    assert en in sentence(commune, code, level, "en")


def test_a_fact_of_another_year_says_of_which(commune: Verdict) -> None:
    unit = commune.unit
    facts = factory.dossier(unit, 3) | {"I.1": Fact(unit.code, "I.1", Status.VERIFIED, Amount(9, 9), cycle=2024)}
    assert "số liệu của năm 2024 không được tính cho năm 2025" in sentence(factory.verdict(unit, facts), "I.1", 1)
    assert "the fact of 2024 does not count in 2025" in sentence(factory.verdict(unit, facts), "I.1", 1, "en")


def test_the_council_may_reject_without_a_value_or_a_note(commune: Verdict) -> None:
    unit = commune.unit
    facts = factory.dossier(unit, 3) | {"I.1": Fact(unit.code, "I.1", Status.REJECTED, cycle=2025)}
    said = sentence(factory.verdict(unit, facts), "I.1", 1)
    assert "Hội đồng thẩm định không chấp nhận số liệu chưa rõ, tính là chưa đạt" in said


def test_an_exempted_criterion_never_blocks_and_says_why(commune: Verdict) -> None:
    exempt = next(found for found in commune.criteria if found.code == "II.3")
    reason = Reason(commune.unit, exempt.criterion, 2, "Có sản phẩm", None, None, "…", exempt.status, exempt.standing)
    assert "được Hội đồng thẩm định miễn, lý do: địa phương không có sản phẩm OCOP" in short_reason(
        reason, commune, "vi"
    )
    assert "II.3" not in {blocker.criterion.code for blocker in explain(commune, 5, {}).blockers}


def test_what_is_counted_is_read_from_the_method_before_the_name() -> None:
    communes, districts = (factory.framework().sets[tier].by_code for tier in (Tier.COMMUNE, Tier.DISTRICT))
    # I.8 is named after officials, but its method counts computers.
    assert counted(communes["I.8"], "vi", 2) == "máy tính"
    assert counted(communes["I.8"], "en", 2) == "computers"
    assert counted(communes["I.7"], "vi", 2) == "nhân sự"
    assert counted(communes["I.12"], "vi", 2) == ""
    assert counted(districts["I.1"], "en", 2) == "communes"


def test_every_ratio_of_the_rulebook_says_what_it_counts() -> None:
    for criteria_set in factory.framework().sets.values():
        for criterion in criteria_set.criteria:
            if criterion.kind != "presence":
                assert counted(criterion, "vi", 2), criterion.code


def test_an_unknown_wording_leaves_the_number_alone() -> None:
    strange = evolve(factory.framework().sets[Tier.COMMUNE].by_code["I.2"], name="Tỷ lệ gì đó", method="Thực tế")
    assert missing_text(strange, 10, "vi") == "còn thiếu 10"
    assert missing_text(strange, 10, "en") == "10 more needed"
    assert missing_text(strange, 0, "vi") == missing_text(strange, None, "vi") == ""


@pytest.fixture(scope="module")
def district() -> Verdict:
    return factory.district_verdict()


@pytest.fixture(scope="module")
def communes(district: Verdict) -> Mapping[str, Verdict]:
    return {
        member.unit.code: factory.verdict(member.unit, factory.dossier(member.unit, member.levels.level))
        for member in district.members
    }


def test_a_district_names_the_communes_that_hold_it_back_and_by_what(
    district: Verdict, communes: Mapping[str, Verdict]
) -> None:
    text = explain_text(explain(district, 3, communes), "vi")
    assert "3/4 đơn vị đạt từ mức 2 trở lên; 3/4 đơn vị đạt từ mức 3 trở lên" in text
    assert "còn thiếu 1 xã, phường, thị trấn; còn phải nâng mức: xã Đăk Pxi (mức 1)" in text
    assert "Xã Đăk Pxi chưa đạt mức 2 (Kết nối) năm 2025: còn 17 yêu cầu chưa được đáp ứng." in text
    assert "\n      2. Tiêu chí I.2" in text  # indented beneath its commune
    english = explain_text(explain(district, 3, communes), "en")
    assert "3/4 units are at level 3 or above; 1 more commune needed; still to rise: xã Đăk Pxi (level 1)" in english


def test_where_some_of_the_communes_would_do_it_says_how_many_must_rise() -> None:
    halfway = factory.district_verdict((2, 2, 2, 3, 2, 0))
    [*_, reason] = [each for each in explain(halfway, 3, {}).blockers if each.standing is Standing.DERIVED]
    assert (reason.missing, len(reason.holding_back)) == (2, 5)
    said = short_reason(reason, halfway, "vi")
    assert "còn thiếu 2 xã, phường, thị trấn; cần nâng mức ít nhất 2 trong số: thị trấn Đắk Hà (mức 2), " in said
    assert "xã Hà Mòn (chưa đạt mức nào)" in said
    english = short_reason(reason, halfway, "en")
    assert "2 more communes needed; at least 2 of these must rise: thị trấn Đắk Hà (level 2), " in english
    assert "xã Hà Mòn (no level reached)" in english


def test_a_district_without_communes_is_undetermined_and_not_passed() -> None:
    alone = factory.verdict(factory.DISTRICT, factory.dossier(factory.DISTRICT, 5))
    assert alone.levels.level == 0
    said = sentence(alone, "I.1", 1)
    assert "không có đơn vị trực thuộc nào để xét nên chưa xác định được, Hội đồng thẩm định phải quyết định" in said


def test_it_says_which_level_of_a_member_was_used(district: Verdict) -> None:
    member = district.members[0]
    assert member_source(member, "vi") == "Quyết định số 12/QĐ-UBND ngày 18 tháng 12 năm 2025"
    assert member_source(member, "en") == "decision 12/QĐ-UBND of 2025-12-18"
    draft = evolve(member, recognition=Recognition(member.unit.code, member.levels, "sha256:01", True))
    assert member_source(draft, "vi") == "tính toán (mới có dự thảo)"
    assert member_source(draft, "en") == "computed (there is a draft)"
    assert member_source(evolve(member, recognition=None), "vi") == "tính toán, chưa có quyết định công nhận"


def test_members_are_named_in_vietnamese_order(district: Verdict) -> None:
    codes = tuple(member.unit.code for member in district.members)
    assert members_named(district, (*codes, "99999"), "vi") == (
        "thị trấn Đắk Hà (mức 4), xã Đắk Hring (mức 3), xã Đăk Pxi (mức 1), xã Ngọk Réo (mức 3) và 99999"
    )


def test_a_derived_reason_can_be_said_without_its_members(district: Verdict) -> None:
    [reason] = [blocker for blocker in explain(district, 3, {}).blockers if blocker.standing is Standing.DERIVED]
    bare = evolve(reason, at_level=1, missing=None, holding_back=(), criterion=evolve(
        reason.criterion, requirements=factory.framework().sets[Tier.COMMUNE].by_code["I.1"].requirements
    ))  # fmt: skip
    assert "chưa đạt (mức 1 yêu cầu" in short_reason(bare, district, "vi")


def test_a_level_reached_is_told_as_the_chain_of_facts_and_documents() -> None:
    unit = factory.commune()
    facts = factory.dossier(unit, 3)
    facts["II.3"] = factory.fact(unit, "II.3", Status.EXEMPT)
    facts["I.7"] = factory.fact(unit, "I.7", Status.ADJUSTED, 1, reported=Amount(3))
    facts["I.6"] = factory.fact(unit, "I.6", Status.ADJUSTED, 80, 100)
    reached = explain(factory.verdict(unit, facts), 3, {})
    compare_golden("dat-muc-3.txt", explain_text(reached, "vi"))
    english = explain_text(reached, "en")
    assert "Xã Đắk Hring meets every requirement of level 3 (Cơ bản) in 2025." in english
    assert "exempted by the appraisal council." in english
    assert "Nothing is demanded at this level by I.5, I.22, I.23, I.24." in english


def test_a_level_reached_by_a_district_shows_where_its_members_levels_come_from(district: Verdict) -> None:
    text = explain_text(explain(district, 1, {}), "vi")
    assert "4/4 đơn vị đạt từ mức 1 trở lên." in text
    assert "- Thị trấn Đắk Hà: 4 (Nâng cao) – Quyết định số 12/QĐ-UBND ngày 18 tháng 12 năm 2025" in text


def test_the_whole_answer_reads_as_agreed(commune: Verdict) -> None:
    compare_golden("chua-dat-muc-2.txt", explain_text(explain(commune, 2, {}), "vi"))
    compare_golden("not-level-2.txt", explain_text(explain(commune, 2, {}), "en"))


def test_documents_are_cited_with_the_beginning_of_their_hash() -> None:
    assert document_text(Document("12/BC-UBND")) == "12/BC-UBND"
    assert document_text(Document("a.pdf", "ab" * 32)) == "a.pdf (SHA-256 abababababab…)"


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


def test_the_page_says_what_the_text_says_and_loads_nothing(
    district: Verdict, communes: Mapping[str, Verdict], language: Language
) -> None:
    explanation = explain(district, 3, communes)
    page = explain_html(explanation, language)
    shown = html_text(page)
    for line in explain_text(explanation, language).splitlines()[1:]:
        words = line.strip().removeprefix("- ")
        words = words.partition(". ")[2] or words
        assert words.rstrip(":") in shown
    assert f'<html lang="{language}">' in page
    assert not [tag for tag, names in html_tags(page) if {"src", "href"} & names.keys() or tag in ("script", "link")]
    assert unicodedata.is_normalized("NFC", page)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{7*7}}", "{% raise %}", "&lt;b&gt;", "=HYPERLINK(1)"])
def test_hostile_names_are_shown_as_they_are(name: str) -> None:
    unit = Unit("23503", name, Tier.COMMUNE, "615")
    explanation: Explanation = explain(factory.verdict(unit, factory.dossier(unit, 2)), 3, {})
    assert name in explain_text(explanation, "vi")
    page = explain_html(explanation, "vi")
    assert name in html_text(page)
    assert "<script>" not in page


def test_made_up_facts_are_called_so(commune: Verdict) -> None:
    unit = factory.commune()
    sample = factory.verdict(unit, factory.dossier(unit, 2, source="Dữ liệu mô phỏng (synthetic): Cổng"))
    assert "DỮ LIỆU MÔ PHỎNG" in explain_text(explain(sample, 3, {}), "vi").splitlines()[0]
    assert "SYNTHETIC DATA" in html_text(explain_html(explain(sample, 3, {}), "en"))
    assert "SYNTHETIC" not in explain_text(explain(commune, 3, {}), "en")


def test_an_answer_on_open_facts_is_provisional(commune: Verdict) -> None:
    assert "TẠM TÍNH" in explain_text(explain(commune, 2, {}), "vi")
    unit = factory.commune()
    settled = factory.verdict(unit, factory.dossier(unit, 3))
    assert "TẠM TÍNH" not in explain_text(explain(settled, 4, {}), "vi")
