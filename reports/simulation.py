"""The report of a simulation: how likely each level is, what holds it, what to verify first; text, HTML and PDF."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from levels.faults import Language, Text
from levels.framework import LEVELS
from reports.documents import render, render_text
from reports.simulation_charts import Bar, Key, Part, Pictures
from reports.simulation_words import (
    INTERVALS,
    TECHNICAL,
    assumption_sentences,
    chance_text,
    common_sentences,
    idle_sentences,
    plain_precision,
    points_of_percent,
    precision_sentence,
    seed_sentence,
)
from reports.tables import LANDSCAPE, Column, Row, Table, cell, row, table
from reports.words import NOTHING, SYNTHETIC_MARK, decimal_text, join, level_text, year_end
from rules.outlook import Outlook, Simulation, Worth, interval

MOST_WORTH = 20
"""How many verifications of either kind are told; the JSON tells them all."""

MOST_NAME = 100
"""The length to which names of criteria are cut: some are a paragraph."""

_LABELS = {
    "title": Text(vi="KHẢ NĂNG ĐẠT TỪNG MỨC", en="HOW LIKELY EACH LEVEL IS"),
    "assumed": Text(vi="Được giả định", en="Taken for granted"),
    "chances": Text(vi="Xác suất của từng mức", en="Probability of each level"),
    "worth": Text(vi="Nên xác minh trước", en="What to verify first"),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "now": Text(vi="Hiện nay", en="Now"),
    "binding": Text(vi="Tiêu chí thường giữ mức lại nhất", en="The criterion that most often binds"),
    "of": Text(vi="Mức của", en="Level of"),
    "verify": Text(vi="Số liệu cần xác minh", en="Fact to verify"),
    "right": Text(vi="Đoán đúng mức thêm", en="The level guessed right more often"),
    "moves": Text(vi="Khả năng đạt mức, khi đã biết", en="The chance of the level, once known"),
    "certain": Text(vi="Chắc chắn: cùng một mức trong mọi lần mô phỏng", en="Certain: the same level in every draw"),
    "technical": TECHNICAL,
    "frame": Text(vi="mức theo số liệu hiện nay", en="the level as recorded"),
    "none": Text(vi="chưa đạt", en="none"),
}


_ASKED = {
    "asked": Text(vi="mức được hỏi", en="the level asked"),
    "registered": Text(vi="mức đăng ký", en="the level registered"),
    "next": Text(vi="mức tiếp theo", en="the next level"),
}
_BELOW = 5
"""How many units below are named of a unit that reads them."""

_LINES_NOTE = Text(vi="(hiện nay: mức được chấp nhận / mức tự đánh giá)", en="(now: the accepted / the claimed level)")


@frozen
class SimulationView:
    title: str
    language: Language
    labels: Mapping[str, str]
    citation: str
    headline: str
    notes: tuple[str, ...]
    assumptions: tuple[str, ...]
    chances: Table | None  # of the units whose level is not certain
    certain: tuple[str, ...]
    worth: Table | None
    worth_note: str
    pictures: Pictures | None  # None: every level is certain
    lines_note: str
    lines: tuple[str, ...]
    verify: tuple[str, ...]
    synthetic_mark: str
    date: str


def simulation_text(simulation: Simulation, file: str, language: Language) -> str:
    """A simulation as plain text; ``file``: how the file of uncertainties is called."""
    return render_text(view_simulation(simulation, file, language), "simulation")


def simulation_pages(
    simulation: Simulation, file: str, language: Language, kinds: Sequence[str] = ("html", "pdf")
) -> dict[str, bytes]:
    """A simulation as ``html`` and, unless ``unavailable``, ``pdf``; of these only ``kinds``."""
    return render(view_simulation(simulation, file, language), "simulation", kinds)


def view_simulation(simulation: Simulation, file: str, language: Language) -> SimulationView:
    """The view of a simulation, the units in its order."""
    labels = {key: text.say(language) for key, text in _LABELS.items()}
    open_units = [outlook for outlook in simulation.units if is_open(outlook)]
    told = [*all_worth(simulation)[:MOST_WORTH], *all_moves(simulation)[:MOST_WORTH]]
    return SimulationView(
        title=labels["title"],
        language=language,
        labels=labels,
        citation=simulation.framework.instrument.citation,
        headline=_headline(simulation, language),
        notes=(
            seed_sentence(simulation.seed, language),
            precision_sentence(simulation.draws, language),
            INTERVALS.say(language),
        ),
        assumptions=(
            *assumption_sentences(simulation.used, file, language),
            *idle_sentences(simulation.idle, file, language),
            *(text.say(language) for text in common_sentences(simulation)),
        ),
        chances=_chances(simulation, open_units, labels, language) if open_units else None,
        certain=tuple(_certain(simulation, language)),
        worth=_worth(simulation, told, labels, language) if told else None,
        worth_note=_worth_note(told, language),
        pictures=_draw(simulation, open_units, labels, language) if open_units else None,
        lines_note=_LINES_NOTE.say(language),
        lines=tuple(_lines(simulation, open_units, labels, language)) if open_units else (),
        verify=tuple(_verify(simulation, outlook, worth, language) for outlook, worth in told),
        synthetic_mark=SYNTHETIC_MARK.say(language) if simulation.synthetic else "",
        date=year_end(simulation.cycle).isoformat(),
    )


def _headline(simulation: Simulation, language: Language) -> str:
    units = len(simulation.units)
    said = Text(
        vi=f"{units} đơn vị, kỳ {simulation.cycle}.",
        en=f"{units} unit{'' if units == 1 else 's'} in {simulation.cycle}.",
    )
    return f"{said.say(language)} {plain_precision(simulation.draws, language)}"


def is_open(outlook: Outlook) -> bool:
    """Whether the draws show more than one level of a unit."""
    return max(outlook.counts) < outlook.draws


def _certain(simulation: Simulation, language: Language) -> Iterator[str]:
    """The units whose level is certain, level by level, the highest first."""
    for level in (*reversed(LEVELS), 0):
        units = [each.unit for each in simulation.units if each.counts[level] == simulation.draws]
        if units:
            names = "; ".join(f"{unit.name} ({unit.code})" for unit in units)
            at = Text(vi="chưa đạt mức nào", en="no level")
            if level:
                at = Text(
                    vi=f"mức {level_text(simulation.framework, level, 'vi')}",
                    en=f"level {level_text(simulation.framework, level, 'en')}",
                )
            count = Text(vi=f"{len(units)} đơn vị", en=f"{len(units)} unit{'' if len(units) == 1 else 's'}")
            yield f"{at.say(language)} ({count.say(language)}): {names}."


def all_worth(simulation: Simulation) -> list[tuple[Outlook, Worth]]:
    """The verifications that are worth something, whosever level they tell; the greatest first."""
    found = [(outlook, worth) for outlook in simulation.units for worth in outlook.worth if worth.right]
    return sorted(found, key=lambda each: -each[1].right)


def all_moves(simulation: Simulation) -> list[tuple[Outlook, Worth]]:
    """The verifications that change no guess but, to be seen, the chance of the level asked; the most first."""
    found = [
        (outlook, worth)
        for outlook in simulation.units
        for worth in outlook.worth
        if not worth.right and chance_text(worth.lowest, "vi") != chance_text(worth.highest, "vi")
    ]
    return sorted(found, key=lambda each: -each[1].moves)


def _chances(
    simulation: Simulation, open_units: Sequence[Outlook], labels: Mapping[str, str], language: Language
) -> Table:
    columns = [
        Column(labels["unit"], 38),
        Column(labels["now"], 21, centred=True),
        *(Column(labels["none"] if level == 0 else str(level), 15, centred=True) for level in (0, *LEVELS)),
        Column(asked_text(simulation, open_units, language), 36),
        Column(labels["binding"], 0),
    ]
    return table(columns, (_chance_row(simulation, each, language) for each in open_units), width=LANDSCAPE, size=10)


def _chance_row(simulation: Simulation, outlook: Outlook, language: Language) -> Row:
    most = max(outlook.counts)
    chances = [
        cell(chance_text(chance, language) if chance else NOTHING, style="bold" if count == most else "plain")
        for chance, count in zip(outlook.probabilities, outlook.counts, strict=True)
    ]
    return row(
        cell(outlook.unit.name, outlook.unit.code),
        _now(outlook, language),
        *chances,
        _asked(simulation, outlook, language),
        cell(binding_text(outlook, language), below_text(outlook, language)),
    )


def asked_text(simulation: Simulation, outlooks: Iterable[Outlook], language: Language) -> str:
    """Which level is looked at, "at least the level registered": of several kinds all."""
    kinds = {"asked" if simulation.level else "registered" if each.unit.registered else "next" for each in outlooks}
    names = " / ".join(text.say(language) for kind, text in _ASKED.items() if kind in kinds)
    return Text(vi=f"Ít nhất {names}", en=f"At least {names}").say(language)


def below_text(outlook: Outlook, language: Language) -> str:
    """Which units below hold the unit back most often, and how often they are below what is asked of them; "": none."""
    if not outlook.below:
        return ""
    said = []
    for each in outlook.below[:_BELOW]:
        asked = [(each.every, each.below_every), (each.at, each.below_at)]
        told = [
            Text(
                vi=f"dưới mức {level}: {chance_text(Fraction(count, outlook.draws), language)}",
                en=f"below level {level}: {chance_text(Fraction(count, outlook.draws), language)}",
            ).say(language)
            for level, count in asked
            if count
        ]
        said.append(f"{each.unit.name} ({', '.join(told)})")
    if (rest := len(outlook.below) - _BELOW) > 0:
        said.append(Text(vi=f"{rest} đơn vị khác", en=f"{rest} others").say(language))
    code = outlook.below[0].criterion.code
    lead = Text(vi=f"Thường dưới mức mà {code} đòi hỏi", en=f"Most often below what {code} asks").say(language)
    return f"{lead}: {'; '.join(said)}"


def _now(outlook: Outlook, language: Language) -> str:
    levels = outlook.levels
    if levels.level == levels.claimed_level:
        return str(levels.level)
    return Text(
        vi=f"{levels.level} (tự đánh giá {levels.claimed_level})", en=f"{levels.level} (claimed {levels.claimed_level})"
    ).say(language)


def _asked(simulation: Simulation, outlook: Outlook, language: Language) -> str:
    chance = outlook.at_least(outlook.asked)
    low, high = interval(sum(outlook.counts[outlook.asked :]), simulation.draws)
    name = level_text(simulation.framework, outlook.asked, language)
    spread = ""
    if 0 < chance < 1:
        spread = f" ({decimal_text(low * 100, language, 1)}–{decimal_text(high * 100, language, 1)}%)"
    return f"{name}: {chance_text(chance, language)}{spread}"


def binding_text(outlook: Outlook, language: Language) -> str:
    """The criteria that bind most often, and how often."""
    most = outlook.binding_most
    if not most:
        return NOTHING
    codes = [each.criterion.code for each in most]
    chance = chance_text(Fraction(most[0].count, outlook.draws), language)
    if len(codes) > 6:
        rest = len(codes) - 5
        codes = [*codes[:5], Text(vi=f"{rest} tiêu chí khác", en=f"{rest} others").say(language)]
    name = f" – {_shortened(most[0].criterion.name)}" if len(most) == 1 else ""
    return f"{join(codes, language)}{name}: {chance}"


def _worth(
    simulation: Simulation, told: Sequence[tuple[Outlook, Worth]], labels: Mapping[str, str], language: Language
) -> Table:
    columns = [
        Column(labels["of"], 55),
        Column(labels["verify"], 0),
        Column(labels["right"], 35, centred=True),
        Column(labels["moves"], 52),
    ]
    rows = (
        row(
            cell(outlook.unit.name, outlook.unit.code),
            fact_text(outlook, worth, language),
            points_of_percent(worth.right, language) if worth.right else NOTHING,
            moves_text(simulation, outlook, worth, language) or NOTHING,
        )
        for outlook, worth in told
    )
    return table(columns, rows, width=LANDSCAPE, size=10)


def fact_text(outlook: Outlook, worth: Worth, language: Language) -> str:
    """The fact to verify; whose it is where it is not the unit's own."""
    about = f"{worth.criterion.code} – {_shortened(worth.criterion.name)}"
    if worth.unit.code == outlook.unit.code:
        return about
    return Text(
        vi=f"{about} (của {worth.unit.name}, {worth.unit.code})",
        en=f"{about} (of {worth.unit.name}, {worth.unit.code})",
    ).say(language)


def moves_text(simulation: Simulation, outlook: Outlook, worth: Worth, language: Language) -> str:
    """Between what the chance of the level asked then lies; "" where it stays."""
    level = level_text(simulation.framework, outlook.asked, language)
    low, high = chance_text(worth.lowest, language), chance_text(worth.highest, language)
    now = chance_text(outlook.at_least(outlook.asked), language)
    if low == high:
        return ""
    return Text(
        vi=f"khả năng đạt mức {level}, nay {now}, thành {low} hoặc {high}",
        en=f"the chance of level {level}, now {now}, becomes {low} or {high}",
    ).say(language)


def _worth_note(told: Sequence[tuple[Outlook, Worth]], language: Language) -> str:
    if not told:
        return Text(
            vi="Biết chắc thêm một số liệu riêng lẻ nào cũng không làm thay đổi khả năng đạt mức đang xét.",
            en="No single fact, once known for certain, would change the chance of the level looked at.",
        ).say(language)
    sentences = [
        Text(
            vi="Biết chắc một số liệu thì khả năng đạt mức đang xét thay đổi: số đầu là ở kết quả xấu nhất, số"
            " sau là ở kết quả tốt nhất.",
            en="Once a fact is known, the chance of the level looked at changes: the first number is after the worst"
            " outcome, the second after the best.",
        )
    ]
    if any(worth.right for _, worth in told):
        sentences.append(
            Text(
                vi="“Đoán đúng thêm”: đoán mức là chọn mức có xác suất lớn nhất; biết chắc số liệu làm cho lựa chọn đó"
                " đúng thêm bao nhiêu phần trăm số lần, tính trung bình trên các kết quả có thể có.",
                en="“Guessed right more often”: the level is guessed as the most likely one; the fact makes that guess"
                " right in so many more of all draws, on average over what may be found.",
            )
        )
    else:
        sentences.append(
            Text(
                vi="Mức có xác suất lớn nhất vẫn như vậy, số liệu riêng lẻ nào cũng không đổi được.",
                en="The most likely level stays the same whichever single fact is known.",
            )
        )
    return " ".join(text.say(language) for text in sentences)


def _lines(
    simulation: Simulation, open_units: Sequence[Outlook], labels: Mapping[str, str], language: Language
) -> Iterator[str]:
    """The chances as text: columns that stand under each other, and what binds beneath each unit."""
    names = [f"{outlook.unit.name} ({outlook.unit.code})" for outlook in open_units]
    width = max(len(name) for name in names)
    levels = [labels["none"], *map(str, LEVELS)]
    yield " ".join([" " * width, *(f"{text:>8}" for text in (labels["now"], *levels))])
    binds = Text(vi="thường giữ mức lại nhất", en="binds most often").say(language)
    for name, outlook in zip(names, open_units, strict=True):
        chances = [chance_text(chance, language) if chance else NOTHING for chance in outlook.probabilities]
        now = f"{outlook.levels.level}/{outlook.levels.claimed_level}"
        yield " ".join([f"{name:<{width}}", *(f"{text:>8}" for text in (now, *chances))])
        asked = asked_text(simulation, [outlook], language)
        yield f"    {asked[0].lower()}{asked[1:]} {_asked(simulation, outlook, language)}"
        if outlook.binding:
            yield f"    {binds}: {binding_text(outlook, language)}"
        if below := below_text(outlook, language):
            yield f"    {below[0].lower()}{below[1:]}"


def _verify(simulation: Simulation, outlook: Outlook, worth: Worth, language: Language) -> str:
    fact = fact_text(outlook, worth, language)
    right = points_of_percent(worth.right, language)
    told = [moves_text(simulation, outlook, worth, language)]
    if worth.right:
        told.append(Text(vi=f"đoán đúng thêm {right}", en=f"guessed right {right} more often").say(language))
    said = "; ".join(filter(None, told))
    return f"{outlook.unit.name} ({outlook.unit.code}): {fact}: {said}."


def _shortened(name: str) -> str:
    return textwrap.shorten(name, MOST_NAME, placeholder=" …")


def _draw(
    simulation: Simulation, open_units: Sequence[Outlook], labels: Mapping[str, str], language: Language
) -> Pictures:
    bars = [
        Bar(
            f"{outlook.unit.name} ({outlook.unit.code})",
            tuple(
                Part(level, chance, chance_text(chance, language), level == outlook.levels.level)
                for level, chance in enumerate(outlook.probabilities)
                if chance or level == outlook.levels.level
            ),
        )
        for outlook in open_units
    ]
    keys = [
        Key(str(level), labels["none"] if level == 0 else level_text(simulation.framework, level, language), level)
        for level in (0, *LEVELS)
    ]
    return Pictures.of(bars, keys, int, labels["chances"], labels["frame"], "")
