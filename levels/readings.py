"""Checks that every doubtful word of a framework is read aloud by an interpretation that cites it."""

import re
from collections.abc import Iterator

from levels.faults import Text
from levels.findings import Finding, Line, lines
from levels.framework import Framework
from levels.source import Path
from levels.wordings import AMBIGUITIES, OPEN_POINTS, differing_base, texts_of

_YEARS = re.compile(r"được tính cho ([0-9]+) năm")


def check_wordings(framework: Framework) -> Iterator[Finding]:
    """Every wording that can be read in two ways is covered by an interpretation that cites it."""
    for line in lines(framework):
        for ambiguity in AMBIGUITIES:
            hits = [
                (path, match[0])
                for path, text in texts_of(line.criterion)
                if path[0] in ambiguity.columns and (match := ambiguity.pattern.search(text))
            ]
            if hits and not any(ambiguity.pattern.search(wording) for wording in _wordings(framework, line)):
                path, words = hits[0]
                yield _uncovered((*line.path, *path), line, words, ambiguity.question)
        base = differing_base(line.criterion)
        if base and not any(wording.startswith(base) for wording in _wordings(framework, line)):
            question = Text("đếm theo tên hay theo phương pháp tính", "does the name count or the method")
            yield _uncovered((*line.path, "method"), line, base, question)


def _wordings(framework: Framework, line: Line) -> Iterator[str]:
    for interpretation in framework.interpretations:
        if interpretation.wording and (not interpretation.criteria or line.place in interpretation.criteria):
            yield interpretation.wording


def _uncovered(path: Path, line: Line, words: str, question: Text) -> Finding:
    return Finding(
        path,
        Text(
            f"tiêu chí {line.criterion.code}: «{words}» có thể hiểu nhiều cách ({question.vi})",
            f"criterion {line.criterion.code}: «{words}» can be read in more than one way ({question.en})",
        ),
        Text(
            f"cần một cách hiểu có wording chứa «{words}» và criteria có {line.place}",
            f"an interpretation whose wording holds «{words}» and whose criteria name {line.place} is expected",
        ),
    )


def check_open_points(framework: Framework) -> Iterator[Finding]:
    """What no decision spells out is answered by an interpretation with a known id."""
    ids = {interpretation.id for interpretation in framework.interpretations}
    for point in OPEN_POINTS:
        if point.id not in ids and point.asked_by(framework):
            yield Finding(
                ("interpretations",),
                Text(f"chưa nói rõ: {point.question.vi}", f"it is left open: {point.question.en}"),
                Text(f"cần cách hiểu «{point.id}»", f"the interpretation «{point.id}» is expected"),
            )


def check_interpretations(framework: Framework) -> Iterator[Finding]:
    """Interpretations have ids of their own and speak of words that stand where they say."""
    ids: set[str] = set()
    criteria = {line.place: line.criterion for line in lines(framework)}
    for index, interpretation in enumerate(framework.interpretations):
        path: Path = ("interpretations", index)
        if interpretation.id in ids:
            yield Finding(
                (*path, "id"),
                Text(
                    f"cách hiểu «{interpretation.id}» lặp lại", f"the interpretation «{interpretation.id}» occurs twice"
                ),
                Text("mỗi cách hiểu cần id riêng", "every interpretation needs an id of its own"),
            )
        ids.add(interpretation.id)
        wording = interpretation.wording.casefold()
        for number, place in enumerate(interpretation.criteria):
            where = (*path, "criteria", number)
            if place not in criteria:
                yield Finding(
                    where,
                    Text(f"không có tiêu chí «{place}»", f"there is no criterion «{place}»"),
                    Text("cần mã dạng commune/II.3", "a place like commune/II.3 is expected"),
                )
            elif not any(wording in text.casefold() for _, text in texts_of(criteria[place])):
                yield Finding(
                    where,
                    Text(
                        f"tiêu chí {place} không có chữ «{interpretation.wording}»",
                        f"the words «{interpretation.wording}» do not occur in {place}",
                    ),
                    Text("cần đúng chữ in trong bảng", "the words as printed in the table are expected"),
                )


def check_exemptions(framework: Framework) -> Iterator[Finding]:
    """``(nếu có)`` and only it makes a criterion exemptible, by a cited interpretation."""
    ids = {interpretation.id for interpretation in framework.interpretations}
    for line in lines(framework):
        exemption, text = line.criterion.exemption, f"{line.criterion.name} {line.criterion.method}"
        if exemption is None:
            if "(nếu có)" in text:
                yield Finding(
                    line.path,
                    Text(
                        f"tiêu chí {line.criterion.code} có chữ «(nếu có)»",
                        f"criterion {line.criterion.code} says «(nếu có)»",
                    ),
                    Text("cần khóa exemption", "the key exemption is expected"),
                )
            continue
        if exemption.wording not in text:
            yield Finding(
                (*line.path, "exemption", "wording"),
                Text(
                    f"tiêu chí không có chữ «{exemption.wording}»", f"the criterion does not say «{exemption.wording}»"
                ),
                Text("chỉ được miễn theo chữ in trong bảng", "words of the table must allow the exemption"),
            )
        if exemption.interpretation not in ids:
            yield Finding(
                (*line.path, "exemption", "interpretation"),
                Text(
                    f"không có cách hiểu «{exemption.interpretation}»",
                    f"there is no interpretation «{exemption.interpretation}»",
                ),
                Text("cần id của một cách hiểu", "the id of an interpretation is expected"),
            )


def check_validity(framework: Framework) -> Iterator[Finding]:
    """``được tính cho 02 năm`` and ``valid_cycles`` say the same; without the words it is one cycle."""
    for line in lines(framework):
        match = _YEARS.search(f"{line.criterion.name} {line.criterion.method}")
        years = int(match[1]) if match else 1
        if line.criterion.valid_cycles != years:
            yield Finding(
                (*line.path, "valid_cycles"),
                Text(
                    f"tiêu chí {line.criterion.code}: số liệu dùng {line.criterion.valid_cycles} kỳ, bảng ghi {years}",
                    f"criterion {line.criterion.code}: facts count for {line.criterion.valid_cycles} cycles, the table"
                    f" says {years}",
                ),
                Text(f"cần valid_cycles: {years}", f"valid_cycles: {years} is expected"),
            )
