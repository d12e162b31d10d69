"""Scenarios: read with every fault at once, stacked in order, saved and read back; the recorded facts never change."""

import copy
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.asked import Catalogue, catalogue
from evidence.facts import Amount, Document, Fact, Status
from evidence.scenario_files import MAX_BASES, MAX_NAME, MAX_NOTE, STATUSES, ScenarioReader, is_line
from evidence.scenarios import (
    HYPOTHESIS,
    Assumption,
    Place,
    Scenario,
    apply,
    cumulate,
    scenario_yaml,
    shorten,
    stack,
    suppose,
    value_text,
)
from evidence.units import Unit, Units
from levels.faults import Faulty
from levels.framework import Tier
from tests.evidence import indexes
from tests.rules.dossiers import commune, district, fact, kon_tum

OTHER = Unit("23284", "Xã Hai", Tier.COMMUNE, "615")
UNITS = Units({unit.code: unit for unit in (Unit("62", "Tỉnh", Tier.PROVINCE), district(), commune(), OTHER)})
LEVELS = catalogue(kon_tum())
INDEX = catalogue(indexes.WITHOUT_ROUNDS)


def reader(known: Catalogue = LEVELS, units: Units = UNITS) -> ScenarioReader:
    return ScenarioReader(known, units)


def words(*given_: str, known: Catalogue = LEVELS, units: Units = UNITS) -> Scenario:
    reading = reader(known, units)
    scenario = reading.read_words(given_)
    reading.stop()
    return scenario


def assumed(scenario: Scenario) -> dict[tuple[str, str], tuple[str, Amount | None]]:
    return {each.key: (str(each.status), each.amount) for each in scenario.assumptions}


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def told(reading: ScenarioReader, folder: Path | None = None) -> list[str]:
    with pytest.raises(Faulty) as raised:
        reading.stop()
    lines = [fault.line("en") for fault in raised.value.faults]
    return lines if folder is None else [line.replace(f"{folder}/", "") for line in lines]


# Words.


@pytest.mark.parametrize(
    ("word", "status", "amount"),
    [
        ("23281:I.2=84/104", "verified", Amount(84, 104)),
        ("23281:I.2=80 %", "verified", Amount(8000, 10000)),
        ("23281:I.4=có", "verified", Amount(1)),
        ("23281:I.4=no@self_reported", "self_reported", Amount(0)),
        ("23281:I.4=có@đã xác minh", "verified", Amount(1)),
        (" 23281 : I.2 = 84/104 ", "verified", Amount(84, 104)),
        ("23281:I.2=@rejected", "rejected", None),
        ("23281:I.2=@unknown", "unknown", None),
        ("23281:II.3=@exempt", "exempt", None),
        ("23281:I.9=0/0@exempt", "exempt", Amount(0, 0)),
    ],
)
def test_a_word_says_the_unit_the_criterion_the_value_and_if_need_be_the_status(
    word: str, status: str, amount: Amount | None
) -> None:
    [(_, (found, value))] = assumed(words(word)).items()
    assert found == status
    if amount is None or amount.denominator != 10000:
        assert value == amount
    else:  # a percentage is exact, whatever its base
        assert value is not None
        assert value.numerator * 10000 == amount.numerator * (value.denominator or 1)


def test_an_input_of_an_index_is_named_by_its_code_and_key() -> None:
    found = words("001:1.4:a=12", "001:1.5:a=1,25", "001:1.3=Phó Chủ tịch UBND", known=INDEX, units=indexes.UNITS)
    assert assumed(found) == {
        ("001", "1.4:a"): ("verified", Amount(12)),
        ("001", "1.5:a"): ("verified", Amount(125, 100)),
        ("001", "1.3"): ("verified", Amount(2)),
    }


def test_every_fault_of_every_word_is_told_by_its_position() -> None:
    reading = reader()
    reading.read_words(
        (
            "23281", "99999:I.2=1/2", "23281:I.99=1/2", "62:I.2=1/2", "23281:I.2=120/104", "23281:I.2=0,7",
            "23281:I.2=1/2@adjusted", "23281:I.2=1/2@", "23281:I.2=", "615:I.1=5", "23281:II.99=@foo", "615:I.2=1/2",
        )
    )  # fmt: skip
    found = told(reading)
    assert [line.split(": ")[0] for line in found] == [
        "--set:1:word", "--set:2:unit", "--set:3:criterion", "--set:4:unit", "--set:5:value", "--set:6:value",
        "--set:7:status", "--set:8:status", "--set:9:value", "--set:10:value", "--set:11:criterion",
        "--set:11:status", "--set:12:criterion",
    ]  # fmt: skip
    assert "expected UNIT:CRITERION=VALUE" in found[0]
    assert "I.2 of 23281: 120" in found[4]


def test_hostile_words_stay_one_line_and_make_a_name_that_can_be_saved() -> None:
    reading = reader()
    reading.read_words(("\x1b[31m\n:I.2=1", "23281:I.2=1/2\u202e"))
    assert all("\x1b" not in line and "\n" not in line and "\u202e" not in line for line in told(reading))
    long = words(*["23281:I.2=84/104"] * 20).name
    assert len(long) == MAX_NAME
    assert long.endswith("…")
    assert is_line(words("23281:I.2=  84/104\n").name)


# Files.


GOOD = """name: Một
note: Nếu có bưu điện
set:
  23281:
    I.2: 84/104
    I.4: true
    I.5: 3@self_reported
  "615":
    II.1: "@rejected"
"""


def test_a_file_names_its_assumptions_and_they_can_be_read(tmp_path: Path) -> None:
    reading = reader()
    found = reading.read_file(write(tmp_path, "a.yaml", GOOD.replace("true", "có").replace("I.5: 3", "I.7: 3")))
    reading.stop()
    assert (found.name, found.note) == ("Một", "Nếu có bưu điện")
    assert assumed(found) == {
        ("23281", "I.2"): ("verified", Amount(84, 104)),
        ("23281", "I.4"): ("verified", Amount(1)),
        ("23281", "I.7"): ("self_reported", Amount(3)),
        ("615", "II.1"): ("rejected", None),
    }
    assert found.assumptions[0].place == Place(str(tmp_path / "a.yaml"), 5, 10)


def test_bases_are_applied_first_and_the_later_wins(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write(tmp_path, "base.yaml", "name: B\nset: {23281: {I.2: 1/2, I.3: 1/2, I.4: có}}\n")
    write(tmp_path / "b", "second.yaml", "name: C\nbase: ../base.yaml\nset: {23281: {I.3: 2/3}}\n")
    path = write(tmp_path, "a.yaml", "name: A\nbase: [base.yaml, b/second.yaml]\nset: {23281: {I.4: '@rejected'}}\n")
    reading = reader()
    found = reading.read_file(path)
    reading.stop()
    assert assumed(found) == {
        ("23281", "I.2"): ("verified", Amount(1, 2)),
        ("23281", "I.3"): ("verified", Amount(2, 3)),
        ("23281", "I.4"): ("rejected", Amount(1)),  # the value last assumed, with the status of the later
    }
    only = reading.read_file(write(tmp_path, "only.yaml", "name: D\nbase: [a.yaml]\n"))
    reading.stop()
    assert assumed(only) == assumed(found)


def test_every_fault_of_every_file_is_told_at_once_by_row_and_column(tmp_path: Path) -> None:
    write(tmp_path, "half.yaml", "name: H\nset:\n  23281:\n    I.77: 1\n")
    bad = """note:
foo: 1
base: [nix.yaml, 5, half.yaml, half.yaml, "a\\0b"]
set:
  99999:
    I.2: 3
  23281:
    I.99: 3
    I.2: 120/104
    II.1: "@exempt"
    I.3: [1]
    I.4: "yes@foo"
    I.6:
    I.7: true
  615: 3
"""
    reading = reader()
    scenario = reading.read_file(write(tmp_path, "bad.yaml", bad))
    reading.check(scenario, {})
    reading.read_file(str(tmp_path / "none.yaml"))
    reading.read_file(str(tmp_path))
    found = told(reading, tmp_path)
    assert [line.split(": ")[0] for line in found] == [
        "bad.yaml:1:1", "bad.yaml:1:1", "bad.yaml:2:1", "bad.yaml:3:8", "bad.yaml:3:18", "bad.yaml:3:43",
        "bad.yaml:5:3", "bad.yaml:8:5", "bad.yaml:9:10", "bad.yaml:10:11", "bad.yaml:11:5", "bad.yaml:12:10",
        "bad.yaml:13:5", "bad.yaml:14:10", "bad.yaml:15:3",
        "half.yaml:4:5", "none.yaml:1:1", f"{tmp_path}:1:1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "1:1", "the file is empty"),
        ("\ufeff \n", "1:1", "the file is empty"),
        ("- a\n", "1:1", "the file is no scenario"),
        ("just text\n", "1:1", "the file is no scenario"),
        ("name: A\n", "1:1", "the scenario assumes nothing"),
        ("name: A\nset: {}\n", "1:1", "the scenario assumes nothing"),
        ("name: A\nset:\n", "1:1", "the scenario assumes nothing"),
        ("name: A\nset: 5\n", "2:1", "set cannot be read"),
        ("name: A\nset: {23281: {}}\n", "2:7", "set → 23281 cannot be read"),
        ("name: A\nbase: []\n", "2:7", "base is no list"),
        ("name: true\nbase: [x]\nset: {}\n", "1:7", "name cannot be used"),
        ("name: A\u200bB\nset: {23281: {I.2: 1/2}}\n", "1:7", "name cannot be used"),
        (f"name: {'A' * (MAX_NAME + 1)}\nset: {{23281: {{I.2: 1/2}}}}\n", "1:7", "name cannot be used"),
        (f"name: A\nnote: {'A' * (MAX_NOTE + 1)}\nset: {{23281: {{I.2: 1/2}}}}\n", "2:7", "note cannot be used"),
        ("name: A\nset:\n  23281:\n    I.2: @rejected\n", "4:10", 'put it in quotes, such as "@rejected"'),
        ("name: A\nset: {23281: {I.2: &x 1/2}}\n", "2:20", "anchor"),
        ("name: A\nset: {23281: {I.2: 1/2, I.2: 1/3}}\n", "2:25", "occurs twice"),
        ("\x00", "1:1", "YAML"),
    ],
)
def test_what_is_no_scenario_is_refused_with_its_place(tmp_path: Path, text: str, place: str, said: str) -> None:
    reading = reader()
    reading.read_file(write(tmp_path, "a.yaml", text))
    found = told(reading, tmp_path)
    assert any(line.startswith(f"a.yaml:{place}: ") and said in line for line in found), found


def test_a_pipe_is_no_scenario_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    reading = reader()
    reading.read_file(str(tmp_path / "pipe.yaml"))
    reading.read_file(write(tmp_path, "a.yaml", "name: A\nbase: [pipe.yaml]\n"))
    lines = told(reading, tmp_path)
    assert [line.split(": ")[0] for line in lines] == ["pipe.yaml:1:1", "a.yaml:2:8"]
    assert all("cannot be opened" in line for line in lines)


def test_two_ways_of_writing_one_input_are_one_assumption_too_many(tmp_path: Path) -> None:
    reading = reader(INDEX, indexes.UNITS)
    reading.read_file(write(tmp_path, "a.yaml", "name: A\nset:\n  '001':\n    1.1: 3\n    1.1:1: 4\n"))
    assert told(reading, tmp_path) == [
        "a.yaml:5:5: 1.1 of 001 is already in row 4; assume it once in one file",
    ]


def test_bases_may_not_run_in_a_circle_nor_for_ever(tmp_path: Path) -> None:
    write(tmp_path, "b.yaml", "name: B\nbase: [a.yaml]\n")
    reading = reader()
    reading.read_file(write(tmp_path, "a.yaml", "name: A\nbase: [b.yaml]\n"))
    [line] = told(reading, tmp_path)
    assert line.startswith("b.yaml:2:8: bases run in a circle: a.yaml → b.yaml → a.yaml;")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    reading = reader()
    reading.read_file(write(tmp_path, "d.yaml", "name: D\nbase: [loop.yaml, ./d.yaml]\n"))
    assert [line.split(";")[0] for line in told(reading, tmp_path)] == [
        "d.yaml:2:8: the file “loop.yaml” cannot be opened",
        "d.yaml:2:19: bases run in a circle: d.yaml → d.yaml",
    ]
    for number in range(MAX_BASES + 2):
        write(tmp_path, f"{number}.yaml", f"name: A\nbase: [{number + 1}.yaml]\n")
    reading = reader()
    reading.read_file(str(tmp_path / "0.yaml"))
    [line] = told(reading, tmp_path)
    assert line.startswith(f"{MAX_BASES}.yaml:2:8: more than {MAX_BASES} layers of bases")


# Supposing.


def test_supposed_facts_say_so_and_keep_what_is_recorded_where_no_value_is_given() -> None:
    facts = {"23281": {"I.2": fact(commune(), "I.2", Amount(1, 2)), "I.3": Fact("23281", "I.3", Status.SELF_REPORTED)}}
    before = copy.deepcopy(facts)
    changes = suppose(words("23281:I.2=@rejected", "23281:I.3=1/2", "23284:I.2=@unknown"), facts, LEVELS, UNITS)
    assert facts == before
    rejected, new, unknown = changes["23281"]["I.2"], changes["23281"]["I.3"], changes["23284"]["I.2"]
    assert (rejected.status, rejected.amount, rejected.documents) == (
        Status.REJECTED,
        Amount(1, 2),
        facts["23281"]["I.2"].documents,
    )
    assert (new.status, new.documents, new.source) == (Status.VERIFIED, (Document(HYPOTHESIS),), HYPOTHESIS)
    assert (unknown.status, unknown.amount, unknown.documents) == (Status.UNKNOWN, None, ())
    assert new.note.startswith("Giả định: ")
    assert (new.cycle, new.measured_on) == (None, None)  # supposed of the year assessed
    after = apply(facts, changes)
    assert after["23281"]["I.2"] is rejected
    assert facts == before


@pytest.mark.parametrize(
    ("word", "recorded", "column", "said"),
    [
        ("23281:I.2=@exempt", None, "status", "I.2 cannot be exempted"),
        ("615:I.1=@verified", None, "criterion", "follows from the levels"),
        ("615:I.1=@exempt", None, "status", "has member units"),
        ("23281:I.2=@verified", None, "value", "there is no value"),
        ("23281:I.2=1/2@unknown", None, "status", "status unknown but the value is 1/2"),
    ],
)
def test_what_could_not_stand_in_a_dossier_cannot_be_supposed(
    word: str, recorded: Fact | None, column: str, said: str
) -> None:
    with pytest.raises(Faulty) as raised:
        suppose(words(word), {}, LEVELS, UNITS)
    [line] = [fault.line("en") for fault in raised.value.faults]
    assert line.startswith(f"--set:1:{column}: ")
    assert said in line


def test_a_supposed_part_may_not_exceed_its_whole() -> None:
    facts = {"001": {"1.4:a": Fact("001", "1.4:a", Status.VERIFIED, Amount(10))}}
    facts["001"]["1.4:b"] = Fact("001", "1.4:b", Status.VERIFIED, Amount(6))
    facts["001"]["1.4:c"] = Fact("001", "1.4:c", Status.VERIFIED, Amount(4))
    for given_, fits in (("a=9", False), ("b=7", False), ("b=5", True), ("a=@unknown", True)):
        scenario = words(f"001:1.4:{given_}", known=INDEX, units=indexes.UNITS)
        if fits:
            assert suppose(scenario, facts, INDEX, indexes.UNITS)
            continue
        with pytest.raises(Faulty, match=r"--set:1:value: 1.4:b \+ 1.4:c = 1[01] is more than 1.4:a = (9|10)"):
            suppose(scenario, facts, INDEX, indexes.UNITS)


# Stacking and saving.

UNIT = st.sampled_from(["23281", "23284"])
CODE = st.sampled_from(["I.2", "I.3"])
AMOUNT = st.none() | st.builds(Amount, st.integers(0, 3), st.integers(3, 5))
LAYER = st.lists(st.builds(Assumption, UNIT, CODE, st.sampled_from(STATUSES), AMOUNT), max_size=5)


def one_by_one(layers: list[Assumption]) -> dict[tuple[str, str], tuple[Status, Amount | None]]:
    """The oracle: a dictionary of status and value, changed in order."""
    state: dict[tuple[str, str], tuple[Status, Amount | None]] = {}
    for each in layers:
        value = each.amount
        if value is None and each.status is not Status.UNKNOWN:
            value = state.get(each.key, (None, None))[1]
        state[each.key] = (each.status, value)
    return state


@given(st.lists(LAYER, max_size=4))
def test_scenarios_on_top_of_each_other_are_as_if_applied_one_by_one(layers: list[list[Assumption]]) -> None:
    stacked = stack("A", (each for layer in layers for each in layer))
    assert {each.key: (each.status, each.amount) for each in stacked.assumptions} == one_by_one(
        [each for layer in layers for each in layer]
    )
    again = stack("A", (each for part in (stack("x", layer) for layer in layers) for each in part.assumptions))
    if all(each.status is not Status.UNKNOWN or each.amount is None for layer in layers for each in layer):
        assert {a.key: a.status for a in again.assumptions} == {a.key: a.status for a in stacked.assumptions}


def test_side_by_side_come_first_alone_then_stacked() -> None:
    a, b, c = (words(f"23281:I.2={value}") for value in ("1/2", "2/3", "@rejected"))
    found = cumulate([a, b, c])
    assert found[:3] == (a, b, c)
    assert [assumed(each)["23281", "I.2"] for each in found[3:]] == [
        ("verified", Amount(2, 3)), ("rejected", Amount(2, 3)),
    ]  # fmt: skip
    assert found[4].name == " + ".join(each.name for each in (a, b, c))
    assert cumulate([a]) == (a,)
    assert shorten("abc def", 5) == "abc…"


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).map(lambda text: " ".join(text.split()))
VALUES: Mapping[str, st.SearchStrategy[Amount]] = {
    "I.2": st.integers(0, 10**15 - 1).flatmap(lambda d: st.builds(Amount, st.integers(0, d), st.just(d))),
    "I.4": st.builds(Amount, st.integers(0, 1)),
    "I.7": st.builds(Amount, st.integers(0, 10**15 - 1)),
}


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    found = []
    for unit, code in draw(st.lists(st.tuples(UNIT, st.sampled_from(sorted(VALUES))), min_size=1, max_size=6)):
        status = draw(st.sampled_from(STATUSES))
        keep = status is Status.UNKNOWN or draw(st.booleans())
        found.append(Assumption(unit, code, status, None if keep else draw(VALUES[code])))
    return stack(draw(NAMES.filter(is_line)), found, draw(st.just("") | NAMES.filter(is_line)))


@given(scenario=scenarios())
def test_what_is_saved_reads_back_the_same(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "saved.yaml"
    path.write_bytes(scenario_yaml(scenario, LEVELS, UNITS))
    reading = reader()
    again = reading.read_file(path)
    reading.stop()
    assert again == scenario


@given(
    st.lists(
        st.sampled_from([
            ("1.1", Amount(125, 10)), ("1.3", Amount(2)), ("1.4:a", Amount(1234567)), ("1.5:a", Amount(1234, 1000)),
            ("1.7:1", Amount(0)), ("KK", Amount(3, 1)), ("1.5:b", Amount(5, 1)),
        ]),
        min_size=1,
    )
)  # fmt: skip
def test_what_is_saved_of_an_index_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[tuple[str, Amount]]
) -> None:
    found = stack("A", (Assumption("001", code, Status.VERIFIED, amount) for code, amount in chosen))
    path = tmp_path_factory.getbasetemp() / "saved-index.yaml"
    path.write_bytes(scenario_yaml(found, INDEX, indexes.UNITS))
    reading = reader(INDEX, indexes.UNITS)
    assert reading.read_file(path) == found
    reading.stop()


def test_a_saved_scenario_names_the_units_for_a_reader() -> None:
    text = scenario_yaml(words("23281:I.4=có", "615:II.1=@rejected"), LEVELS, UNITS).decode()
    assert "# Xã Đắk Hà\n    I.4: có\n" in text
    assert "# Huyện Đắk Hà\n    II.1: '@rejected'\n" in text
    assert value_text(Assumption("23281", "I.2", Status.VERIFIED), LEVELS, UNITS) == "@verified"
