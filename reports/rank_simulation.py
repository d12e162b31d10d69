"""The report of a rank simulation: how likely each rank is, and the points expected; text, HTML, PDF, Excel."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from levels.faults import Language, Text
from reports.documents import render, render_text
from reports.ranking_table import group_name
from reports.sheets import Book
from reports.simulation_charts import Bar, Key, Part, Pictures
from reports.simulation_sheets import HEAD
from reports.simulation_words import (
    TECHNICAL,
    assumption_sentences,
    chance_text,
    idle_sentences,
    plain_precision,
    precision_sentence,
    seed_sentence,
)
from reports.tables import LANDSCAPE, Column, Row, Table, cell, row, table
from reports.words import SYNTHETIC_MARK, decimal_text, year_end
from rules.outlook import GroupOutlook, RankOutlook, RankSimulation

_LABELS = {
    "title": Text(vi="KHẢ NĂNG CỦA TỪNG HẠNG", en="HOW LIKELY EACH RANK IS"),
    "assumed": Text(vi="Được giả định", en="Taken for granted"),
    "chances": Text(vi="Xác suất của từng hạng", en="Probability of each rank"),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "code": Text(vi="Mã", en="Code"),
    "points": Text(vi="Điểm hiện nay", en="Points now"),
    "expected": Text(vi="Điểm kỳ vọng", en="Points expected"),
    "rank": Text(vi="Hạng hiện nay", en="Rank now"),
    "likely": Text(vi="Hạng có khả năng nhất", en="Most likely rank"),
    "keeps": Text(vi="Giữ hạng hoặc tốt hơn", en="Keeps it or better"),
    "within": Text(vi="Hạng trong 90% số lần", en="Rank in 90 % of draws"),
    "technical": TECHNICAL,
    "frame": Text(vi="hạng theo số liệu hiện nay", en="the rank as recorded"),
}
_SHORT = (
    Text(vi="điểm", en="points"),
    Text(vi="kỳ vọng", en="expected"),
    Text(vi="hạng", en="rank"),
    Text(vi="nhiều nhất", en="likely"),
    Text(vi="giữ", en="keeps"),
    Text(vi="90%", en="90%"),
)
"""The heads of the columns in text, where a line has to fit a terminal."""

_LEGEND = Text(
    vi="(điểm, hạng: hiện nay; nhiều nhất: hạng có khả năng nhất; giữ: giữ hạng hoặc tốt hơn; 90%: hạng trong 90% số"
    " lần)",
    en="(points, rank: now; likely: the most likely rank; keeps: keeps its rank or a better one; 90%: the ranks of 90 %"
    " of the draws)",
)

_COMMON = (
    Text(
        vi="Mọi số liệu khác được giữ nguyên: tự chấm thì theo số đã báo cáo, chưa có hoặc không được chấp nhận thì 0"
        " điểm; điểm thưởng chưa đề nghị thì không có.",
        en="All other data stay as they are: self-reported ones at their word, missing and rejected ones 0 points; no"
        " bonus that nobody proposed.",
    ),
    Text(
        vi="Các số liệu được rút độc lập với nhau; số liệu của một chỉ số lấy từ đơn vị khác thì lấy từ cùng một đơn"
        " vị.",
        en="Data are drawn independently of each other; those of one indicator that come from peers come from one"
        " peer.",
    ),
    Text(
        vi="Số dùng làm mẫu số không bị thẩm định giảm, vì như vậy điểm sẽ tăng.",
        en="What only others are parts of is not corrected downward by an audit, for that would win points.",
    ),
)


@frozen
class GroupView:
    heading: str
    pictures: Pictures | None  # None: every rank is certain
    chances: Table
    lines: tuple[str, ...]


@frozen
class RankSimulationView:
    title: str
    language: Language
    labels: Mapping[str, str]
    citation: str
    headline: str
    notes: tuple[str, ...]
    assumptions: tuple[str, ...]
    legend: str
    groups: tuple[GroupView, ...]
    synthetic_mark: str
    date: str


def rank_simulation_text(simulation: RankSimulation, file: str, language: Language) -> str:
    """A simulation as plain text; ``file``: how the file of uncertainties is called."""
    return render_text(view_rank_simulation(simulation, file, language), "rank_simulation")


def rank_simulation_pages(
    simulation: RankSimulation, file: str, language: Language, kinds: Sequence[str] = ("html", "pdf")
) -> dict[str, bytes]:
    """A simulation as ``html`` and, unless ``unavailable``, ``pdf``; of these only ``kinds``."""
    return render(view_rank_simulation(simulation, file, language), "rank_simulation", kinds)


def view_rank_simulation(simulation: RankSimulation, file: str, language: Language) -> RankSimulationView:
    """The view of a simulation, group by group."""
    labels = {key: text.say(language) for key, text in _LABELS.items()}
    units = sum(len(group.units) for group in simulation.groups)
    headline = Text(
        vi=f"{units} đơn vị, kỳ {simulation.cycle}.",
        en=f"{units} unit{'' if units == 1 else 's'} in {simulation.cycle}.",
    )
    return RankSimulationView(
        title=labels["title"],
        language=language,
        labels=labels,
        citation=simulation.index.instrument.citation,
        headline=f"{headline.say(language)} {plain_precision(simulation.draws, language)}",
        notes=(seed_sentence(simulation.seed, language), precision_sentence(simulation.draws, language)),
        assumptions=(
            *assumption_sentences(simulation.used, file, language),
            *idle_sentences(simulation.idle, file, language),
            *(text.say(language) for text in _COMMON),
        ),
        legend=_LEGEND.say(language),
        groups=tuple(_group(group, labels, language) for group in simulation.groups),
        synthetic_mark=SYNTHETIC_MARK.say(language) if simulation.synthetic else "",
        date=year_end(simulation.cycle).isoformat(),
    )


def central(outlook: RankOutlook) -> tuple[int, int]:
    """The ranks between which a unit is in at least 90 of 100 draws, a twentieth left out at either end."""
    so_far, low, high = 0, 0, 0
    for rank, count in enumerate(outlook.counts, start=1):
        so_far += count
        low = low or (rank if 20 * so_far > outlook.draws else 0)
        high = high or (rank if 20 * so_far >= 19 * outlook.draws else 0)
    return low, high


def _group(group: GroupOutlook, labels: Mapping[str, str], language: Language) -> GroupView:
    name = group_name(group.group) + ("" if group.parent is None else f" – {group.parent.name}")
    heading = Text(vi=f"{name} ({group.size} đơn vị)", en=f"“{name}” ({group.size} units)").say(language)
    return GroupView(
        heading,
        _draw(group, f"{labels['chances']}: {heading}", labels["frame"], language),
        _table(group, labels, language),
        tuple(_lines(group, language)),
    )


def _table(group: GroupOutlook, labels: Mapping[str, str], language: Language) -> Table:
    columns = [
        Column(labels["unit"], 0),
        Column(labels["points"], 24, centred=True),
        Column(labels["expected"], 24, centred=True),
        Column(labels["rank"], 20, centred=True),
        Column(labels["likely"], 34, centred=True),
        Column(labels["keeps"], 30, centred=True),
        Column(labels["within"], 30, centred=True),
    ]
    return table(columns, (_row(outlook, language) for outlook in group.units), width=LANDSCAPE, size=11)


def _row(outlook: RankOutlook, language: Language) -> Row:
    return row(cell(outlook.unit.name, outlook.unit.code), *_cells(outlook, language))


def _cells(outlook: RankOutlook, language: Language) -> tuple[str, ...]:
    most = max(outlook.counts)
    low, high = central(outlook)
    return (
        decimal_text(outlook.points, language),
        decimal_text(outlook.expected, language),
        str(outlook.rank),
        f"{outlook.counts.index(most) + 1} ({chance_text(Fraction(most, outlook.draws), language)})",
        chance_text(outlook.at_best(outlook.rank), language),
        str(low) if low == high else f"{low}–{high}",
    )


def _lines(group: GroupOutlook, language: Language) -> Iterator[str]:
    names = [f"{outlook.unit.name} ({outlook.unit.code})" for outlook in group.units]
    heads = [text.say(language) for text in _SHORT]
    rows = [_cells(outlook, language) for outlook in group.units]
    widths = [max(len(text) for text in column) for column in zip(heads, *rows, strict=True)]
    width = max(map(len, names))
    for name, cells in (("", heads), *zip(names, rows, strict=True)):
        texts = (f"{text:>{wide}}" for text, wide in zip(cells, widths, strict=True))
        yield "  ".join([f"{name:<{width}}", *texts]).rstrip()


def _draw(group: GroupOutlook, title: str, frame: str, language: Language) -> Pictures | None:
    """The units whose rank is not certain."""
    units = [outlook for outlook in group.units if outlook.span[0] != outlook.span[1]]
    if not units:
        return None
    settled = len(group.units) - len(units)
    note = Text(
        vi=f"{settled} đơn vị khác có cùng một hạng trong mọi lần mô phỏng, xem bảng.",
        en=f"{settled} other{' has' if settled == 1 else 's have'} the same rank in every draw, see the table.",
    )

    def shade(rank: int) -> int:
        return 5 - (rank - 1) * 5 // group.size  # the best fifth of the ranks is the darkest

    bars = [
        Bar(
            f"{outlook.unit.name} ({outlook.unit.code})",
            tuple(
                Part(rank, chance, chance_text(chance, language), rank == outlook.rank)
                for rank, chance in enumerate(outlook.probabilities, start=1)
                if chance or rank == outlook.rank
            ),
        )
        for outlook in units
    ]
    fifths: dict[int, list[int]] = {}
    for rank in range(1, group.size + 1):
        fifths.setdefault(shade(rank), []).append(rank)
    word = Text(vi="hạng", en="rank").say(language)
    keys = [
        Key(str(ranks[0]), f"{word} {ranks[0]}" + (f"–{ranks[-1]}" if len(ranks) > 1 else ""), its)
        for its, ranks in fifths.items()
    ]
    return Pictures.of(bars, keys, shade, title, frame, note.say(language) if settled else "")


def rank_simulation_workbook(simulation: RankSimulation, file: str, language: Language) -> bytes:
    """A simulation as an Excel workbook: draws by rank of every unit, a sheet for each group, and what was assumed."""
    view, book = view_rank_simulation(simulation, file, language), Book()
    for number, group in enumerate(simulation.groups, start=1):
        _sheet(book, f"{number}. {group.group.id}"[:31], simulation, group, view, language)
    sheet = book.sheet(view.labels["assumed"])
    top = book.heading(sheet, [view.labels["assumed"], view.synthetic_mark, view.headline])
    for line, text in enumerate((*view.assumptions, *view.notes), start=top):
        book.write(sheet, line, 0, text)
    sheet.set_column(0, 0, 120)
    return book.close()


def _sheet(
    book: Book, name: str, simulation: RankSimulation, group: GroupOutlook, view: RankSimulationView, language: Language
) -> None:
    labels = view.labels
    sheet = book.sheet(name)
    draws = Text(vi=f"số lần trên {simulation.draws}", en=f"draws of {simulation.draws}").say(language)
    heading = group_name(group.group) + ("" if group.parent is None else f" – {group.parent.name}")
    top = book.heading(sheet, [f"{labels['chances']} ({draws}): {heading}", view.synthetic_mark, view.citation])
    keys = ("code", "unit", "points", "expected", "rank", "within")
    for column, text in enumerate((*(labels[key] for key in keys), *map(str, range(1, group.size + 1)))):
        book.write(sheet, top, column, text, **HEAD)
    for line, outlook in enumerate(group.units, start=top + 1):
        points, expected = (decimal_text(value, language, 4) for value in (outlook.points, outlook.expected))
        low, high = central(outlook)
        cells = (outlook.unit.code, outlook.unit.name, points, expected, outlook.rank, f"{low}–{high}", *outlook.counts)
        for column, value in enumerate(cells):
            book.write(sheet, line, column, value, border=1, align="left" if column == 1 else "center")
    for column, width in enumerate((12, 34, 12, 12, 9, 11)):
        sheet.set_column(column, column, width)
    sheet.set_column(6, 5 + group.size, 7)
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)
