"""The sheet: what a unit enters, group by group, as its page shows it: what is asked, what stands, what it comes to."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from attrs import evolve, field, frozen

from certification.store.assessments import rulebook_of
from certification.store.facts import Cells, asked_of, begin_row, cells_of, entry_round, refuse_entry, unit_of
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof, FactRecord
from certification.store.proofs import is_link
from certification.store.telling import as_told
from certification.store.trials import LevelTrial, PointTrial, Trial, lacking
from certification.store.units import INHERITED
from certification.web.addresses import address_of
from certification.web.facts.values import told_value
from certification.web.formats import day_text
from certification.web.speech import language, say, tell
from evidence.asked import Asked, AskedCriterion
from evidence.facts import Fact, Status
from evidence.inputs import AskedInput
from evidence.rulings import RULED
from evidence.values import STATUS_NAMES, Flaw
from levels.faults import Text
from levels.framework import Framework, Tier
from levels.index import Index, Indicator, Pillar
from reports.score_words import lost_sentence, points_text, ways_back
from reports.words import NOTHING
from rules.scores import IndicatorScore
from rules.verdict import CriterionVerdict

_NOT_IN_ID = re.compile(r"[^0-9A-Za-z]+")


def anchor_of(code: str) -> str:
    """The id of the part of the page where a fact is entered."""
    return f"fact-{_NOT_IN_ID.sub('-', code)}"


def href_of(dossier: Dossier, asked: Asked) -> str:
    """The address of a fact's place on its page; "" where it has none."""
    group = group_code(dossier, asked)
    return f"{address_of('facts:group', dossier.pk, group)}#{anchor_of(asked.code)}" if group else ""


def group_code(dossier: Dossier, asked: Asked) -> str:
    """The code of the section in which a fact is entered."""
    if isinstance(asked, AskedInput):
        rulebook = rulebook_of(dossier.cycle)
        assert isinstance(rulebook, Index)
        pillars = rulebook.sets[Tier(dossier.unit.tier)].pillar_of
        return pillars[asked.indicator.code].code if asked.indicator is not None else ""
    assert isinstance(asked, AskedCriterion)
    return asked.criterion.group


@frozen
class Document:
    """One proof as the page lists it; ``pk`` of its use by the fact."""

    pk: int
    name: str
    size: int | None = None
    media_type: str = ""
    sha256: str = ""
    link: str = ""  # where it leads, of a reference that is an address


@frozen
class Item:
    """One fact: its cells as they were typed or stand, and everything that is to be said of it."""

    asked: Asked
    label: str
    record: FactRecord | None
    cells: Cells
    documents: tuple[Document, ...] = ()
    refusal: str = ""  # why nothing is entered here
    last_year: str = ""
    lasting: str = ""  # a fact of an earlier year that still counts
    flaws: tuple[Flaw, ...] = ()
    conflict: FactRecord | None = None  # what somebody else has saved meanwhile
    problem: str = ""
    would: tuple[str, ...] = ()  # what it comes to
    made_from: int | None = None  # the version that a form was made from; None: the one that stands
    href: str = ""  # of its place on its page

    @property
    def code(self) -> str:
        return self.asked.code

    @property
    def anchor(self) -> str:
        """The id of its part of the page."""
        return anchor_of(self.code)

    @property
    def form_version(self) -> int:
        """The version that the form carries; 0 where nothing was entered."""
        if self.made_from is not None:
            return self.made_from
        return self.record.version if self.record else 0

    @property
    def entered(self) -> bool:
        """Whether a value stands and counts."""
        return self.record is not None and self.record.numerator is not None and not self.record.draft

    @property
    def draft(self) -> bool:
        """Whether the value was taken over from last year and nobody has confirmed it."""
        return self.record is not None and self.record.draft

    @property
    def origin(self) -> str:
        """Where a draft comes from."""
        if self.record is not None and self.record.entered_through == INHERITED:
            return say("Thừa kế từ đơn vị trước khi sắp xếp.", "Inherited from a unit before the reorganisation.")
        return say("Lấy từ số liệu năm trước.", "Taken over from last year.")

    @property
    def ruled(self) -> bool:
        """Whether the council has ruled on it."""
        return self.record is not None and Status(self.record.status) in RULED

    @property
    def editable(self) -> bool:
        """Whether the unit may enter it, as far as the fact itself goes."""
        return not self.refusal and not self.ruled

    @property
    def status(self) -> str:
        """How far it has got, in words."""
        return tell(STATUS_NAMES[Status(self.record.status)]) if self.record else tell(STATUS_NAMES[Status.UNKNOWN])

    @property
    def value(self) -> str:
        """The value that stands, in words; a dash where there is none."""
        return told_value(self.asked, self.record)

    @property
    def saved_at(self) -> datetime.datetime | None:
        """When it was last entered."""
        return self.record.entered_at if self.record else None

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen, where the value is a choice; the first entry is no choice yet."""
        nothing = ("", say("– chưa nhập –", "– not entered –"))
        if isinstance(self.asked, AskedInput) and self.asked.input.options:
            if self.asked.kind == "presence":
                return [nothing, *zip(("1", "0"), self.asked.input.options, strict=False)]
            return [nothing, *((str(at), text) for at, text in enumerate(self.asked.input.options, 1))]
        if self.asked.kind == "presence":
            return [nothing, ("1", say("Có", "Yes")), ("0", say("Không", "No"))]
        return []

    @property
    def measure(self) -> str:
        """What the number counts, after its field."""
        if isinstance(self.asked, AskedInput):
            if self.asked.kind == "score":
                most = self.asked.most
                return say("điểm", "points") if most is None else say(f"điểm, tối đa {most}", f"points, at most {most}")
            return self.asked.input.unit
        return self.asked.criterion.measure if isinstance(self.asked, AskedCriterion) else ""

    @property
    def typed(self) -> str:
        """What was typed, in one line, beside what somebody else has saved."""
        cells = self.cells
        value = "/".join(part for part in (cells.numerator, cells.denominator) if part) or cells.value
        if self.options:
            value = dict(self.options).get(cells.value, cells.value)
        return " · ".join(part for part in (value, cells.source, cells.measured_on, cells.note) if part) or NOTHING

    @property
    def stands(self) -> str:
        """What stands now where somebody else was quicker, in one line."""
        record = self.conflict
        if record is None:
            return NOTHING
        day = "" if record.measured_on is None else day_text(record.measured_on)
        parts = (told_value(self.asked, record), record.source, day, record.note)
        return " · ".join(part for part in parts if part)

    def tell(self, flaw: Flaw) -> str:
        """One flaw in one sentence."""
        return tell(both(flaw))

    def errors(self, column: str) -> list[str]:
        """What is wrong with one of its cells."""
        return [tell(both(flaw)) for flaw in self.flaws if flaw.column == column]


def both(flaw: Flaw) -> Text:
    """A flaw in one sentence: what was found, what is expected."""
    return Text(vi=f"{flaw.found.vi}; {flaw.expected.vi}", en=f"{flaw.found.en}; {flaw.expected.en}")


@frozen
class Rung:
    """One level of a criterion: the decision's cell, whether what is reported meets it, whether it is the target."""

    level: int
    cell: str
    met: bool
    target: bool


@frozen
class Block:
    """One criterion or indicator with everything that is entered for it."""

    code: str
    name: str
    method: str
    basis: tuple[str, ...]
    items: tuple[Item, ...]
    rungs: tuple[Rung, ...] = ()
    level: int | None = None  # what is reported makes of it
    points: str = ""  # of an indicator
    lost: str = ""
    ways: tuple[str, ...] = ()
    proof: str = ""  # the documents that the decision expects
    lead: str = ""
    _lacks: Callable[[], Text | None] = lambda: None

    @cached_property
    def lacking(self) -> str:
        """What it lacks for the registered level; looked for when it is asked for: most pages show one section."""
        lack = self._lacks()
        return "" if lack is None else tell(lack)

    @property
    def anchor(self) -> str:
        """The id of its part of the page."""
        return f"block-{_NOT_IN_ID.sub('-', self.code)}"


@frozen
class Section:
    """One group of criteria, or one pillar."""

    code: str
    name: str
    blocks: tuple[Block, ...]

    @property
    def items(self) -> list[Item]:
        """Everything in it that a unit enters."""
        return [item for block in self.blocks for item in block.items if not item.refusal]

    @property
    def done(self) -> int:
        """How many of its facts have a value."""
        return sum(item.entered for item in self.items)

    @property
    def total(self) -> int:
        """How many facts it asks."""
        return len(self.items)

    @property
    def drafts(self) -> int:
        """How many values wait to be confirmed."""
        return sum(item.draft for item in self.items)

    @property
    def unproven(self) -> int:
        """How many facts have a value and no document."""
        return sum(item.entered and not item.documents for item in self.items)


@frozen
class Sheet:
    """Everything that is entered for one dossier."""

    dossier: Dossier
    trial: Trial
    sections: tuple[Section, ...]
    problems: tuple[str, ...] = field(default=())

    def section(self, code: str) -> Section | None:
        """The section with this code."""
        return next((section for section in self.sections if section.code == code), None)

    def item(self, code: str) -> Item | None:
        """The fact with this code."""
        items = (item for section in self.sections for block in section.blocks for item in block.items)
        return next((item for item in items if item.code == code), None)

    @property
    def done(self) -> int:
        return sum(section.done for section in self.sections)

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)

    @property
    def drafts(self) -> int:
        return sum(section.drafts for section in self.sections)

    @property
    def unproven(self) -> int:
        return sum(section.unproven for section in self.sections)

    @property
    def claimed(self) -> int | None:
        """The level that what is reported makes; None of an index."""
        return self.trial.verdict.levels.claimed_level if isinstance(self.trial, LevelTrial) else None

    @property
    def points(self) -> str:
        """The points as the data stand; "" of a framework of levels."""
        return points_text(self.trial.score.points, language()) if isinstance(self.trial, PointTrial) else ""


def lay_out_sheet(dossier: Dossier, trial: Trial, typed: Mapping[str, Item] | None = None) -> Sheet:
    """The sheet of a dossier; ``typed``: what a refused form had typed, in place of what stands. Two queries."""
    rulebook, tier = rulebook_of(dossier.cycle), Tier(dossier.unit.tier)
    items = make_items(dossier, trial) | dict(typed or {})
    if isinstance(trial, LevelTrial):
        assert isinstance(rulebook, Framework)
        found = {each.code: each for each in trial.verdict.criteria}
        criteria = rulebook.sets[tier].criteria
        sections = tuple(
            Section(
                group.code,
                group.name,
                tuple(
                    _level_block(trial, found[criterion.code], items[criterion.code], dossier.target)
                    for criterion in criteria
                    if criterion.group == group.code and criterion.code in found
                ),
            )
            for group in rulebook.sets[tier].groups
        )
    else:
        sections = tuple(
            Section(pillar.code, pillar.name, tuple(_point_blocks(trial, pillar, items)))
            for pillar in trial.index.sets[tier].pillars
        )
    return Sheet(dossier, trial, sections)


def make_items(dossier: Dossier, trial: Trial, codes: Iterable[str] | None = None) -> dict[str, Item]:
    """The items of a dossier (of ``codes``) by code, as they stand. Two queries."""
    wanted = asked_of(dossier)
    rows = FactRecord.objects.filter(dossier=dossier).select_related("entered_by").order_by("criterion", "round")
    if codes is not None:
        wanted = {code: wanted[code] for code in codes}
        rows = rows.filter(criterion__in=list(wanted))
    round_ = entry_round(dossier)
    by_code: dict[str, list[FactRecord]] = {}
    for row in as_told(rows):
        row.dossier = dossier  # its cycle and rulebook are at hand
        by_code.setdefault(row.criterion, []).append(row)
    records = {row.criterion: row for found in by_code.values() for row in found if row.round == round_}
    proven_by = {code: row.pk for code, row in records.items()}
    for code, found in by_code.items():
        if code not in records:  # an explanation goes on from what was last stated
            begun, source = begin_row(dossier, code, round_, found)
            if source is not None:
                records[code], proven_by[code] = begun, source.pk
    documents: dict[int, list[Document]] = {}
    for use in FactProof.objects.filter(fact__in=list(proven_by.values())).select_related("proof"):
        documents.setdefault(use.fact_id, []).append(document_of(use))
    return {
        code: _item(dossier, trial, asked, records.get(code), documents.get(proven_by.get(code, 0), ()))
        for code, asked in wanted.items()
    }


def document_of(use: FactProof) -> Document:
    """A document as the page lists it."""
    if use.proof is None:
        return Document(use.pk, use.reference, link=use.reference if is_link(use.reference) else "")
    return Document(use.pk, use.reference, use.proof.size, use.proof.media_type, use.proof.sha256)


def _item(
    dossier: Dossier,
    trial: Trial,
    asked: Asked,
    record: FactRecord | None,
    documents: Sequence[Document],
) -> Item:
    refusal = refuse_entry(asked, unit_of(dossier))
    before = trial.last_year.get(asked.code)
    standing = trial.facts.get(asked.code)
    return Item(
        asked,
        asked.input.label if isinstance(asked, AskedInput) else "",
        record,
        spoken(cells_of(asked, record)),
        tuple(documents),
        "" if refusal is None else tell(refusal),
        told_value(asked, before) if before is not None and before.amount is not None else "",
        _lasting(dossier.cycle.year, asked, standing),
        href=href_of(dossier, asked),
    )


def spoken(cells: Cells) -> Cells:
    """Cells as the reader's language writes them: decimals with a comma, days as 28/11/2025."""
    if language() == "en":
        return cells
    day = cells.measured_on
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        day = "/".join(reversed(day.split("-")))
    return evolve(cells, value=cells.value.replace(".", ","), measured_on=day)


def _lasting(year: int, asked: Asked, fact: Fact | None) -> str:
    # Phụ lục 01, I.11: one inspection counts for two years.
    if fact is None or fact.cycle is None or fact.cycle == year or fact.amount is None:
        return ""
    made = fact.measured_on.year if fact.measured_on else fact.cycle
    if made + asked.valid_cycles <= year:
        return say(
            f"Kết quả {told_value(asked, fact)} của năm {fact.cycle} đã hết hạn, không còn được tính.",
            f"The value {told_value(asked, fact)} of {fact.cycle} has expired and counts no more.",
        )
    value = told_value(asked, fact)
    return say(
        f"Kết quả {value} của năm {fact.cycle} vẫn được tính cho năm {year}; chỉ nhập nếu có kết quả mới.",
        f"The value {value} of {fact.cycle} still counts in {year}; enter only a newer one.",
    )


def _level_block(trial: LevelTrial, found: CriterionVerdict, item: Item, target: int | None) -> Block:
    criterion, level = found.criterion, found.levels.claimed_level
    return Block(
        criterion.code,
        criterion.name,
        criterion.method,
        criterion.basis,
        (item,),
        tuple(Rung(number, cell, number <= level, number == target) for number, cell in enumerate(criterion.cells, 1)),
        level,
        lacks=lambda: None if target is None else lacking(trial.verdict, found, target),
    )


def _point_blocks(trial: PointTrial, pillar: Pillar, items: Mapping[str, Item]) -> Iterable[Block]:
    for indicator in pillar.indicators:
        line = trial.score.by_code.get(indicator.code)
        yield _point_block(indicator, line, [items[indicator.fact_code(entry.key)] for entry in indicator.inputs])


def _point_block(indicator: Indicator, line: IndicatorScore | None, items: Sequence[Item]) -> Block:
    chosen = language()
    points = (
        ""
        if line is None
        else say(
            f"{points_text(line.points, chosen)} / {line.reachable}",
            f"{points_text(line.points, chosen)} of {line.reachable}",
        )
    )
    return Block(
        indicator.code,
        indicator.name,
        indicator.method,
        (),
        tuple(items),
        points=points,
        lost="" if line is None else lost_sentence(line, chosen),
        ways=() if line is None else ways_back(line, chosen),
        proof=indicator.proof,
        lead=indicator.lead,
    )
