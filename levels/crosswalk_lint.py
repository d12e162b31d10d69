"""Does the crosswalk agree with the rulebooks: names verbatim, every criterion spoken of, conversions that fit?

Each check is one small function that yields what it finds; whatever it finds is an error, because a wrong
relation would hand a wrong number on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from attrs import frozen

from levels.coverage import lines_of
from levels.crosswalk import Crosswalk, Entry, Link, Relation, Take
from levels.faults import Fault, Text
from levels.findings import Finding
from levels.framework import Criterion, Framework, Tier
from levels.index import Index, Indicator, Input
from levels.loader import Rulebook
from levels.source import Path, Positions

_CRITERIA: Mapping[Take, tuple[str, ...]] = {
    "numerator": ("ratio",),
    "denominator": ("ratio", "count"),
    "count": ("count",),
    "answer": ("presence",),
    "complete": ("ratio",),
    "yeses": ("presence",),
}
"""Of which kinds of criteria a thing can be taken; ``members`` needs no fact at all."""

_YES_NO: tuple[Take, ...] = ("answer", "complete")
_OVER_COMMUNES: tuple[Take, ...] = ("yeses", "members", "numerator", "denominator", "count")
_OF_ONE: tuple[Take, ...] = ("answer", "complete", "numerator", "denominator", "count")


def lint_crosswalk(crosswalk: Crosswalk, rulebooks: Iterable[Rulebook], positions: Positions) -> list[Fault]:
    """Every error of ``crosswalk`` against all ``rulebooks``, in the order of its file."""
    books = {rulebook.id: rulebook for rulebook in rulebooks}
    found = [finding for check in CHECKS for finding in check(crosswalk, books)]
    faults = [Fault(positions.file, *positions.of(*f.path), f.found, f.expected, f.severity) for f in found]
    return sorted(faults, key=lambda fault: (fault.row, fault.column))


Books = Mapping[str, Rulebook]


@frozen
class _Place:
    """One relation where it stands, with the lines on both sides as far as they are there."""

    path: Path
    entry: Entry
    relation: Relation
    books: Books

    @cached_property
    def indicator(self) -> Indicator | None:
        line = _line(self.books, self.relation.index, self.relation.tier, self.relation.code)
        return line if isinstance(line, Indicator) else None

    def criterion(self, link: Link) -> Criterion | None:
        line = _line(self.books, self.entry.framework, self.entry.tier, link.of)
        return line if isinstance(line, Criterion) else None

    def input(self, link: Link) -> Input | None:
        return None if self.indicator is None else self.indicator.by_key.get(link.input)


def _line(books: Books, framework: str, tier: Tier, code: str) -> Criterion | Indicator | None:
    return lines_of(books[framework], tier).get(code) if framework in books else None


def _places(crosswalk: Crosswalk, books: Books) -> Iterator[_Place]:
    for e, entry in enumerate(crosswalk.entries):
        for r, relation in enumerate(entry.relations):
            yield _Place(("entries", e, "to", r), entry, relation, books)


def _wrong(path: Path, found: Text, expected: Text) -> Finding:
    return Finding(path, found, expected)


def check_lines(crosswalk: Crosswalk, books: Books) -> Iterator[Finding]:
    """Every line named is there, under its own words, and once."""
    told: set[tuple[str, Tier, str]] = set()
    for e, entry in enumerate(crosswalk.entries):
        yield from _check_line(books, ("entries", e), entry.framework, "framework", entry)
        key = (entry.framework, entry.tier, entry.code)
        if key in told:
            yield _twice(("entries", e, "code"), entry.code)
        told.add(key)
        counterparts: set[tuple[str, Tier, str]] = set()
        for r, relation in enumerate(entry.relations):
            path: Path = ("entries", e, "to", r)
            yield from _check_line(books, path, relation.index, "index", relation)
            key = (relation.index, relation.tier, relation.code)
            if key in counterparts:  # two relations of the same two lines could only contradict each other
                yield _twice((*path, "code"), relation.code)
            counterparts.add(key)


def _check_line(books: Books, path: Path, framework: str, column: str, named: Entry | Relation) -> Iterator[Finding]:
    line = _line(books, framework, named.tier, named.code)
    if framework not in books:
        known = ", ".join(books)
        yield _wrong(
            (*path, column),
            Text(f"không có bộ tiêu chí «{framework}»", f"there is no rulebook «{framework}»"),
            Text(f"cần một trong: {known}", f"expected is one of: {known}"),
        )
    elif line is None:
        yield _wrong(
            (*path, "code"),
            Text(f"{framework} không có {named.tier}/{named.code}", f"{framework} has no {named.tier}/{named.code}"),
            Text("cần mã có trong bộ tiêu chí", "a code of the rulebook is expected"),
        )
    elif line.name != named.name:
        yield _wrong(
            (*path, "name"),
            Text(f"tên khác với {framework} {named.code}", f"the name is not that of {framework} {named.code}"),
            Text(f"cần nguyên văn «{line.name}»", f"«{line.name}» is expected, verbatim"),
        )


def _twice(path: Path, code: str) -> Finding:
    return _wrong(
        path,
        Text(f"«{code}» được đối chiếu hai lần", f"«{code}» is compared twice"),
        Text("mỗi cặp một lần", "every pair stands once"),
    )


def check_complete(crosswalk: Crosswalk, books: Books) -> Iterator[Finding]:
    """Every criterion of levels and every index is spoken of, and what is unsaid has its reason."""
    spoken = {(entry.framework, entry.tier, entry.code) for entry in crosswalk.entries}
    for book in books.values():
        for tier in book.sets if isinstance(book, Framework) else ():
            for code in lines_of(book, tier):
                if (book.id, tier, code) not in spoken:
                    yield _wrong(
                        ("entries",),
                        Text(f"không nói gì về {book.id} {tier}/{code}", f"nothing is said of {book.id} {tier}/{code}"),
                        Text("cần một mục cho mỗi tiêu chí", "an entry for every criterion is expected"),
                    )
    named = {relation.index for entry in crosswalk.entries for relation in entry.relations}
    named |= {remark.framework for remark in (*crosswalk.silent, *crosswalk.apart)}
    for book in books.values():
        if isinstance(book, Index) and book.id not in named:
            yield _wrong(
                ("entries",),
                Text(f"không nói gì về {book.id}", f"nothing is said of {book.id}"),
                Text("cần đối chiếu, hoặc lý do ở mục apart", "relations, or a reason under apart, are expected"),
            )
    reasons = {(remark.framework, tier) for remark in crosswalk.unmatched for tier in remark.tiers}
    for framework, tier in sorted({(entry.framework, entry.tier) for entry in crosswalk.entries} - reasons):
        yield _wrong(
            ("unmatched",),
            Text(f"thiếu lý do cho {framework} {tier}", f"there is no reason for {framework} {tier}"),
            Text("cần lý do khi không có chỉ số tương ứng", "the reason where there is no counterpart is expected"),
        )


def check_remarks(crosswalk: Crosswalk, books: Books) -> Iterator[Finding]:
    """What holds for whole instruments is true of them, and nothing contradicts it."""
    for name in ("silent", "apart", "unmatched"):
        for n, remark in enumerate(getattr(crosswalk, name)):
            book = books.get(remark.framework)
            if book is None or not set(remark.tiers) <= set(book.sets):
                yield _wrong(
                    (name, n, "framework"),
                    Text("không có bộ tiêu chí hoặc cấp này", "there is no such rulebook or tier"),
                    Text("cần bộ tiêu chí kèm theo và cấp của nó", "a bundled rulebook and its tiers are expected"),
                )
            elif name == "silent" and not _only_scores(book):
                yield _wrong(
                    (name, n, "framework"),
                    Text(f"{book.id} có số liệu khác ngoài điểm", f"{book.id} has facts besides scores"),
                    Text("chỉ dùng khi mọi số liệu là điểm", "it is for indexes whose facts are all scores"),
                )
    silent = {remark.framework for remark in crosswalk.silent}
    apart = {(remark.framework, tier) for remark in crosswalk.apart for tier in remark.tiers}
    for e, entry in enumerate(crosswalk.entries):
        if entry.framework in silent or (entry.framework, entry.tier) in apart:
            yield _contradiction(("entries", e, "framework"))
    for place in _places(crosswalk, books):
        if (place.relation.index, place.relation.tier) in apart:
            yield _contradiction((*place.path, "index"))


def _only_scores(book: Rulebook) -> bool:
    return isinstance(book, Index) and all(
        entry.kind == "score"
        for indicator_set in book.sets.values()
        for indicator in indicator_set.indicators
        for entry in indicator.inputs
    )


def _contradiction(path: Path) -> Finding:
    return _wrong(
        path,
        Text("trái với mục silent hoặc apart", "it contradicts what stands under silent or apart"),
        Text("chỉ một trong hai", "one of the two is expected"),
    )


def check_kinds(crosswalk: Crosswalk, books: Books) -> Iterator[Finding]:
    """«same» hands numbers to inputs, «informs» goes to a council's score, «different» hands over nothing."""
    for place in _places(crosswalk, books):
        relation, indicator = place.relation, place.indicator
        if indicator is None:
            continue  # said by check_lines
        scored = all(entry.kind == "score" for entry in indicator.inputs)
        counted = place.entry.framework in books and isinstance(books[place.entry.framework], Framework)
        if (relation.kind == "informs") is not scored and relation.kind != "different":
            yield _wrong(
                (*place.path, "kind"),
                Text(f"«{relation.kind}» với {relation.code}", f"«{relation.kind}» of {relation.code}"),
                Text(
                    "chỉ số do hội đồng chấm: informs; chỉ số có công thức: same",
                    "informs goes to a council's score, same to an indicator with a formula",
                ),
            )
        if bool(relation.links) is not (relation.kind == "same") or (relation.links and not counted):
            yield _wrong(
                (*place.path, "kind"),
                Text("mục takes không hợp với kind", "takes does not fit kind"),
                Text("takes chỉ đi với same, từ bộ tiêu chí mức", "takes goes with same, from a framework of levels"),
            )
        if relation.inputs and (relation.kind != "informs" or not _has_inputs(place)):
            yield _wrong(
                (*place.path, "inputs"),
                Text("dữ liệu không có ở chỉ số nguồn", "these are no inputs of the indicator that informs"),
                Text("cần khóa dữ liệu của chỉ số nguồn", "keys of its inputs are expected"),
            )
        if (place.entry.tier is not relation.tier) is not relation.summed or (
            relation.summed and place.entry.tier is not Tier.COMMUNE
        ):
            yield _wrong(
                (*place.path, "tier"),
                Text(f"{place.entry.tier} với {relation.tier}", f"{place.entry.tier} against {relation.tier}"),
                Text("cùng cấp, hoặc cộng từ các xã: over", "the same tier, or over communes, is expected"),
            )


def _has_inputs(place: _Place) -> bool:
    line = _line(place.books, place.entry.framework, place.entry.tier, place.entry.code)
    return isinstance(line, Indicator) and set(place.relation.inputs) <= line.by_key.keys()


def check_readings(crosswalk: Crosswalk, books: Books) -> Iterator[Finding]:
    """Every reading cited is one that the entry's rulebook records for this very line."""
    for place in _places(crosswalk, books):
        book, line = books.get(place.entry.framework), f"{place.entry.tier}/{place.entry.code}"
        recorded = {i.id for i in book.interpretations if not i.criteria or line in i.criteria} if book else set()
        for number, reading in enumerate(place.relation.readings):
            if reading not in recorded:
                yield _wrong(
                    (*place.path, "readings", number),
                    Text(f"không có cách hiểu «{reading}» về {line}", f"there is no reading «{reading}» of {line}"),
                    Text("cần một cách hiểu mà bộ tiêu chí đã ghi", "a reading that the rulebook records is expected"),
                )


def check_links(crosswalk: Crosswalk, books: Books) -> Iterator[Finding]:
    """Every conversion cites both sides verbatim and fits the kinds of both."""
    for place in _places(crosswalk, books):
        fed: Counter[str] = Counter()
        for number, link in enumerate(place.relation.links):
            path = (*place.path, "takes", number)
            entry, criterion = place.input(link), place.criterion(link)
            fed[link.input] += 1
            if entry is None or fed[link.input] > 1 or entry.label != link.label:
                yield _wrong(
                    (*path, "input"),
                    Text(f"dữ liệu «{link.input}» ({link.label})", f"the input «{link.input}» ({link.label})"),
                    Text("cần đúng khóa và nguyên văn, mỗi dữ liệu một lần", "its key and words, once, are expected"),
                )
            if criterion is None or not _cited(link.words, criterion):
                yield _wrong(
                    (*path, "words"),
                    Text(f"{link.of} không có câu chữ này", f"{link.of} does not say this"),
                    Text("cần nguyên văn trong tên hoặc phương pháp tính", "a piece of its name or method is expected"),
                )
            if criterion is not None and entry is not None and not _fits(place, link, criterion, entry):
                yield _wrong(
                    (*path, "take"),
                    Text(
                        f"{link.take} của {criterion.kind} cho {entry.kind}",
                        f"{link.take} of a {criterion.kind} for a {entry.kind}",
                    ),
                    Text("cần cách chuyển hợp với cả hai bên", "a conversion that fits both sides is expected"),
                )


def _cited(words: str, criterion: Criterion) -> bool:
    return any(words in text for text in (criterion.name, criterion.method))


def _fits(place: _Place, link: Link, criterion: Criterion, entry: Input) -> bool:
    takes = _OVER_COMMUNES if place.relation.summed else _OF_ONE
    if link.take not in takes or criterion.kind not in _CRITERIA.get(link.take, (criterion.kind,)):
        return False
    if link.take == "denominator" and criterion.kind == "count" and not criterion.needs_total:
        return False
    if link.take in _YES_NO:
        return bool(link.answers) and entry.kind in ("presence", "choice")
    return not link.answers and entry.kind == "count"


def check_answers(crosswalk: Crosswalk, books: Books) -> Iterator[Finding]:
    """Options are cited verbatim; no answer leads to two options, nor an option back to two answers."""
    for place in _places(crosswalk, books):
        for number, link in enumerate(place.relation.links):
            there: dict[bool, int] = {}
            back: dict[int, bool] = {}
            entry = place.input(link)
            for a, answer in enumerate(link.answers):
                path = (*place.path, "takes", number, "answers", a)
                options = () if entry is None else entry.options
                if answer.option > len(options) or options[answer.option - 1] != answer.text:
                    yield _wrong(
                        (*path, "option"),
                        Text(
                            f"không có phương án {answer.option} «{answer.text}»", f"no option {answer.option} reads so"
                        ),
                        Text("cần số và nguyên văn của phương án", "number and words of an option are expected"),
                    )
                forth = answer.way != "back" and there.setdefault(answer.fact, answer.option) != answer.option
                returned = answer.way != "there" and back.setdefault(answer.option, answer.fact) != answer.fact
                if forth or returned or (link.take == "complete" and (not answer.fact or answer.way != "there")):
                    yield _wrong(
                        (*path, "way"),
                        Text("hai câu trả lời trái nhau", "two answers contradict each other"),
                        Text("mỗi chiều chỉ một câu trả lời", "one answer each way is expected"),
                    )


CHECKS: tuple[Callable[[Crosswalk, Books], Iterator[Finding]], ...] = (
    check_lines,
    check_complete,
    check_remarks,
    check_kinds,
    check_readings,
    check_links,
    check_answers,
)
