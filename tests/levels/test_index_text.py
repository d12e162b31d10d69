"""The rulebook of an index says word for word what its decision's table says, and leaves nothing out.

Every decision has one function that takes its text apart into the rows of its table, undoing only
what the transcription added, and one that makes the same rows from the rulebook alone.
"""

import importlib.resources
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

import pytest

from levels.framework import Tier
from levels.index import Index
from levels.loader import load_index

Rows = list[Sequence[str]]

_TAG = re.compile(r"</?(?:ul|p|i)(?: [^<>]*)?>")
_FORMULA = re.compile(r"\$([^$]*)\$")
_SIGNS = {r"\geq": "≥", r"\leq": "≤", r"\%": "%"}


def decision(index_id: str) -> str:
    """The text of the decision that stands beside the rulebook."""
    return (importlib.resources.files("levels") / "frameworks" / index_id / "decision.txt").read_text("utf-8")


def undone(cell: str) -> str:
    """``cell`` without HTML tags, LaTeX, line wraps and doubled spaces; TeX sets no spaces in formulas."""
    text = _FORMULA.sub(lambda match: match[1].replace(" ", ""), _TAG.sub(" ", cell))
    for mark, sign in _SIGNS.items():
        text = text.replace(mark, sign)
    return " ".join(text.split())


def chu_prong_decision(text: str) -> Rows:
    """Phụ lục 02: everything that stands in columns; offices that work together are told apart by commas."""
    rows: Rows = []
    for line in text.splitlines():
        if "\t" in line:
            cells = [undone(cell) for cell in line.split("\t")]
            rows.append((*cells[:6], cells[6].replace(";", ","), cells[7]))
    return rows


def chu_prong_rulebook(index: Index) -> Rows:
    district = index.sets[Tier.DISTRICT]
    head = (
        "SỐ TT", "Chỉ số/Chỉ số thành phần", "Điểm tối đa", "Cách xác định và tính điểm", "Tài liệu kiểm chứng",
        "Đơn vị phụ trách", "Đơn vị phối hợp", "Mã tiêu chí",
    )  # fmt: skip
    rows: Rows = [head, ("I", "Thông tin chung", "", "", "", "", "", "I")]
    rows += [(item.number, item.name, "", "", "", item.lead, "", item.code) for item in district.general]
    rows += [("II", "Chỉ số đánh giá", "", "", "", "", "", "")]
    for pillar in district.pillars:
        # The reading first-pillar-code: the first pillar prints the code of «Tên cấp huyện».
        code = "I.1" if pillar.code == "II.1" else pillar.code
        rows.append((pillar.number, pillar.name, str(pillar.max), "", "", "", "", code))
        for indicator in pillar.indicators:
            texts = (indicator.method, indicator.proof, indicator.lead, ", ".join(indicator.support))
            rows.append((indicator.number, indicator.name, str(indicator.max), *texts, indicator.code))
    return rows


TABLES: dict[str, tuple[Callable[[str], Rows], Callable[[Index], Rows]]] = {
    "chu-prong-2023": (chu_prong_decision, chu_prong_rulebook),
}
EVERY = pytest.mark.parametrize("index_id", TABLES)


@EVERY
def test_the_rulebook_rebuilds_every_row_of_the_decision_with_nothing_left_over(index_id: str) -> None:
    of_decision, of_rulebook = TABLES[index_id]
    printed, rebuilt = of_decision(decision(index_id)), of_rulebook(load_index(index_id))
    for row, again in zip(printed, rebuilt, strict=False):
        assert tuple(again) == tuple(row)
    assert len(rebuilt) == len(printed)


@EVERY
def test_the_decision_is_in_nfc(index_id: str) -> None:
    assert unicodedata.is_normalized("NFC", decision(index_id))


@pytest.mark.parametrize("index_id", [*TABLES, "bac-ninh-1187-2023", "dak-lak-2534-2022", "ha-noi-2024"])
def test_the_words_that_an_interpretation_reads_stand_in_the_decision(index_id: str) -> None:
    printed = undone(decision(index_id)).replace("*", "")  # the transcriptions mark what is set in bold
    assert [i.id for i in load_index(index_id).interpretations if i.wording.replace("*", "") not in printed] == []


def chu_prong_inputs() -> Iterator[tuple[str, str, str, str]]:
    """Every input that the rulebook of Chư Prông lists, with the words that may name it."""
    for indicator in load_index("chu-prong-2023").sets[Tier.DISTRICT].indicators:
        for entry in indicator.inputs:
            yield indicator.code, entry.key, entry.label, f"{indicator.name} {indicator.method}"


@pytest.mark.parametrize(("code", "key", "label", "words"), list(chu_prong_inputs()))
def test_an_input_of_chu_prong_is_named_by_the_annexs_words_and_lettered_as_there(
    code: str, key: str, label: str, words: str
) -> None:
    assert label in words
    if key.isalpha():
        assert re.search(rf"(?:^|[ ;.]){key} ?= ?{re.escape(label)}", words)


def test_chu_prong_is_cited_in_its_own_words() -> None:
    index, title = load_index("chu-prong-2023"), decision("chu-prong-2023").strip().splitlines()[0]
    district = index.sets[Tier.DISTRICT]
    assert title == f"{district.annex.upper()}**{district.title}***(Kèm theo {index.instrument.citation})*"
    assert index.instrument.title == district.title
    assert index.instrument.citation.endswith(index.instrument.issuer)
    assert index.clause(Tier.DISTRICT, "II.6.5") == "Phụ lục 02, chỉ số II.6.5"


def test_chu_prong_has_20_rows_of_general_information_and_74_indicators_worth_1000_points() -> None:
    district = load_index("chu-prong-2023").sets[Tier.DISTRICT]
    assert [item.code for item in district.general if item.code] == [f"I.{number}" for number in range(1, 21)]
    assert [len(pillar.indicators) for pillar in district.pillars] == [6, 10, 7, 8, 11, 20, 7, 5]
    assert [pillar.max for pillar in district.pillars] == [80, 120, 100, 90, 100, 260, 140, 110]
    assert sum(indicator.max for indicator in district.indicators) == 1000
