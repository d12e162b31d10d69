"""Units in time: who was there on which day, from whom they descend, and which changes cannot be."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.reorganisation import draw_up
from evidence.succession import Change, Chronicle, Kind, Unsound
from evidence.unit_changes import read_changes, write_changes
from evidence.units import Unit, Units
from levels.faults import Faulty
from levels.framework import Tier

DAY = datetime.date(2025, 7, 1)
EVE = datetime.date(2025, 6, 30)
ACT = "1677/NQ-UBTVQH15"
HEADER = "kind,date,instrument,from,to,name,tier,parent\n"

PROVINCE = Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE)
OTHER = Unit("51", "Tỉnh Quảng Ngãi", Tier.PROVINCE)
DISTRICTS = (Unit("615", "Huyện Đắk Hà", Tier.DISTRICT, "62"), Unit("616", "Huyện Đắk Tô", Tier.DISTRICT, "62"))
COMMUNES = tuple(
    Unit(code, name, Tier.COMMUNE, parent)
    for code, name, parent in (
        ("23500", "Thị trấn Đắk Hà", "615"),
        ("23503", "Xã Đắk PXi", "615"),
        ("23509", "Xã Hà Mòn", "615"),
        ("23425", "Thị trấn Đắk Tô", "616"),
        ("23428", "Xã Tân Cảnh", "616"),
    )
)
UNITS = Units({unit.code: unit for unit in (PROVINCE, OTHER, *DISTRICTS, *COMMUNES)})


def change(kind: str, before: str = "", to: str = "", name: str = "", parent: str = "", **more: object) -> Change:
    on, tier = more.get("on", DAY), more.get("tier")
    assert isinstance(on, datetime.date)
    codes = tuple(before.split("|")) if before else ()
    return Change(
        Kind(kind), on, str(more.get("instrument", ACT)), codes, to, name, Tier(str(tier)) if tier else None, parent
    )


def defects(*changes: Change) -> list[str]:
    with pytest.raises(Unsound) as caught:
        draw_up(UNITS, changes)
    return [f"{d.place}:{d.column}: {d.found.en}; {d.expected.en}" for d in caught.value.defects]


def names(chronicle: Chronicle, day: datetime.date) -> dict[str, str]:
    return {code: unit.name for code, unit in chronicle.units_on(day).items()}


def test_without_changes_the_units_are_the_same_on_every_day() -> None:
    chronicle = draw_up(UNITS, ())
    assert chronicle.units_on(datetime.date(1900, 1, 1)) == UNITS == chronicle.units_on(datetime.date(2999, 1, 1))


def test_the_reform_of_1_july_2025_happens_on_one_day() -> None:
    chronicle = draw_up(
        UNITS,
        (
            change("merge", "62|51", "51", "Tỉnh Quảng Ngãi", instrument="202/2025/QH15"),
            change("abolish", "615|616", instrument="203/2025/QH15", parent="51"),
            change("merge", "23500|23509", "23500", "Xã Đắk Hà"),
            change("merge", "23425|23428", "23425", "Xã Đắk Tô"),
            change("rename", "23503", name="Xã Đăk Pxi"),
        ),
    )
    assert chronicle.units_on(EVE) == UNITS
    after = chronicle.units_on(DAY)
    assert {code: (unit.name, unit.parent) for code, unit in after.items()} == {
        "51": ("Tỉnh Quảng Ngãi", None),
        "23500": ("Xã Đắk Hà", "51"),
        "23425": ("Xã Đắk Tô", "51"),
        "23503": ("Xã Đăk Pxi", "51"),
    }


def test_the_old_unit_stays_what_it_was_and_the_new_one_knows_from_whom_it_comes() -> None:
    chronicle = draw_up(UNITS, (change("merge", "23500|23509", "23500", "Xã Đắk Hà"),))
    old, new = chronicle.era("23500", EVE), chronicle.era("23500", DAY)
    assert old is not None
    assert new is not None
    assert (old.unit.name, old.since, old.until) == ("Thị trấn Đắk Hà", None, EVE)
    assert (new.unit.name, new.since, new.until) == ("Xã Đắk Hà", DAY, None)
    assert [era.unit.name for era in chronicle.predecessors(new)] == ["Thị trấn Đắk Hà", "Xã Hà Mòn"]
    assert chronicle.successors(old) == [new]
    assert old.ended_by == (new.begun_by,)


def test_ancestors_are_told_through_all_generations() -> None:
    later = DAY.replace(year=2027)
    chronicle = draw_up(
        UNITS,
        (
            change("merge", "23500|23425", "23500", "Xã Đắk Hà mới", parent="615", on=later),
            change("merge", "23500|23509", "23500", "Xã Đắk Hà"),
        ),
    )
    era = chronicle.era("23500", later)
    assert era is not None
    assert [a.unit.name for a in chronicle.ancestors(era)] == [
        "Xã Đắk Hà",
        "Thị trấn Đắk Tô",
        "Thị trấn Đắk Hà",
        "Xã Hà Mòn",
    ]


def test_a_split_divides_one_unit_and_units_below_stay_with_the_code() -> None:
    chronicle = draw_up(
        UNITS, (change("split", "615", "615", "Huyện Đắk Hà"), change("split", "615", "619", "Huyện Đắk Mar"))
    )
    old = chronicle.era("615", EVE)
    assert old is not None
    assert [era.unit.code for era in chronicle.successors(old)] == ["615", "619"]
    assert chronicle.units_on(DAY)["619"] == Unit("619", "Huyện Đắk Mar", Tier.DISTRICT, "62")
    assert chronicle.units_on(DAY)["23503"].parent == "615"


def test_a_unit_may_be_divided_among_several_that_are_merged() -> None:
    chronicle = draw_up(
        UNITS, (change("merge", "23500|23509", "23500", "Xã A"), change("merge", "23503|23509", "23503", "Xã B"))
    )
    old = chronicle.era("23509", EVE)
    assert old is not None
    assert [era.unit.name for era in chronicle.successors(old)] == ["Xã A", "Xã B"]


def test_a_rename_a_move_and_a_new_code_leave_the_unit_the_same() -> None:
    chronicle = draw_up(
        UNITS,
        (
            change("rename", "23503", name="Xã Đăk Pxi"),
            change("move", "23503", parent="616"),
            change("recode", "23503", "23504"),
            change("rename", "23504", name="Xã Pxi", on=DAY.replace(year=2026)),
        ),
    )
    era = chronicle.era("23503", EVE)
    assert era is not None
    assert era is chronicle.era("23504", DAY)
    assert era.on(EVE) == UNITS["23503"]
    assert era.on(DAY) == Unit("23504", "Xã Đăk Pxi", Tier.COMMUNE, "616")
    assert era.unit.name == "Xã Pxi"
    assert [c.kind for c in era.altered_by] == [Kind.RENAME, Kind.MOVE, Kind.RECODE, Kind.RENAME]
    assert (era.since, era.until, era.came_from) == (None, None, ())


def test_units_may_exchange_their_codes() -> None:
    chronicle = draw_up(UNITS, (change("recode", "23503", "23509"), change("recode", "23509", "23503")))
    assert names(chronicle, DAY)["23509"] == "Xã Đắk PXi"
    assert names(chronicle, DAY)["23503"] == "Xã Hà Mòn"


def test_units_below_follow_a_new_code() -> None:
    assert draw_up(UNITS, (change("recode", "615", "700"),)).units_on(DAY)["23503"].parent == "700"


def test_a_change_of_tier_begins_a_new_unit_under_the_same_code() -> None:
    units = Units({**UNITS.by_code, "617": Unit("617", "Huyện Kon Plông", Tier.DISTRICT, "62")})
    chronicle = draw_up(units, (change("retier", "617", tier="commune", name="Đặc khu Măng Đen"),))
    new = chronicle.era("617", DAY)
    assert new is not None
    assert new.unit == Unit("617", "Đặc khu Măng Đen", Tier.COMMUNE, "62")
    assert [era.unit.tier for era in chronicle.predecessors(new)] == [Tier.DISTRICT]


def test_a_unit_may_be_established_out_of_nothing() -> None:
    chronicle = draw_up(UNITS, (change("establish", "", "23599", "Xã Mới", "615", tier="commune"),))
    era = chronicle.era("23599", DAY)
    assert era is not None
    assert chronicle.predecessors(era) == []
    assert chronicle.era("23599", EVE) is None
    assert (
        draw_up(UNITS, (change("establish", "", "99", "Tỉnh Mới", tier="province"),)).units_on(DAY)["99"].parent is None
    )


def test_a_code_that_comes_back_without_descent_is_a_doubt() -> None:
    later = DAY.replace(year=2026)
    ended = change("merge", "23500|23509", "23500", "Xã Đắk Hà")
    chronicle = draw_up(UNITS, (ended, change("establish", "", "23509", "Xã Mới", "615", tier="commune", on=later)))
    assert [(d.place, d.found.en) for d in chronicle.doubts] == [(1, "code 23509 was that of Xã Hà Mòn")]
    back = change("merge", "23500|23503", "23509", "Xã Hà Mòn", on=later)
    assert draw_up(UNITS, (ended, back)).doubts == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (change("merge", "23500", "23500", "A"), "0:from: “Merged” names 1 units before; expected at least 2"),
        (change("rename", "23500|23503", name="A"), "0:from: “Renamed” names 2 units before; expected 1"),
        (change("establish", "", "1", "A"), "0:tier: “Established” lacks the tier; expected it to be given"),
        (change("merge", "23500|23503", "", "A"), "0:to: “Merged” lacks the code afterwards; expected it to be given"),
        (change("rename", "23500", "1", "A"), "0:to: “Renamed” does not change the code afterwards; expected nothing"),
        (
            change("rename", "23500", name="A", instrument=""),
            "0:instrument: no legal act is named; expected the number of the resolution",
        ),
        (change("recode", "23500", "Đ1"), "0:to: “Đ1” is no code; expected 1 to 16 plain letters or digits"),
        (change("rename", "23500", name="A" * 151), "0:name: the name has 151 characters; at most 150 characters"),
        (change("merge", "23500|23500", "1", "A"), "0:from: 23500 is named twice; expected every unit once"),
        (change("rename", "2350", name="A"), "0:from: there is no unit “2350”; did you mean 235"),
        (
            change("rename", "23500", name="Thị trấn Đắk Hà"),
            "0:name: 23500 (Thị trấn Đắk Hà) is so already; expected what is new",
        ),
        (
            change("recode", "23500", "23503"),
            "0:to: code 23503 is that of Xã Đắk PXi; expected a code that nobody bears",
        ),
        (change("split", "23500", "23500", "A"), "0:to: 23500 is split into one unit only; expected two rows at least"),
        (
            change("move", "23500", parent="9"),
            "0:parent: there is no unit “9”; expected one of 62, 51, 615, 616, 23500",
        ),
        (
            change("move", "23500", parent="23503"),
            "0:parent: 23500 (commune) stands under 23503 (commune); expected a district",
        ),
        (
            change("establish", "", "99", "A", "62", tier="province"),
            "0:parent: 99 (province) stands under 62 (province); this",
        ),
        (
            change("establish", "", "99", "A", tier="commune"),
            "0:parent: it is not clear what A stands under; expected the code of its parent",
        ),
        (
            change("merge", "23500|23425", "23500", "A"),
            "0:parent: it is not clear what A stands under; expected the code of its parent",
        ),
        (
            change("abolish", "615"),
            "0:parent: 3 units below would be left without a parent: 23500, 23503, 23509; expected changes of theirs",
        ),
        (change("abolish", "615", parent="23425"), "0:parent: 23500 (commune) stands under 23425 (commune); expected"),
        (change("retier", "615", tier="commune"), "0:parent: 23500 (commune) stands under 615 (commune); expected"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_the_reason(wrong: Change, said: str) -> None:
    told = defects(wrong)
    assert told[0].startswith(said)


def test_changes_of_one_day_that_contradict_each_other_are_refused() -> None:
    assert defects(
        change("merge", "23500|23509", "23500", "A"),
        change("rename", "23509", name="B"),
        change("abolish", "23509"),
        change("rename", "23503", name="C"),
        change("rename", "23503", name="D"),
        change("establish", "", "23500", "E", "615", tier="commune"),
    ) == [
        "1:from: 23509 ends that day by change 1; expected one of the two",
        "2:from: 23509 ends by change 1 already; expected one of the two",
        "4:from: 23503 is changed so twice on one day; expected it once",
        "5:to: code 23500 is given by change 1; expected one unit for a code",
    ]


def test_a_unit_that_ended_cannot_change_again() -> None:
    assert defects(
        change("rename", "23509", name="B", on=DAY.replace(year=2026)), change("merge", "23500|23509", "23500", "A")
    ) == ["0:from: 23509 (Xã Hà Mòn) ended on 30/06/2025; expected a unit that exists before 01/07/2026"]


def test_every_defect_is_told_and_a_wrong_change_does_not_hide_later_ones() -> None:
    told = defects(change("rename", "1", name="A"), change("rename", "2", name="B", on=DAY.replace(year=2026)))
    assert [line[:2] for line in told] == ["0:", "1:"]


def test_units_below_a_unit_divided_among_several_must_say_where_they_go() -> None:
    divided = (change("split", "615", "701", "Huyện A"), change("split", "615", "702", "Huyện B"))
    assert "3 units below would be left without a parent" in defects(*divided)[0]
    moves = tuple(change("move", code, parent="701") for code in ("23500", "23503", "23509"))
    assert draw_up(UNITS, (*divided, *moves)).units_on(DAY)["23509"].parent == "701"


def test_a_table_of_changes_is_read_with_vietnamese_words_and_written_back(tmp_path: Path) -> None:
    path = tmp_path / "unit_changes.csv"
    path.write_text(
        HEADER + f"Nhập,01/07/2025,{ACT},23500 | 23509,23500,Xã Đắk Hà,,\nđổi tên,2025-07-01,{ACT},23503,,Xã Pxi,,\n"
        f"thành lập,2025-07-01,{ACT},,23599,Xã Mới,Commune,615\n",
        "utf-8",
    )
    read = read_changes(path, UNITS)
    assert [c.kind for c in read.changes] == [Kind.MERGE, Kind.RENAME, Kind.ESTABLISH]
    assert read.changes[0].before == ("23500", "23509")
    assert read.warnings == ()
    write_changes(tmp_path / "again.csv", read.changes)
    assert read_changes(tmp_path / "again.csv", UNITS) == read


def test_faults_of_a_table_of_changes_are_told_by_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "unit_changes.csv"
    path.write_text(
        HEADER
        + f"merg,2025-07-01,{ACT},23500|23509,23500,A,,\nrename,soon,{ACT},23500,,A,,\nrename,,{ACT},23500,,A,,\n"
        f"retier,2025-07-01,{ACT},23500,,,ward,\nrename,2025-07-01,{ACT},1,,A,,\n",
        "utf-8",
    )
    with pytest.raises(Faulty) as caught:
        read_changes(path, UNITS)
    assert [fault.line("en").removeprefix(f"{path}:") for fault in caught.value.faults] == [
        "2:kind: there is no kind of change “merg”; did you mean merge?",
        "3:date: “soon” is not a day; expected 2025-11-28 or 28/11/2025",
        "4:date: there is no day; expected the first day, as 2025-07-01",
        "5:tier: there is no tier “ward”; expected one of province, district, commune, department",
        "6:from: there is no unit “1”; did you mean 51?",
    ]


def test_a_doubt_of_a_table_is_a_warning_at_its_row(tmp_path: Path) -> None:
    path = tmp_path / "unit_changes.csv"
    path.write_text(
        HEADER + f"merge,2025-07-01,{ACT},23500|23509,23500,A,,\nestablish,2026-07-01,{ACT},,23509,B,commune,615\n",
        "utf-8",
    )
    [warning] = read_changes(path, UNITS).warnings
    assert warning.line("vi").startswith(f"{path}:3:to: cảnh báo: mã 23509 trước đây là của Xã Hà Mòn")


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """Years of changes of the communes below one district, of which not all are possible."""
    codes = [unit.code for unit in COMMUNES[:3]] + ["23590", "23591"]
    made = []
    for year in range(2025, 2025 + draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["merge", "split", "rename", "recode"]))
        before = "|".join(
            draw(st.lists(st.sampled_from(codes), min_size=1 + (kind == "merge"), max_size=2, unique=True))
        )
        on = datetime.date(year, 7, 1)
        if kind == "split":
            made += [change(kind, before, to, f"Xã {to}-{year}", on=on) for to in draw(st.permutations(codes))[:2]]
        else:
            to, name = draw(st.sampled_from(codes)), f"Xã {year}"
            made.append(change(kind, before, "" if kind == "rename" else to, "" if kind == "recode" else name, on=on))
    return made


@settings(max_examples=300, deadline=None)
@given(histories())
def test_whatever_happens_every_unit_has_a_parent_one_code_and_no_gap_in_its_descent(changes: list[Change]) -> None:
    try:
        chronicle = draw_up(UNITS, changes)
    except Unsound:
        return
    for year in range(2024, 2032):
        for day in (datetime.date(year, 6, 30), datetime.date(year, 7, 1)):
            units = chronicle.units_on(day)
            assert len(units) == sum(era.on(day) is not None for era in chronicle.eras)
            assert all(unit.parent is None or unit.parent in units for unit in units.values())
    for era in chronicle.eras:
        assert all(
            former.until == era.since - datetime.timedelta(days=1)
            for former in chronicle.predecessors(era)
            if era.since
        )
        assert all(era in chronicle.predecessors(later) for later in chronicle.successors(era))
        assert (era.until is None) == (not era.ended_by)
