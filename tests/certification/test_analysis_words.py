"""The words of what-if and impact where a text has criteria more or less, facts are of no use, ranks move alone."""

from typing import Any

import pytest
from attrs import evolve

from certification.impact import assess_impact, rate_impact
from certification.rating import Rating
from certification.what_if import what_if, what_if_ranked
from evidence.dossiers import Evidence
from evidence.facts import Amount, Fact, Status
from evidence.scenarios import Assumption, Scenario, stack
from evidence.units import Unit, Units
from levels.faults import Language
from levels.framework import Criterion, Presence, Tier
from levels.index import Bonus, UnitList
from reports.analysis import Page, section_text, workbook
from reports.documents import render
from reports.impact import view_impact
from reports.impact_points import MOST, view_ranked_impact
from reports.what_if import view_what_if
from reports.what_if_points import view_what_if_ranked
from rules.verdict import Levels, Recognition
from tests.certification.test_hierarchy import decided, province
from tests.certification.test_impact import changed_criterion
from tests.rules.dossiers import CYCLE, kon_tum
from tests.rules.indexes import index, indicator, pillar


def said(page: Page) -> str:
    """Everything that the page says, in sentences and tables; and that it can be printed and saved."""
    assert workbook(page).startswith(b"PK")
    assert b"</html>" in render(page, "analysis", ("html",))["html"]
    tables = [section.table for section in page.sections if section.table] + [made for _, made in page.sheets]
    cells = [line.text for made in tables for row in made.rows for cell in row.cells for line in cell]
    return "\n".join((*page.notes, *map(section_text, page.sections), *cells))


def drawn(page: Page) -> list[str]:
    return [label.text for section in page.sections for drawing in section.drawings for label in drawing.labels]


def one(unit: str, criterion: str, status: Status, amount: Amount | None = None) -> Scenario:
    return stack("Thử", [Assumption(unit, criterion, status, amount)])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ("Quyết định số 12/QĐ-UBND đã công nhận mức 3", "cấp trên vẫn đọc mức đó")),
        ("en", ("decision 12/QĐ-UBND has recognised level 3", "still reads that level")),
    ],
)
def test_a_decision_that_keeps_the_level_is_cited(language: Language, words: tuple[str, ...]) -> None:
    recognition = Recognition("23000", Levels(3, 3, 3), "sha256:x", provisional=False, number="12/QĐ-UBND")
    assessment = evolve(province([3, 4]), recognitions={"23000": recognition})
    answer = what_if(assessment, decided(assessment), one("23000", "I.4", Status.REJECTED))
    text = said(view_what_if(answer, language))
    assert all(word in text for word in words)


def test_an_exemption_and_a_scenario_that_changes_nothing_are_said() -> None:
    assessment = province([3])
    text = said(view_what_if(what_if(assessment, decided(assessment), one("23000", "II.3", Status.EXEMPT)), "vi"))
    assert "được miễn" in text
    known = assessment.facts["23000"]["I.2"].amount
    same = what_if(assessment, decided(assessment), one("23000", "I.2", Status.VERIFIED, known))
    assert "Không có gì thay đổi." in said(view_what_if(same, "vi"))


NEW = Criterion("III.10", "Có phòng họp số", "Có/Không", ("Có",) * 5, (Presence(),) * 5, "m", (), "presence")


def test_new_and_removed_criteria_and_useless_facts_are_said_and_drawn() -> None:
    presence = kon_tum().sets[Tier.COMMUNE].by_code["I.4"]
    draft = changed_criterion("I.2", kind="presence", requirements=presence.requirements, cells=presence.cells)
    whole = draft.sets[Tier.COMMUNE]
    criteria = (*(each for each in whole.criteria if each.code != "I.3"), NEW)
    draft = evolve(draft, sets={**draft.sets, Tier.COMMUNE: evolve(whole, criteria=criteria)}, digest="sha256:other")
    page = view_impact(assess_impact(province([3, 4]), draft), "vi")
    text = said(page)
    assert "III.10: chưa có số liệu; không có tiêu chí này → chưa đạt mức nào" in text
    assert "cách đo khác: tỷ lệ → có/không (2 đơn vị)" in text
    assert "tiêu chí III.10: thêm «Có phòng họp số»" in text
    assert "I.3 ● – " in text
    assert "×" in text  # in the workbook: the text does not have it
    labels = drawn(page)
    assert {"n", "x", "III.10 ●", "I.3 ●", "3 → 0", "4 → 0"} <= set(labels)
    english = said(view_impact(assess_impact(province([3, 4]), draft), "en"))
    assert "measured otherwise: ratio → presence (2 units)" in english


def test_another_way_of_recognising_is_said_although_no_level_moves() -> None:
    assessment = province([4, 4])
    units = {code: evolve(unit, registered=2) if code == "23000" else unit for code, unit in assessment.units.items()}
    draft = evolve(kon_tum(), recognise="at_most_registered", version="2.0", digest="sha256:capped")
    found = assess_impact(evolve(assessment, units=Units(units)), draft)
    assert "mức được công nhận khác đi dù mức tính ra giữ nguyên ở Xã 0." in said(view_impact(found, "vi"))
    assert "Không đơn vị nào thay đổi." in said(view_impact(found, "vi"))


def test_only_names_and_words_that_change_are_counted_not_listed() -> None:
    found = assess_impact(province([4]), changed_criterion("I.2", method="Cách khác"))
    text = said(view_impact(found, "vi"))
    assert "Không có thay đổi nào ảnh hưởng đến kết quả." in text
    assert "Ngoài ra 1 thay đổi về tên gọi, câu chữ, cách hiểu" in text


# Points and ranks.

UNITS = Units({code: Unit(code, name, Tier.DISTRICT) for code, name in (("001", "Quận Một"), ("002", "Quận Hai"))})
LISTED = UnitList("l", "Danh sách", "Phụ lục", Tier.DISTRICT, ("Quận Hai",))


def rating(of: Any, scores: dict[str, dict[str, int]]) -> Rating:
    facts = {
        unit: {code: Fact(unit, code, Status.VERIFIED, Amount(points, 1), note="vì") for code, points in known.items()}
        for unit, known in scores.items()
    }
    return Rating(of, UNITS, Evidence(facts, CYCLE, {}, ()))


def test_bonus_points_and_indicators_that_are_not_for_the_unit_are_said() -> None:
    owner = index(
        pillar("1", indicator("1.1")),
        pillar("2", indicator("2.1"), applies_to="l"),
        lists=(LISTED,),
        bonus=Bonus("KK", "Điểm khuyến khích", "mục 6", 20),
    )
    own = rating(owner, {"001": {"1.1": 5}, "002": {"1.1": 6, "2.1": 3}})
    bonus = said(view_what_if_ranked(what_if_ranked(own, one("001", "KK", Status.VERIFIED, Amount(3, 1))), "vi"))
    assert "Điểm khuyến khích: 0 → 3." in bonus
    strange = what_if_ranked(own, one("001", "2.1", Status.VERIFIED, Amount(3, 1)))
    text = said(view_what_if_ranked(strange, "vi"))
    assert "không thuộc diện đánh giá" in text
    assert "Không có gì thay đổi." in text


def test_many_indicators_are_named_up_to_a_few_and_a_rank_that_others_moved_is_explained() -> None:
    codes = [f"1.{number}" for number in range(1, MOST + 3)]
    old, new = index(*(indicator(code) for code in codes)), index(*(indicator(code, 20) for code in codes))
    own = rating(old, {"001": dict.fromkeys(codes, 10), "002": dict.fromkeys(codes, 10)})
    text = said(view_ranked_impact(rate_impact(own, new), "vi"))
    assert "và 2 chỉ số khác" in text
    dropped = index(indicator("1.1", 5), indicator("1.2"), indicator("1.9"))
    kept = index(indicator("1.1"), indicator("1.2"), indicator("1.3"))
    own = rating(kept, {"001": {"1.1": 8, "1.3": 2}, "002": {"1.2": 9, "1.3": 9}})
    found = rate_impact(own, dropped)
    page = view_ranked_impact(found, "vi")
    text = said(page)
    assert "1.3: 9/10 → – (−30 điểm %)" in text
    assert "lớn hơn điểm tối đa mới (5) (1 đơn vị)" in text
    assert {"n", "x"} <= set(drawn(page))
    assert "percentage points" in said(view_ranked_impact(found, "en"))
    for each in found.units:
        change = each.place.after.score.percent - each.place.before.score.percent
        assert sum((share for _, share in each.lines), each.rest) == change
    assert "các chỉ số còn lại, trên tổng điểm tối đa 30 → 25 (+6 điểm %)" in text


def test_a_rank_that_only_others_moved_is_said_to() -> None:
    old, new = index(indicator("1.1"), indicator("1.2")), index(indicator("1.1"), indicator("1.2", 12))
    own = rating(old, {"001": {"1.1": 5}, "002": {"1.1": 4}})
    three = evolve(own, units=UNITS)
    changes = rate_impact(three, new)
    assert all(each.lines for each in changes.units)  # the maximum differs for everybody
    assert "các chỉ số còn lại, trên tổng điểm tối đa 20 → 22" in said(view_ranked_impact(changes, "vi"))
    same = rate_impact(three, old).units
    moved = [evolve(each, place=evolve(each.place, after=evolve(each.place.after, rank=3))) for each in same]
    assert "do các đơn vị khác thay đổi" in said(view_ranked_impact(evolve(changes, units=tuple(moved)), "vi"))
