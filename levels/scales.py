"""Checks of scales: a line for every value, one value for every line, never fewer points for more."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from levels.faults import Text
from levels.findings import Finding, IndicatorLine, indicator_lines
from levels.index import Gate, Index, NoneDetected, Scale, Scoring, Segment
from levels.source import Path

BOUNDARY, CLIFF = "boundary-first", "cliff-literal"
"""The readings that name the indicators two of whose lines hold one value, and those with an odd step."""


def scales(scoring: Scoring, path: Path) -> Iterator[tuple[Path, Scale]]:
    """The scale of a scoring, however deep it stands, with its place."""
    match scoring:
        case Scale():
            yield path, scoring
        case Gate(then=then):
            yield from scales(then, (*path, "then"))
        case NoneDetected(otherwise=otherwise):
            yield from scales(otherwise, (*path, "otherwise"))


def _all(index: Index) -> Iterator[tuple[IndicatorLine, Path, Scale]]:
    for line in indicator_lines(index):
        for path, scale in scales(line.indicator.scoring, (*line.path, "scoring")):
            yield line, (*path, "points"), scale


def check_scales(index: Index) -> Iterator[Finding]:
    """No gap, no overlap that ``boundary-first`` does not read, and no fall, wherever the quantity can be."""
    for line, path, scale in _all(index):
        whole = all(line.indicator.by_key[key].kind == "count" for key in scale.quantity.keys)
        samples = _samples(scale, whole=whole and not scale.quantity.denominator)
        for x in samples:
            if not any(segment.holds(x) for segment in scale.segments):
                yield _gap(path, line, _show(scale, x))
                break
        for x in samples:
            if len(_held(scale, x)) > 1 and not _is_read(index, line, BOUNDARY):
                yield _overlap(path, line, _show(scale, x))
                break
        for (x, before), (_, after) in pairwise(_course(scale, samples)):
            if after < before:
                yield _fall(path, line, _show(scale, x))
                break


def _is_read(index: Index, line: IndicatorLine, reading: str) -> bool:
    return any(i.id == reading and line.place in i.criteria for i in index.interpretations)


def _show(scale: Scale, x: Fraction) -> str:
    return _percent(x) if scale.quantity.denominator else str(x)


def _percent(share: Fraction) -> str:
    return f"{Decimal(share.numerator * 100) / share.denominator:.4g}%"


def _earned(segment: Segment, x: Fraction) -> Fraction:
    return min(segment.constant + segment.slope * x, Fraction(1))


def _held(scale: Scale, x: Fraction) -> set[Fraction]:
    """The different shares that the lines which hold ``x`` give."""
    return {_earned(segment, x) for segment in scale.segments if segment.holds(x)}


def _bounds(scale: Scale) -> list[Fraction]:
    found = {Fraction(0), *(segment.low for segment in scale.segments)}
    found |= {segment.high for segment in scale.segments if segment.high is not None}
    if scale.quantity.part:
        found = {bound for bound in found if bound < 1} | {Fraction(1)}
    return sorted(found)


def _samples(scale: Scale, *, whole: bool) -> list[Fraction]:
    """Values of which one lies in every stretch between boundaries, and every boundary."""
    bounds = _bounds(scale)
    if whole:
        around = {n for bound in bounds for n in (ceil(bound) - 1, ceil(bound), floor(bound) + 1)}
        return [Fraction(n) for n in sorted(around) if n >= 0]
    between = [(low + high) / 2 for low, high in pairwise(bounds)]
    beyond = [] if scale.quantity.part else [bounds[-1] + 1]
    return sorted([*bounds, *between, *beyond])


def _course(scale: Scale, samples: list[Fraction]) -> Iterator[tuple[Fraction, Fraction]]:
    """What is earned at the samples, and at both ends of the line that each of them lies on."""
    bounds = _bounds(scale)
    for x in samples:
        line = next((segment for segment in scale.segments if segment.holds(x)), None)
        if line is None:
            continue
        if x in bounds:
            yield x, _earned(line, x)
            continue
        ends = (max(bound for bound in bounds if bound < x), min((b for b in bounds if b > x), default=x))
        yield from ((end, _earned(line, end)) for end in ends)


def _gap(path: Path, line: IndicatorLine, x: str) -> Finding:
    return Finding(
        path,
        Text(
            f"chỉ số {line.indicator.code}: không dòng nào nói {x} được bao nhiêu điểm",
            f"indicator {line.indicator.code}: no line says what {x} earns",
        ),
        Text("mỗi giá trị cần một dòng", "every value needs a line"),
    )


def _overlap(path: Path, line: IndicatorLine, x: str) -> Finding:
    return Finding(
        path,
        Text(
            f"chỉ số {line.indicator.code}: hai dòng nói khác nhau về {x}",
            f"indicator {line.indicator.code}: two lines say different things of {x}",
        ),
        Text(
            f"cần cách hiểu «{BOUNDARY}» có criteria {line.place}",
            f"the interpretation «{BOUNDARY}» is expected to name {line.place}",
        ),
    )


def _fall(path: Path, line: IndicatorLine, x: str) -> Finding:
    return Finding(
        path,
        Text(
            f"chỉ số {line.indicator.code}: điểm giảm khi tỷ lệ hoặc số lượng tăng qua {x}",
            f"indicator {line.indicator.code}: points fall as the quantity rises past {x}",
        ),
        Text("nhiều hơn không được ít điểm hơn", "more must not earn less"),
    )


def check_cliffs(index: Index) -> Iterator[Finding]:
    """A step up at the boundary of the full score is kept literally and flagged, whether or not it is read aloud."""
    for line, path, scale in _all(index):
        if scale.kind != "cliff":
            continue
        full = max(segment.low for segment in scale.segments)
        below = max(_earned(segment, full) for segment in scale.segments if segment.low < full)
        bound, share = _show(scale, full), _percent(below)
        read = _is_read(index, line, CLIFF)
        yield Finding(
            path,
            Text(
                f"chỉ số {line.indicator.code}: từ {bound} được điểm tối đa, ngay dưới đó chỉ {share} điểm tối đa:"
                " bậc lạ, giữ đúng chữ",
                f"indicator {line.indicator.code}: from {bound} the whole maximum, just below only {share} of it:"
                " an odd step, kept literally",
            ),
            Text(f"theo cách hiểu «{CLIFF}»", f"as «{CLIFF}» reads it")
            if read
            else Text(
                f"cần cách hiểu «{CLIFF}» có criteria {line.place}",
                f"the interpretation «{CLIFF}» is expected to name {line.place}",
            ),
            "warning",
        )
