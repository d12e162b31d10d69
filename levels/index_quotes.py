"""Checks that an index says of points only what the decision says, and that every doubtful word is read aloud."""

import re
from collections.abc import Iterator
from fractions import Fraction

from levels.faults import Text
from levels.findings import Finding, IndicatorLine, indicator_lines
from levels.formulas import quoted
from levels.index import Choice, CouncilScore, Gate, Index, NoneDetected, Peers, Scoring, Sum
from levels.source import Path
from levels.violations import shorten

UNPRINTED = "ratio-not-printed"
"""The reading that names the indicators whose ratio the decision uses and does not print."""

_MARK = "¦"  # stands for words that are quoted or read
_POINTS = re.compile(r"[^;¦]*?(?:điểm tối đa|[0-9] ?%? điểm)|điểm ?= ?[^\s¦+;][^;¦]*", re.IGNORECASE)
_BULLET = re.compile(r"(?:^| )[-+] ")
_DEFINED = re.compile(r"(?:^|(?<=[\s;.,]))([a-z]) ?= ?(?=\w)")

_ALWAYS = (
    ("points-missing", Text("thiếu số liệu thì sao", "what of missing data")),
    ("points-rounding", Text("làm tròn thế nào", "how points are rounded")),
    ("points-ceiling", Text("có vượt điểm tối đa được không", "may points exceed the maximum")),
    ("points-not-subject", Text("đơn vị không thuộc đối tượng thì sao", "what of a unit that is not subject")),
    ("ranking-ties", Text("bằng điểm thì xếp hạng thế nào", "how ties are ranked")),
)
_PEERS = ("peers-equal", Text("mọi đơn vị bằng nhau thì sao", "what of equal peers"))

_ODD = (
    (
        re.compile(r"[<>≥≤=] ?[0-9]+(?:[.,][0-9]+)?(?! ?%|[0-9.,])"),
        Text("là số hay phần trăm", "a number or a percentage"),
    ),
    (re.compile(r"Tỷ lệ [0-9]"), Text("tỷ lệ nào", "which ratio")),
    (
        re.compile(r"Min-Max.*cao nhất"),
        Text("so với cao nhất hay cả thấp nhất", "against the highest, or the lowest too"),
    ),
)


def check_quotes(index: Index) -> Iterator[Finding]:
    """Every quote that points rest on stands in the method, word for word."""
    for line in indicator_lines(index):
        method = line.indicator.method
        for path, text in quoted(line.indicator.scoring):
            if text in method or (path[-1] == "ratio" and _is_covered(index, line, UNPRINTED)):
                continue
            yield Finding(
                (*line.path, *path),
                Text(
                    f"chỉ số {line.indicator.code}: cách tính không có chữ «{text}»",
                    f"indicator {line.indicator.code}: the method does not say «{text}»",
                ),
                Text("cần đúng chữ in trong bảng", "the words as printed in the table are expected"),
            )


def _is_covered(index: Index, line: IndicatorLine, reading: str) -> bool:
    return any(i.id == reading and line.place in i.criteria for i in index.interpretations)


def check_unquoted(index: Index) -> Iterator[Finding]:
    """No words of a method that state points stand outside the quotes, unless an interpretation reads them."""
    for line in indicator_lines(index):
        known = {text for _, text in quoted(line.indicator.scoring)} | set(_wordings(index, line))
        rest = line.indicator.method
        for text in sorted(known, key=len, reverse=True):
            rest = rest.replace(text, _MARK)
        for match in _POINTS.finditer(rest):
            words = shorten(_BULLET.split(match[0])[-1].strip())
            yield Finding(
                (*line.path, "method"),
                Text(
                    f"chỉ số {line.indicator.code}: «{words}» nói về điểm mà không được trích",
                    f"indicator {line.indicator.code}: «{words}» speaks of points and is not quoted",
                ),
                Text(
                    f"cần trích, hoặc một cách hiểu có wording này và criteria có {line.place}",
                    f"a quote is expected, or an interpretation of this wording whose criteria name {line.place}",
                ),
                "warning",
            )


def _wordings(index: Index, line: IndicatorLine) -> Iterator[str]:
    return (i.wording for i in index.interpretations if i.wording and line.place in i.criteria)


def check_inputs(index: Index) -> Iterator[Finding]:
    """Inputs bear the decision's words and letters, in printed order; no letter of the method is left out."""
    for line in indicator_lines(index):
        if isinstance(line.indicator.scoring, Choice | Sum | CouncilScore):
            continue  # theirs follow from the quotes
        yield from _check_labels(line)
        keys = [entry.key for entry in line.indicator.inputs]
        for kind in (str.isalpha, str.isdigit):
            some = [key for key in keys if kind(key)]
            usual = [str(number + 1) if kind is str.isdigit else chr(ord("a") + number) for number in range(len(some))]
            if some != usual:
                yield Finding(
                    (*line.path, "inputs"),
                    Text(
                        f"khóa {', '.join(some)} không theo thứ tự in", f"the keys {', '.join(some)} are out of order"
                    ),
                    Text(f"cần {', '.join(usual)}", f"{', '.join(usual)} is expected"),
                )
        for letter in dict.fromkeys(_DEFINED.findall(line.indicator.method)):
            if letter not in keys:
                yield Finding(
                    (*line.path, "inputs"),
                    Text(
                        f"cách tính nêu «{letter}=», không có dữ liệu đó", f"the method says «{letter}=», no input does"
                    ),
                    Text("mỗi chữ cái là một dữ liệu", "every letter is an input"),
                )


def _check_labels(line: IndicatorLine) -> Iterator[Finding]:
    words = f"{line.indicator.name} {line.indicator.method}"
    for number, entry in enumerate(line.indicator.inputs):
        lettered = rf"(?<!\w){entry.key} ?= ?" if entry.key.isalpha() else ""
        if not re.search(lettered + re.escape(entry.label), words):
            said = f"{entry.key}= {entry.label}" if lettered else entry.label
            yield Finding(
                (*line.path, "inputs", number, "label"),
                Text(
                    f"chỉ số {line.indicator.code} không có chữ «{said}»",
                    f"indicator {line.indicator.code} does not say «{said}»",
                ),
                Text("cần đúng chữ in trong bảng", "the words as printed in the table are expected"),
            )


def check_choices(index: Index) -> Iterator[Finding]:
    """One option, or all parts together, earn the whole maximum; parts earn no more."""
    for line in indicator_lines(index):
        scoring = line.indicator.scoring
        if isinstance(scoring, Choice):
            best, key = max(option.share for option in scoring.options), "options"
        elif isinstance(scoring, Sum):
            best, key = sum((part.share for part in scoring.parts), Fraction(0)), "parts"
        else:
            continue
        if best != 1:
            yield Finding(
                (*line.path, "scoring", key),
                Text(
                    f"chỉ số {line.indicator.code}: nhiều nhất được {best} điểm tối đa",
                    f"indicator {line.indicator.code}: at best {best} of the maximum is earned",
                ),
                Text("cần đúng điểm tối đa", "the whole maximum is expected"),
                "error" if best > 1 else "warning",
            )


def check_odd_words(index: Index) -> Iterator[Finding]:
    """Odd words of a quote are kept literally, and an interpretation that cites them says how they are read."""
    for line in indicator_lines(index):
        wordings = list(_wordings(index, line))
        for path, text in quoted(line.indicator.scoring):
            for pattern, question in _ODD:
                if pattern.search(text) and not any(pattern.search(wording) for wording in wordings):
                    yield Finding(
                        (*line.path, *path),
                        Text(
                            f"chỉ số {line.indicator.code}: «{text}» có thể hiểu nhiều cách ({question.vi})",
                            f"indicator {line.indicator.code}: «{text}» can be read in more than one way"
                            f" ({question.en})",
                        ),
                        Text(
                            f"cần một cách hiểu có wording này và criteria có {line.place}",
                            f"an interpretation of this wording whose criteria name {line.place} is expected",
                        ),
                    )


def check_readings(index: Index) -> Iterator[Finding]:
    """What no decision spells out is answered by an interpretation with a known id."""
    ids = {interpretation.id for interpretation in index.interpretations}
    compared = any(_is_compared(line.indicator.scoring) for line in indicator_lines(index))
    for name, question in (*_ALWAYS, *((_PEERS,) if compared else ())):
        if name not in ids:
            yield Finding(
                ("interpretations",),
                Text(f"chưa nói rõ: {question.vi}", f"it is left open: {question.en}"),
                Text(f"cần cách hiểu «{name}»", f"the interpretation «{name}» is expected"),
            )


def _is_compared(scoring: Scoring) -> bool:
    """Whether the points depend on the peers."""
    match scoring:
        case Gate(then=inner) | NoneDetected(otherwise=inner):
            return _is_compared(inner)
    return isinstance(scoring, Peers)


def check_interpretations(index: Index) -> Iterator[Finding]:
    """Interpretations speak of words that stand where they say, and differ from their alternative."""
    texts = dict(_texts(index))
    for number, interpretation in enumerate(index.interpretations):
        path: Path = ("interpretations", number)
        if interpretation.reading == interpretation.alternative:
            yield Finding(
                (*path, "alternative"),
                Text("giống hệt cách hiểu", "it is the reading itself"),
                Text("cần cách hiểu khác", "another reading is expected"),
            )
        for order, place in enumerate(interpretation.criteria):
            if place not in texts:
                found = Text(f"không có chỉ số «{place}»", f"there is no indicator «{place}»")
                expected = Text("cần mã dạng district/6.5", "a place like district/6.5 is expected")
            elif interpretation.wording not in texts[place]:
                found = Text(
                    f"{place} không có chữ «{interpretation.wording}»",
                    f"the words «{interpretation.wording}» do not occur in {place}",
                )
                expected = Text("cần đúng chữ in trong bảng", "the words as printed in the table are expected")
            else:
                continue
            yield Finding((*path, "criteria", order), found, expected)


def _texts(index: Index) -> Iterator[tuple[str, str]]:
    """All words of every pillar and indicator, by its place."""
    for tier, indicator_set in index.sets.items():
        yield from ((f"{tier}/{pillar.code}", f"{pillar.group} {pillar.name}") for pillar in indicator_set.pillars)
    for line in indicator_lines(index):
        entry = line.indicator
        if not entry.whole:
            yield line.place, " ".join((entry.name, entry.method, entry.proof, entry.lead, *entry.support))
