"""The three indexes without formulas say word for word what their decisions say, and leave nothing out.

Bắc Ninh, Hà Nội and Đắk Lắk: every row of their annexes is rebuilt from the rulebook alone.
"""

import datetime
import importlib.resources
import unicodedata
from collections.abc import Callable, Iterator

import pytest

from levels.framework import Tier
from levels.index import CouncilScore, GeneralItem, Index, Step
from levels.loader import load_index

BAC_NINH, HA_NOI, DAK_LAK = "bac-ninh-1187-2023", "ha-noi-2024", "dak-lak-2534-2022"
EVERY = pytest.mark.parametrize("index_id", [BAC_NINH, HA_NOI, DAK_LAK])

_FOLDERS = importlib.resources.files("levels") / "frameworks"
TEXTS = {name: (_FOLDERS / name / "decision.txt").read_text("utf-8") for name in (BAC_NINH, HA_NOI, DAK_LAK)}
PRINTED = {name: " ".join(text.replace("*", "").split()) for name, text in TEXTS.items()}


def section(index_id: str, start: str, end: str = "") -> list[str]:
    """The words of the decision's lines from the line ``start`` up to the line that begins with ``end``, in cells."""
    # The head of a table is printed anew on every page.
    lines = [line.strip(" ") for line in TEXTS[index_id].splitlines() if line.strip() and not line.startswith("STT\t")]
    rest = lines[lines.index(start) :]
    last = next((number for number, line in enumerate(rest) if end and number and line.startswith(end)), len(rest))
    return [" ".join(cell.split()) for line in rest[:last] for cell in line.split("\t")]


def filled(cells: list[str]) -> list[str]:
    return [cell for cell in cells if cell]


def bac_ninh_annex(index: Index, tier: Tier) -> Iterator[str]:
    entry = index.sets[tier]
    yield from (entry.annex.upper(), entry.title)
    yield "(Ban hành kèm theo Quyết định số 1187/QĐ-UBND ngày 06/10/2023 của Chủ tịch UBND tỉnh)"
    yield from ("STT", "Chỉ số/Chỉ số thành phần", "Điểm tối đa", "I", "Thông tin chung")
    for item in entry.general:
        yield from (item.number, item.name)
    yield from ("II", "Chỉ số đánh giá")
    for pillar in entry.pillars:
        yield from (pillar.code, pillar.name, str(pillar.max))
        for indicator in pillar.indicators:
            yield from (indicator.code, indicator.name, str(indicator.max))
    yield from {Tier.DEPARTMENT: ("TỔNG ĐIỂM", "1000"), Tier.DISTRICT: ("Tổng điểm:", "1000")}[tier]


@pytest.mark.parametrize(
    ("tier", "start", "end"),
    [(Tier.DEPARTMENT, "PHỤ LỤC II", "PHỤ LỤC III"), (Tier.DISTRICT, "PHỤ LỤC III", "Nguồn tra cứu")],
)
def test_an_annex_of_bac_ninh_is_rebuilt_with_nothing_left_over(tier: Tier, start: str, end: str) -> None:
    rebuilt = filled(list(bac_ninh_annex(load_index(BAC_NINH), tier)))
    assert rebuilt == filled(section(BAC_NINH, start, end))


@pytest.mark.parametrize(
    ("tier", "start", "end"),
    [
        (Tier.DEPARTMENT, "a) Bộ chỉ số DTI cấp sở gồm 06 chỉ số chính với 45 chỉ số", "(chi"),
        (Tier.DISTRICT, "b) Bộ chỉ số DTI cấp huyện gồm 08 chỉ số chính với 76 chỉ số", "(Chi"),
    ],
)
def test_the_summary_tables_of_bac_ninh_agree_with_its_annexes(tier: Tier, start: str, end: str) -> None:
    entry = load_index(BAC_NINH).sets[tier]
    cells = section(BAC_NINH, f"{start} thành phần, thang điểm {entry.stated_max}.", end)
    assert f"(0{entry.stated_pillars} chỉ số chính)" in cells
    assert f"({entry.stated_count} chỉ số thành phần)" in cells
    rows = [(p.code, p.name, f"{p.stated_count:02}", str(p.max)) for p in entry.pillars]
    assert cells[cells.index(f"({entry.stated_max})") + 1 :] == [cell for row in rows for cell in row]


def test_bac_ninh_rates_17_departments_and_8_districts() -> None:
    departments, districts = load_index(BAC_NINH).lists
    cells = section(BAC_NINH, "PHỤ LỤC I", "PHỤ LỤC II")
    numbered = [cell for n, name in enumerate(departments.units + districts.units, start=1) for cell in (str(n), name)]
    assert cells[cells.index("Tên cơ quan, đơn vị") + 1 :] == numbered
    assert (len(departments.units), len(districts.units)) == (17, 8)
    assert cells[1] == departments.title == districts.title


def ha_noi_general(items: tuple[GeneralItem, ...]) -> Iterator[str]:
    for item in items:
        yield from (item.number, item.name, item.unit, item.note)


def ha_noi_index(index: Index, tier: Tier) -> Iterator[str]:
    entry = index.sets[tier]
    yield from (f"TỔNG ({entry.stated_count} chỉ số)", str(entry.stated_max))
    for pillar in entry.pillars:
        yield from (pillar.code, f"{pillar.name} ({pillar.stated_count} chỉ số)", str(pillar.max))
        for indicator in pillar.indicators:
            yield from (indicator.number, indicator.code, indicator.name, str(indicator.max))


@pytest.mark.parametrize(
    ("tier", "start", "end"),
    [
        (Tier.DEPARTMENT, "PHỤ LỤC III: BỘ CHỈ SỐ CHUYÊN ĐỔI SỐ CẤP THÀNH PHỐ", "Ghi chú"),
        (Tier.DISTRICT, "PHỤ LỤC IV: BỘ CHỈ SỐ CHUYỂN ĐỔI SỐ CẤP HUYỆN", ""),
    ],
)
def test_an_annex_of_ha_noi_is_rebuilt_with_nothing_left_over(tier: Tier, start: str, end: str) -> None:
    index = load_index(HA_NOI)
    entry = index.sets[tier]
    cells = filled(section(HA_NOI, start, end))
    assert cells[0] == start
    assert cells[1].startswith("(Kèm theo Quyết định số /QĐ-UBND ngày / /2024 của ")
    second = cells.index(f"BẢNG 2. {entry.title}")
    assert cells[2] == "BẢNG 1. THÔNG TIN CHUNG"
    assert start.startswith(f"{entry.annex.upper()}: ")
    # Cells may be broken by a page, or share one with the next: compared as running words.
    general = " ".join(filled(list(ha_noi_general(entry.general))))
    assert general.replace("thị xã Thủ tục", "thị Thủ tục xã") == " ".join(cells[3:second])
    assert " ".join(ha_noi_index(index, tier)) == " ".join(cells[second + 1 :])


def test_the_table_of_article_3_of_ha_noi_agrees_with_its_annexes() -> None:
    index = load_index(HA_NOI)
    departments, districts = index.sets[Tier.DEPARTMENT], index.sets[Tier.DISTRICT]
    rows = [f"Tổng {departments.stated_count} {districts.stated_count}"]
    for number, group in (("I", "Nhóm chỉ số nền tảng chung"), ("II", "Nhóm chỉ số hoạt động")):
        both = [[pillar for pillar in entry.pillars if pillar.group == group] for entry in (departments, districts)]
        stated = [
            each.count for entry in (departments, districts) for each in entry.stated_groups if each.name == group
        ]
        rows.append(f"{number} {group} {stated[0]} {stated[1]}")
        for one, other in zip(*both, strict=True):
            assert (one.code, one.name) == (other.code, other.name)
            star = " ^()" if one.applies_to else ""  # the stars are taken out of PRINTED
            name = one.name.replace("Thể chế số", "Thế chế số")  # the reading misprint-words
            rows.append(f"{one.code} {name} {one.stated_count}{star} {other.stated_count}")
    assert f"Stt Chỉ số chính Cấp Thành phố Cấp huyện {' '.join(rows)} 1. Các Sở, ban, ngành" in PRINTED[HA_NOI]
    assert "gồm 09 chỉ số chính, trong đó, cấp Thành phố gồm 46 chỉ số thành phần" in PRINTED[HA_NOI]
    assert {len(departments.pillars), departments.stated_pillars, districts.stated_pillars} == {9}


def test_ha_noi_rates_22_departments_and_30_districts_and_nine_departments_by_pillar_7() -> None:
    index = load_index(HA_NOI)
    departments, districts, nine = index.lists
    cells = filled(section(HA_NOI, "Phụ lục I", "Phụ lục II"))
    printed = cells[cells.index("I") :]
    assert printed == [
        *("I", departments.title, *(c for n, name in enumerate(departments.units, start=1) for c in (str(n), name))),
        *("II", districts.title, *(c for n, name in enumerate(districts.units, start=1) for c in (str(n), name))),
    ]
    assert (len(departments.units), len(districts.units), len(nine.units)) == (22, 30, 9)
    ninth = filled(section(HA_NOI, "Phụ lục II", "PHỤ LỤC III"))
    assert ninth[1] == nine.title
    assert ninth[ninth.index("1") :] == [c for n, name in enumerate(nine.units, start=1) for c in (str(n), name)]
    assert set(nine.units) < set(departments.units)
    assert [entry.rated for entry in index.lists] == [True, True, False]
    applying = {(t, p.code): p.applies_to for t, entry in index.sets.items() for p in entry.pillars if p.applies_to}
    assert applying == {(Tier.DEPARTMENT, "7"): nine.id}
    assert "7.1 Tỷ trọng kinh tế số trong từng ngành, lĩnh vực () 20" in PRINTED[HA_NOI]


def test_the_bonus_of_ha_noi_has_no_maximum() -> None:
    bonuses = {entry.bonus for entry in load_index(HA_NOI).sets.values()}
    bonus = bonuses.pop()
    assert bonuses == set()
    assert bonus is not None
    assert (bonus.code, bonus.max) == ("KK", None)
    assert bonus.name.replace("Điểm", "điểm") in PRINTED[HA_NOI]


@pytest.mark.parametrize(
    ("tier", "start", "end"),
    [
        (Tier.DEPARTMENT, "a) DTI cấp tỉnh", "Thuyết minh"),
        (Tier.DISTRICT, "b) DTI cấp huyện", "Thuyết minh"),
        (Tier.COMMUNE, "c) DTI cấp xã", "Thuyết minh"),
    ],
)
def test_a_table_of_dak_lak_is_rebuilt_with_nothing_left_over(tier: Tier, start: str, end: str) -> None:
    entry = load_index(DAK_LAK).sets[tier]
    cells = section(DAK_LAK, start, end)
    rebuilt = ["STT |", f"Chỉ số chính (0{entry.stated_pillars} chỉ số chính) |"]
    rebuilt += [f"Chỉ số thành phần ({entry.stated_count} Chỉ số thành phần) |", "Tổng điểm (1.000) |"]
    numerals, group = iter(("I |", "II |")), ""
    for pillar in entry.pillars:
        if pillar.group != group:
            group = pillar.group
            rebuilt += [next(numerals), f"{group} | ||"]
        rebuilt += [f"{pillar.code} |", f"{pillar.name} |", f"{pillar.stated_count:02} |", f"{pillar.max} |"]
    assert cells[2:] == rebuilt
    assert start.endswith(f") {entry.title}")
    assert entry.annex == f"Mục II.1.{start[0]}"
    assert entry.stated_max == 1000


def test_dak_lak_leaves_its_indicators_out_and_every_pillar_is_scored_whole() -> None:
    for entry in load_index(DAK_LAK).sets.values():
        assert all(pillar.whole for pillar in entry.pillars)
        assert [(i.code, i.max) for i in entry.indicators] == [(p.code, p.max) for p in entry.pillars]


def test_dak_lak_rates_the_18_departments_that_it_names() -> None:
    (listed,) = load_index(DAK_LAK).lists
    assert len(listed.units) == 18
    assert f"– {listed.title}: {' '.join(f'+ {name}.' for name in listed.units)} – UBND các huyện" in PRINTED[DAK_LAK]


def test_communes_are_ranked_by_their_own_district() -> None:
    index = load_index(DAK_LAK)
    assert {tier: entry.rated_by for tier, entry in index.sets.items()} == {
        Tier.DEPARTMENT: Tier.PROVINCE,
        Tier.DISTRICT: Tier.PROVINCE,
        Tier.COMMUNE: Tier.DISTRICT,
    }
    assert {group.tier: group.within for group in index.groups} == {
        Tier.DEPARTMENT: "all",
        Tier.DISTRICT: "all",
        Tier.COMMUNE: "parent",
    }


TOTALS = {
    (BAC_NINH, Tier.DEPARTMENT): (6, 45, 1000),
    (BAC_NINH, Tier.DISTRICT): (8, 76, 1000),
    (HA_NOI, Tier.DEPARTMENT): (9, 46, 400),
    (HA_NOI, Tier.DISTRICT): (9, 60, 500),
    (DAK_LAK, Tier.DEPARTMENT): (6, 41, 1000),
    (DAK_LAK, Tier.DISTRICT): (8, 64, 1000),
    (DAK_LAK, Tier.COMMUNE): (8, 55, 1000),
}


@pytest.mark.parametrize(("index_id", "tier"), TOTALS)
def test_everything_adds_up_but_the_65_district_indicators_of_dak_lak(index_id: str, tier: Tier) -> None:
    entry = load_index(index_id).sets[tier]
    added = (len(entry.pillars), sum(p.stated_count or 0 for p in entry.pillars), sum(p.max for p in entry.pillars))
    assert added == TOTALS[index_id, tier]
    stated_count = 65 if (index_id, tier) == (DAK_LAK, Tier.DISTRICT) else added[1]
    assert (entry.stated_pillars, entry.stated_count, entry.stated_max) == (added[0], stated_count, added[2])
    for pillar in entry.pillars:
        assert sum(indicator.max for indicator in pillar.indicators) == pillar.max
        assert pillar.whole or len(pillar.indicators) == pillar.stated_count
        assert [i.code for i in pillar.indicators if not i.whole] == [
            f"{pillar.code}.{number}" for number in range(1, len(pillar.indicators) + 1) if not pillar.whole
        ]


@EVERY
def test_where_the_decision_gives_no_formula_the_councils_score_is_the_fact(index_id: str) -> None:
    for entry in load_index(index_id).sets.values():
        for indicator in entry.indicators:
            assert isinstance(indicator.scoring, CouncilScore)
            assert [one.kind for one in indicator.inputs] == ["score"]
    assert any("không có" in o.what or "bảng chỉ có" in o.what for o in load_index(index_id).omissions)


@EVERY
def test_the_decision_is_in_nfc(index_id: str) -> None:
    assert unicodedata.is_normalized("NFC", TEXTS[index_id])


@EVERY
def test_the_instrument_is_cited_in_its_own_words(index_id: str) -> None:
    instrument, printed = load_index(index_id).instrument, PRINTED[index_id]
    assert f"Ban hành kèm theo Quyết định này {instrument.title}" in printed
    assert instrument.issuer.upper() in printed
    assert instrument.issuer in instrument.citation
    assert " ".join(instrument.basis) in printed
    assert printed.count("Căn cứ ") == len(instrument.basis) - 1 or index_id != BAC_NINH
    assert instrument.replaces in printed
    if instrument.number:
        assert f"Số: {instrument.number} " in printed
        assert instrument.citation.endswith(instrument.title)
        assert instrument.short_citation == f"Quyết định số {instrument.number}"
    else:  # Hà Nội: the copy leaves number and day blank
        assert printed.startswith("Số: /QĐ-UBND Hà Nội, ngày tháng năm 2024 ")
        assert instrument.short_citation == instrument.citation


@pytest.mark.parametrize(
    ("index_id", "day"),
    [(BAC_NINH, datetime.date(2023, 10, 6)), (HA_NOI, None), (DAK_LAK, datetime.date(2022, 11, 11))],
)
def test_the_day_of_signing_is_the_printed_one(index_id: str, day: datetime.date | None) -> None:
    instrument = load_index(index_id).instrument
    assert instrument.signed_on == day
    assert day is None or f"ngày {day:%d} tháng {day:%m} năm {day.year}" in PRINTED[index_id]


LAST_DAYS: dict[str, list[datetime.date | None]] = {
    BAC_NINH: [None, datetime.date(2023, 10, 10), datetime.date(2023, 11, 30)],
    HA_NOI: [None] * 5,
    DAK_LAK: [None, None, datetime.date(2023, 3, 31), datetime.date(2023, 4, 30), datetime.date(2023, 4, 30)],
}


@EVERY
def test_the_calendar_has_the_decisions_days_and_no_others(index_id: str) -> None:
    index = load_index(index_id)
    assert [step.last_day(index.instrument.year) for step in index.calendar] == LAST_DAYS[index_id]
    assert all(step.when.casefold() in PRINTED[index_id].casefold() for step in index.calendar)


def test_data_of_bac_ninh_count_from_october_to_september() -> None:
    window = load_index(BAC_NINH).window
    assert window is not None
    assert window.text in PRINTED[BAC_NINH]
    assert window.days(2023) == (datetime.date(2022, 10, 1), datetime.date(2023, 9, 30))
    assert load_index(HA_NOI).window is load_index(DAK_LAK).window is None


def test_the_rounds_are_those_of_the_decision() -> None:
    rounds = {name: [entry.id for entry in load_index(name).rounds] for name in TEXTS}
    assert rounds == {
        BAC_NINH: ["self", "round1", "explanation"],
        HA_NOI: ["self", "round1", "explanation", "round2"],
        DAK_LAK: ["self", "round1"],
    }


QUOTED: dict[str, Callable[[Index], list[str]]] = {
    "roles": lambda index: [role.does for role in index.roles],
    "wordings": lambda index: [reading.wording for reading in index.interpretations if reading.wording],
    "lists": lambda index: [entry.title for entry in index.lists],
    "rounds": lambda index: [entry.name for entry in index.rounds if index.id == DAK_LAK],
    "titles": lambda index: [entry.title for entry in index.sets.values()],
}


@EVERY
@pytest.mark.parametrize("what", QUOTED)
def test_whatever_is_quoted_stands_in_the_decision(index_id: str, what: str) -> None:
    printed = PRINTED[index_id]
    assert [quote for quote in QUOTED[what](load_index(index_id)) if quote not in printed] == []


BODIES = {
    BAC_NINH: [
        "Ban chỉ đạo Chuyển đổi số tỉnh", "Sở Thông tin và Truyền thông", "Sở Tài chính", "Sở Nội vụ", "Tổ giúp việc",
        "Hội đồng đánh giá", "Chủ tịch UBND tỉnh", "Văn phòng UBND tỉnh", "UBND các huyện, thị xã, thành phố",
    ],
    HA_NOI: [
        "Hội đồng thẩm định Thành phố", "Sở Thông tin và Truyền thông", "UBND Thành phố", "Sở Tư pháp", "Sở Nội vụ",
        "Văn phòng Ủy ban nhân dân Thành phố", "Sở Tài chính", "Sở Kế hoạch và Đầu tư", "UBND các quận, huyện, thị xã",
    ],
    DAK_LAK: [
        "UBND tỉnh", "UBND huyện", "UBND cấp huyện", "Sở Thông tin và Truyền thông", "Phòng Văn hóa và Thông tin",
        "Tổ giúp việc của Ban Chỉ đạo Chuyển đổi số của tỉnh", "Ban Chỉ đạo chuyển đổi số cấp huyện", "Sở Tài chính",
    ],
}  # fmt: skip


@EVERY
def test_every_body_with_a_task_has_its_role(index_id: str) -> None:
    index = load_index(index_id)
    who = " | ".join(role.who for role in index.roles)
    assert [body for body in BODIES[index_id] if body not in who] == []
    assert all(role.clause for role in index.roles)


FIXED = ("points-missing", "points-rounding", "points-ceiling", "points-not-subject", "ranking-ties")


@EVERY
def test_every_reading_has_an_id_of_its_own_and_a_real_alternative(index_id: str) -> None:
    readings = load_index(index_id).interpretations
    ids = [reading.id for reading in readings]
    assert len(set(ids)) == len(ids)
    assert tuple(ids[: len(FIXED)]) == FIXED
    assert all(reading.reading != reading.alternative for reading in readings)


def test_missing_data_are_0_points_in_the_words_of_dak_lak() -> None:
    reading = next(entry for entry in load_index(DAK_LAK).interpretations if entry.id == "points-missing")
    assert reading.wording == (
        "nếu không có số liệu báo cáo đối với tiêu chí nào thì giá trị điểm đối với tiêu chí tương ứng được mặc định"
        " là 0 điểm"
    )


def test_a_step_without_a_day_has_no_last_day() -> None:
    assert Step("tự đánh giá", "hằng năm", "Điều 5.1", "đơn vị").last_day(2024) is None
