"""Work lists: every office named has its own, however the decision spells it, with what is still open."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve

from evidence.facts import Fact, Status
from evidence.units import Unit, Units
from levels.framework import Tier
from levels.index import GeneralItem, Index, Input
from levels.loader import load_index
from rules.scores import IndicatorScore, InputValue, Score, State
from rules.worklists import WorkList, work_lists
from tests.rules.indexes import index, indicator, score, score_fact, units

CULTURE, FINANCE, ECONOMY = "Phòng Văn hóa và Thông tin", "Phòng Tài chính - Kế hoạch", "Phòng Kinh tế - Hạ tầng"


def lists(*indicators: tuple[str, str, tuple[str, ...]], general: tuple[GeneralItem, ...] = ()) -> list[WorkList]:
    lines = [indicator(code, lead=lead, support=support) for code, lead, support in indicators]
    return list(work_lists(index(*lines, general=general), Tier.DISTRICT, {}))


def shown(found: list[WorkList]) -> dict[str, tuple[str, str, str]]:
    return {
        w.office: (
            " ".join(i.code for i in w.lead),
            " ".join(i.code for i in w.support),
            " ".join(g.number for g in w.general),
        )
        for w in found
    }


def test_an_office_has_its_indicators_in_charge_in_support_and_its_general_rows() -> None:
    found = lists(
        ("1.1", CULTURE, ()),
        ("1.2", FINANCE, (CULTURE, "Công an huyện")),
        ("1.3", CULTURE, (FINANCE,)),
        general=(GeneralItem("1", "Tên"), GeneralItem("4", "Dân số", lead="Phòng Nội vụ")),
    )
    assert shown(found) == {
        CULTURE: ("1.1 1.3", "1.2", ""),
        FINANCE: ("1.2", "1.3", ""),
        "Phòng Nội vụ": ("", "", "4"),
        "Công an huyện": ("", "1.2", ""),
    }
    assert [work.office for work in found] == [CULTURE, FINANCE, "Phòng Nội vụ", "Công an huyện"]


def test_two_offices_in_charge_are_both_responsible() -> None:
    found = lists(("7.5", "Phòng Nông nghiệp; phòng Tài chính - Kế hoạch", ()), ("7.7", FINANCE, ()))
    assert shown(found) == {"Phòng Nông nghiệp": ("7.5", "", ""), "phòng Tài chính - Kế hoạch": ("7.5 7.7", "", "")}


def test_an_office_is_one_however_it_is_spelled_and_shown_as_first_printed() -> None:
    found = lists(
        ("7.1", FINANCE, ("Phòng Kinh Tế - Hạ tầng",)),
        ("7.3", ECONOMY, ()),
        ("8.2", f"{ECONOMY};", ()),
        ("8.3", "Phòng  Kinh tế-Hạ tầng", ()),
    )
    assert shown(found) == {FINANCE: ("7.1", "", ""), "Phòng Kinh Tế - Hạ tầng": ("7.3 8.2 8.3", "7.1", "")}


def test_the_sign_for_and_is_the_word() -> None:
    found = lists(("1.1", "Văn phòng HĐND&UBND huyện", ()), ("2.4", CULTURE, ("Văn phòng HĐND và UBND huyện",)))
    assert shown(found)["Văn phòng HĐND&UBND huyện"] == ("1.1", "2.4", "")


def test_the_annex_of_chu_prong_puts_eight_offices_in_charge_and_its_misprints_make_no_ninth() -> None:
    found = work_lists(load_index("chu-prong-2023"), Tier.DISTRICT, {})
    in_charge = {work.office: len(work.lead) for work in found if work.lead}
    assert in_charge == {
        CULTURE: 46,
        FINANCE: 11,
        "Văn phòng HĐND&UBND huyện": 8,
        "Phòng Nội vụ": 4,
        "Phòng Giáo dục và Đào tạo": 1,
        "Công an huyện": 2,
        ECONOMY: 4,
        "Phòng Nông nghiệp": 1,
    }
    assert not [work.office for work in found if "HỠND" in work.office]
    (labour,) = [work for work in found if "Lao động" in work.office]
    assert [item.code for item in labour.general] == ["I.4", "I.5", "I.6"]
    assert [indicator.code for indicator in labour.support] == ["II.3.1", "II.3.2"]


def test_a_name_with_a_comma_is_one_office() -> None:
    name = "Phòng Lao động, Thương Binh và Xã hội"
    assert list(shown(lists(("1.1", name, ())))) == [name]


def test_a_decision_that_names_no_office_has_no_work_lists() -> None:
    assert lists(("1.1", "", ())) == []


TWO_INPUTS = (Input("a", "count", "Đã có"), Input("b", "count", "Tổng số"))
OWNER = index(
    indicator("1.1", inputs=TWO_INPUTS, lead=CULTURE),
    indicator("1.2", 20, lead=f"{FINANCE}; {CULTURE}"),
    indicator("1.3", lead=FINANCE),
)


def known(owner: Index, unit: Unit, facts: Mapping[str, Fact], **shares: Fraction | int | None) -> Score:
    """A score of shares (``i_1_1`` for 1.1) whose inputs hold ``facts``."""
    plain = score(owner, unit, {code[2:].replace("_", "."): share for code, share in shares.items()})

    def filled(line: IndicatorScore) -> IndicatorScore:
        values = [InputValue(i, facts.get(line.indicator.fact_code(i.key)), None) for i in line.indicator.inputs]
        return evolve(line, inputs=tuple(values))

    return evolve(plain, indicators=tuple(filled(line) for line in plain.indicators))


def test_progress_tells_what_is_known_accepted_won_and_lost_of_every_unit() -> None:
    there = units("608", "610")
    facts = {
        "1.1:a": score_fact("608", "1.1:a", 5),
        "1.1:b": score_fact("608", "1.1:b", 10, Status.SELF_REPORTED),
        "1.2": Fact("608", "1.2", Status.UNKNOWN),
    }
    scores = {
        "608": known(OWNER, there["608"], facts, i_1_1=Fraction(1, 2), i_1_2=0, i_1_3=1),
        "610": known(OWNER, there["610"], {}),
    }
    culture, finance = work_lists(OWNER, Tier.DISTRICT, scores)
    first, second = culture.progress
    assert (first.unit.code, first.inputs, first.known, first.accepted) == ("608", 3, 2, 1)
    assert (first.points, first.lost) == (Fraction(5), Fraction(25))
    assert (second.unit.code, second.inputs, second.known, second.accepted) == ("610", 3, 0, 0)
    assert [f"{p.points} {p.lost}" for p in finance.progress] == ["10 20", "0 30"]


def test_what_a_unit_is_not_subject_to_is_no_work() -> None:
    there = units("608")
    _, finance = work_lists(OWNER, Tier.DISTRICT, {"608": known(OWNER, there["608"], {}, i_1_2=None)})
    (progress,) = finance.progress
    assert [line.indicator.code for line in progress.lines] == ["1.3"]
    assert (progress.inputs, progress.lost) == (1, Fraction(10))
    assert all(line.state is not State.NOT_SUBJECT for line in progress.lines)


def test_units_of_another_tier_are_no_part_of_the_progress() -> None:
    there = Units({**units("608"), **units("62", tier=Tier.PROVINCE)})
    other = index(indicator("1.1"), tier=Tier.PROVINCE)
    scores = {"62": score(other, there["62"], {}), "608": score(OWNER, there["608"], {})}
    culture, _ = work_lists(OWNER, Tier.DISTRICT, scores)
    assert [progress.unit.code for progress in culture.progress] == ["608"]
