"""Scores in words: inputs with their values, formulas with their numbers, points lost and how to win them back.

What the decision says (names, methods, lines of a formula) is quoted in its own words in both
languages. Every kind of not-knowing has words of its own: «chưa có số liệu» is never a bare 0.
"""

from collections.abc import Collection, Iterator
from fractions import Fraction

from evidence.facts import Amount, Status
from levels.faults import Language, Text
from levels.index import (
    Choice,
    CouncilScore,
    Gate,
    Index,
    Input,
    NoneDetected,
    Quantity,
    Scoring,
    Sum,
)
from reports.sentences import documents_text
from reports.words import NOTHING, decimal_text, exact_text, percent_text
from rules.scores import Applied, Gain, IndicatorScore, InputValue, Place, Score, State

STATES = {
    State.ACCEPTED: Text(vi="đã thẩm định", en="accepted"),
    State.SELF_REPORTED: Text(vi="mới tự báo cáo", en="self-reported only"),
    State.MISSING: Text(vi="chưa có số liệu, tính 0 điểm", en="no data, counts as 0 points"),
    State.REJECTED: Text(vi="không chấp nhận, tính 0 điểm", en="rejected, counts as 0 points"),
    State.ZERO_BASE: Text(vi="mẫu số bằng 0, tính 0 điểm", en="zero base, counts as 0 points"),
    State.NOT_SUBJECT: Text(vi="không thuộc diện đánh giá", en="not subject to it"),
}
MARKS = {
    State.SELF_REPORTED: "*",
    State.MISSING: "?",
    State.REJECTED: "×",
    State.ZERO_BASE: "÷",
    State.NOT_SUBJECT: NOTHING,
}
"""What stands beside, or instead of, points that do not rest on accepted values."""

ROUNDED = Text(
    vi="Điểm in đến hai chữ số thập phân, làm tròn nửa lên; tổng điểm và thứ hạng được tính trên phân số chính xác.",
    en="Points are printed with two decimals, rounded half up; totals and ranks are computed on exact fractions.",
)
NO_METHOD = Text(
    vi="Quyết định không nêu cách tính; điểm do Hội đồng chấm trong phạm vi điểm tối đa",
    en="the decision states no formula; the council scores up to the maximum",
)
STATUSES = {
    Status.UNKNOWN: Text(vi="chưa có số liệu", en="no data"),
    Status.SELF_REPORTED: Text(vi="mới tự báo cáo", en="self-reported only"),
    Status.VERIFIED: Text(vi="đã thẩm định", en="accepted"),
    Status.ADJUSTED: Text(vi="Hội đồng điều chỉnh", en="adjusted by the council"),
    Status.REJECTED: Text(vi="không chấp nhận", en="rejected"),
    Status.EXEMPT: Text(vi="Hội đồng cho không áp dụng", en="not applied, by the council's ruling"),
}


def points_text(points: Fraction, language: Language) -> str:
    """``18,75 điểm``; what would round to nothing is called less than a hundredth."""
    number = decimal_text(points, language)
    if number == "0" and points:
        return Text(vi="dưới 0,01 điểm", en="less than 0.01 points").say(language)
    return Text(vi=f"{number} điểm", en=f"{number} point{'' if number == '1' else 's'}").say(language)


def quantity_text(quantity: Fraction, language: Language) -> str:
    """``7``, or ``75/104 (72,11%)`` for a quotient; the percentage is cut and not rounded, the fraction exact."""
    if quantity.denominator == 1 and quantity != 1:
        return str(quantity)
    share = percent_text(quantity.numerator, quantity.denominator, language)
    return share if quantity == 1 else f"{quantity} ({share})"


def amount_text(entry: Input, amount: Amount, language: Language) -> str:
    """A fact's value as a person reads it: ``có``, ``120``, ``1,25 tỷ đồng``, the words of an option."""
    value = Fraction(amount.numerator, amount.denominator or 1)
    match entry.kind:
        case "presence":
            return (Text(vi="có", en="yes") if value else Text(vi="không", en="no")).say(language)
        case "choice" if 1 <= value <= len(entry.options):
            return f"“{entry.options[int(value) - 1]}”"
        case "score":
            return points_text(value, language)
        case _:
            return f"{decimal_text(value, language, 4)} {entry.unit}".rstrip()


def input_value_text(found: InputValue, language: Language) -> str:
    """The value of one input; – where there is none."""
    if found.fact is None or found.fact.amount is None:
        return NOTHING
    return amount_text(found.input, found.fact.amount, language)


def input_status_text(found: InputValue, language: Language) -> str:
    """How far one input is known, with what the unit had reported where the council changed it."""
    fact = found.fact
    if fact is None:
        return STATUSES[Status.UNKNOWN].say(language)
    if fact.status is Status.ADJUSTED and fact.reported is not None:
        reported = amount_text(found.input, fact.reported, language)
        return Text(
            vi=f"Hội đồng điều chỉnh từ số báo cáo {reported}", en=f"adjusted by the council from {reported}"
        ).say(language)
    return STATUSES[fact.status].say(language)


def state_text(line: IndicatorScore, language: Language) -> str:
    """What is known of the line; facts that are there and do not count are not called missing."""
    if line.unproven:
        return _UNPROVEN.say(language)
    statuses = {Status.UNKNOWN if found.fact is None else found.fact.status for found in line.inputs}
    if line.state is State.MISSING and Status.UNKNOWN not in statuses:
        return (_NOT_ACCEPTED if Status.SELF_REPORTED in statuses else _NOT_COUNTED).say(language)
    return STATES[line.state].say(language)


_UNPROVEN = Text(vi="thiếu tài liệu kiểm chứng, tính 0 điểm", en="its document is missing, counts as 0 points")
_NOT_ACCEPTED = Text(
    vi="Hội đồng chưa chấp nhận, tính 0 điểm", en="not accepted by the council yet, counts as 0 points"
)
_NOT_COUNTED = Text(
    vi="số liệu không được tính (ngoài kỳ số liệu hoặc thiếu tài liệu kiểm chứng), 0 điểm",
    en="facts that do not count (outside the data window or without a document), 0 points",
)


def input_sentence(found: InputValue, line: IndicatorScore, language: Language) -> str:
    """``a – Số lượng …: 75 (đã thẩm định)``; of an indicator's only input without words of its own just the value."""
    value = f"{input_value_text(found, language)} ({input_status_text(found, language)})"
    label = found.input.label
    if len(line.inputs) > 1:
        return f"{found.input.key} – {label}: {value}"
    return value if label in ("", line.indicator.name) else f"{label}: {value}"


def notes_of(line: IndicatorScore) -> str:
    """The council's and the unit's notes on the inputs, each once."""
    notes = dict.fromkeys(found.fact.note for found in line.inputs if found.fact is not None and found.fact.note)
    return "; ".join(notes)


def documents_of(line: IndicatorScore) -> str:
    """The documents that prove the inputs, each once."""
    texts = dict.fromkeys(documents_text(found.fact) for found in line.inputs)
    return "; ".join(text for text in texts if text)


def quantities(scoring: Scoring) -> Iterator[Quantity]:
    """Every quantity that a scoring measures, in printed order."""
    match scoring:
        case Sum(parts=parts):
            for part in parts:
                yield from quantities(part.scoring)
        case Gate(then=inner) | NoneDetected(otherwise=inner):
            yield from quantities(inner)
        case Choice() | CouncilScore():
            return
        case _:
            yield scoring.quantity


def quantity_sentences(line: IndicatorScore, language: Language) -> tuple[str, ...]:
    """The formula with its numbers put in: ``Tỷ lệ=(c+d)/(a+b) = (50+25)/(60+44) = 75/104 (72,11%)``."""
    values = {found.input.key: found.value for found in line.inputs}
    said = []
    for quantity in quantities(line.indicator.scoring):
        known = {key: values.get(key) for key in quantity.keys}
        exact = {key: value for key, value in known.items() if value is not None}
        over_zero = quantity.denominator and not any(exact.get(key) for key in quantity.denominator)
        if len(exact) == len(known) and not over_zero:
            said.append(_put_in(quantity, exact, line, language))
    return tuple(said)


def _put_in(quantity: Quantity, values: dict[str, Fraction], line: IndicatorScore, language: Language) -> str:
    above = sum((values[key] for key in quantity.numerator), Fraction(0))
    numbers = _sum_text([values[key] for key in quantity.numerator], language)
    result = above
    if quantity.denominator:
        numbers += "/" + _sum_text([values[key] for key in quantity.denominator], language)
        result = above / sum((values[key] for key in quantity.denominator), Fraction(0))
    head = quantity.text or Text(vi="Số lượng", en="Number").say(language)
    if not quantity.denominator:
        total = f"{head} = {numbers}" if len(quantity.numerator) == 1 else f"{head} = {numbers} = {above}"
        return f"{total} {line.indicator.by_key[quantity.numerator[0]].unit}".rstrip()
    return f"{head} = {numbers} = {percent_text(result.numerator, result.denominator, language)}"


def _sum_text(values: list[Fraction], language: Language) -> str:
    parts = [decimal_text(value, language, 4) for value in values]
    return f"({' + '.join(parts)})" if len(parts) > 1 else parts[0]


def applied_sentence(applied: Applied, maximum: int, language: Language) -> str:
    """``“Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa”: 18,03 điểm``; of peers with what they were compared with."""
    got = points_text(applied.share * maximum, language) + _peers_text(applied, language)
    if applied.text:
        return f"“{applied.text}”: {got}"
    return Text(vi=f"Điểm được chấm: {got}", en=f"Scored: {got}").say(language)


def _peers_text(applied: Applied, language: Language) -> str:
    """`` (thấp nhất 0, cao nhất 9 trong 17 đơn vị có số liệu)``; ``""`` where nobody was compared."""
    if applied.peers_lowest is None or applied.peers_highest is None:
        return ""
    lowest, highest = (_bound_text(bound, language) for bound in (applied.peers_lowest, applied.peers_highest))
    count = applied.peers_count
    return Text(
        vi=f" (thấp nhất {lowest}, cao nhất {highest} trong {count} đơn vị có số liệu)",
        en=f" (lowest {lowest}, highest {highest} of {count} unit{'' if count == 1 else 's'} with data)",
    ).say(language)


def _bound_text(bound: Fraction, language: Language) -> str:
    exact = exact_text(bound)
    return quantity_text(bound, language) if "/" in exact else exact.replace(".", "," if language == "vi" else ".")


def ways_back(line: IndicatorScore, language: Language, *, brief: bool = False) -> tuple[str, ...]:
    """What would win the lost points back, the best first; over a zero base only the council can rule."""
    ways = tuple(gain_sentence(gain, line, language, brief=brief) for gain in reversed(line.gains))
    return (*ways, _may_exempt(line).say(language)) if line.state is State.ZERO_BASE else ways


def _may_exempt(line: IndicatorScore) -> Text:
    maximum = line.indicator.max
    return Text(
        vi="Hội đồng có thể kết luận đơn vị không thuộc diện đánh giá chỉ số này (miễn, nêu rõ lý do): "
        f"khi đó {maximum} điểm của chỉ số không tính vào điểm tối đa của đơn vị",
        en="the council may rule that the unit is not subject to it (exempt, with a reason): "
        f"its {maximum} points then leave the unit's maximum",
    )


def gain_sentence(gain: Gain, line: IndicatorScore, language: Language, *, brief: bool = False) -> str:
    """One way to win points back: ``thêm 9 ở mục c (số hồ sơ …): được thêm 1,97 điểm – “Tỷ lệ≥80%: Điểm tối đa”``.

    ``brief``: the words of an input that has a letter or number are left out: they stand beside it.
    """
    most = Text(vi="tối đa ", en="up to ").say(language) if gain.at_most else ""
    won = most + points_text(gain.points, language)
    entry = line.indicator.by_key.get(gain.key)
    if entry is not None and entry.kind == "score" and not gain.at_most:
        return Text(vi=f"Hội đồng còn có thể chấm thêm {won}", en=f"the council may still score {won} more").say(
            language
        )
    if gain.at_most and entry is not None:
        what = entry.label or line.indicator.name
        return Text(
            vi=f"có số liệu “{what}” được chấp nhận: được thêm {won}", en=f"accepted data on “{what}”: {won} more"
        ).say(language)
    if gain.also and entry is not None:
        what, besides = entry.label or line.indicator.name, _besides_text(gain, line, language, brief=brief)
        words = f" – “{gain.text}”" if gain.text else ""
        return Text(
            vi=f"“{what}” và {besides}: được thêm {won}{words}", en=f"“{what}” and {besides}: {won} more{words}"
        ).say(language)
    if gain.more is None:
        what = gain.text or (entry.label if entry else "") or line.indicator.name
        return Text(vi=f"“{what}”: được thêm {won}", en=f"“{what}”: {won} more").say(language)
    words = f" – “{gain.text}”" if gain.text else ""
    more = _more_text(gain.key, gain.more, line, language, brief=brief)
    return Text(vi=f"{more}: được thêm {won}{words}", en=f"{more}: {won} more{words}").say(language)


def _besides_text(gain: Gain, line: IndicatorScore, language: Language, *, brief: bool) -> str:
    joined = Text(vi=" và ", en=" and ").say(language)
    return joined.join(_more_text(key, more, line, language, brief=brief) for key, more in gain.also)


def _more_text(key: str, more: Fraction, line: IndicatorScore, language: Language, *, brief: bool) -> str:
    """``thêm 9 ở mục c (số hồ sơ …)``."""
    entry = line.indicator.by_key.get(key)
    number = f"{decimal_text(more, language, 4)} {entry.unit if entry else ''}".rstrip()
    several = len(line.inputs) > 1
    label = f" ({entry.label})" if entry and entry.label and not (brief and several) else ""
    return Text(
        vi=f"thêm {number}{f' ở mục {key}' if several else ''}{label}",
        en=f"{number} more{f' of {key}' if several else ''}{label}",
    ).say(language)


def lost_sentence(line: IndicatorScore, language: Language) -> str:
    """How many points were lost and, where one did it, which kind of not-knowing; ``""`` at the full score."""
    if line.state is State.NOT_SUBJECT:
        return Text(
            vi=f"Đơn vị không thuộc diện đánh giá chỉ số này; {line.indicator.max} điểm không tính vào điểm tối đa",
            en=f"The unit is not subject to it; its {line.indicator.max} points leave the maximum",
        ).say(language)
    if not line.lost:
        return ""
    why = f" ({state_text(line, language)})" if line.state in _LOSING else ""
    lost = points_text(line.lost, language)
    return Text(vi=f"Mất {lost}{why}", en=f"{lost} lost{why}").say(language)


_LOSING = {State.MISSING, State.REJECTED, State.ZERO_BASE}


def rank_text(place: Place, language: Language, *, of: int | None = None) -> str:
    """``hạng 3/8``, with «đồng hạng» where it is shared."""
    rank = f"{place.rank}/{of}" if of else str(place.rank)
    tied = Text(vi=" (đồng hạng)", en=" (shared)").say(language) if place.tied else ""
    return Text(vi=f"hạng {rank}{tied}", en=f"rank {rank}{tied}").say(language)


def climbed_text(place: Place, language: Language) -> str:
    """``tăng 2 hạng``; – where last year's rank is not known."""
    climbed = place.climbed
    if climbed is None:
        return NOTHING
    if climbed == 0:
        return Text(vi="giữ hạng", en="unchanged").say(language)
    verb = Text(vi="tăng", en="up") if climbed > 0 else Text(vi="giảm", en="down")
    return f"{verb.say(language)} {abs(climbed)}{' hạng' if language == 'vi' else ''}"


def total_sentence(place: Place, language: Language, *, of: int | None = None, group: str = "") -> str:
    """The unit's result in one sentence, with last year's."""
    score = place.score
    percent = decimal_text(score.percent, language)
    total = f"{decimal_text(score.points, language)}/{score.reachable}"
    among = Text(vi=f" nhóm “{group}”", en=f" in “{group}”").say(language) if group else ""
    text = Text(
        vi=f"Năm {score.cycle}: {total} điểm ({percent}% điểm tối đa được tính), "
        f"{rank_text(place, 'vi', of=of)}{among}",
        en=f"{score.cycle}: {total} points ({percent}% of the reachable maximum), "
        f"{rank_text(place, 'en', of=of)}{among}",
    ).say(language)
    if score.bonus:
        bonus = decimal_text(score.bonus, language)
        text += Text(vi=f"; trong đó {bonus} điểm khuyến khích", en=f"; {bonus} of them bonus points").say(language)
    if place.last is not None:
        before = decimal_text(place.last.score.points, language)
        text += Text(
            vi=f". Năm {place.last.score.cycle}: {before} điểm, {rank_text(place.last, 'vi')} "
            f"({climbed_text(place, 'vi')})",
            en=f". {place.last.score.cycle}: {before} points, {rank_text(place.last, 'en')} "
            f"({climbed_text(place, 'en')})",
        ).say(language)
    return text + "."


def gaps_sentence(place: Place, language: Language) -> str:
    """How many points were lost because nothing is known or was refused; ``""`` where none was."""
    parts = []
    for words, lines in _open_lines(place.score, language).items():
        maximum = sum(line.indicator.max for line in lines)
        parts.append(
            Text(
                vi=f"{len(lines)} chỉ số {words} (tối đa {maximum} điểm)",
                en=f"{len(lines)} indicator{'' if len(lines) == 1 else 's'}: {words} (at most {maximum} points)",
            ).say(language)
        )
    return "; ".join(parts) + "." if parts else ""


def _open_lines(score: Score, language: Language) -> dict[str, list[IndicatorScore]]:
    """The lines that are not settled by what is said of them, the least known first."""
    found: dict[str, list[IndicatorScore]] = {}
    for state in (State.MISSING, State.ZERO_BASE, State.REJECTED, State.SELF_REPORTED):
        for line in score.indicators:
            if line.state is state:
                found.setdefault(state_text(line, language), []).append(line)
    return found


def readings_of(score: Score, language: Language, codes: Collection[str] | None = None) -> tuple[str, ...]:
    """The recorded interpretations that the lines rest on (only those of ``codes``), each with the indicators."""
    found: dict[str, list[str]] = {}
    for line in score.indicators:
        if codes is None or line.indicator.code in codes:
            for reading in line.readings:
                found.setdefault(reading, []).append(line.indicator.code)
    return tuple(
        Text(
            vi=f"{reading.clause} (chỉ số {', '.join(found[reading.id])}): {reading.reading}",
            en=f"{reading.clause} (indicator {', '.join(found[reading.id])}): {reading.reading}",
        ).say(language)
        for reading in score.index.interpretations
        if reading.id in found
    )


def reading_texts(index: Index, readings: Collection[str]) -> tuple[str, ...]:
    """The recorded interpretations with these ids, each with its clause; they are in Vietnamese."""
    return tuple(f"{reading.clause}: {reading.reading}" for reading in index.interpretations if reading.id in readings)
