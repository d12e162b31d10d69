"""The framework: one versioned legal instrument as frozen data.

A *framework* holds one *criteria set* per tier; a set holds *criteria*; a criterion holds, for
each of the five levels, the cell of the decision's table in its own words and the *requirement*
read from it. Nothing here knows a unit or a fact.
"""

import datetime
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Literal

from attrs import field, frozen

LEVELS = (1, 2, 3, 4, 5)


class Tier(StrEnum):
    """The kind of a unit; broader tiers come first."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    DEPARTMENT = "department"


@frozen
class NotApplicable:
    """``Không áp dụng``: nothing is demanded; holds for everybody."""

    kind: ClassVar[Literal["none"]] = "none"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind}


@frozen
class Ratio:
    """``80%``: numerator of the fact × ``denominator`` ≥ ``numerator`` × denominator of the fact."""

    numerator: int
    denominator: int

    kind: ClassVar[Literal["ratio"]] = "ratio"

    @property
    def at_least(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "at_least": f"{self.numerator}/{self.denominator}"}


@frozen
class Presence:
    """``Có …``: the thing is there."""

    kind: ClassVar[Literal["presence"]] = "presence"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind}


@frozen
class Count:
    """``Tối thiểu 02 nhân sự``: count ≥ ``at_least``; with ``or_all`` also count = total > 0."""

    at_least: int
    or_all: bool = False

    kind: ClassVar[Literal["count"]] = "count"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "at_least": self.at_least, "or_all": self.or_all}


@frozen
class Members:
    """District I.1: every member unit of ``tier`` ≥ level ``every``; also, where stated, ``share`` of them ≥ ``at``."""

    tier: Tier
    every: int
    share: Ratio | None = None
    at: int | None = None

    kind: ClassVar[Literal["members"]] = "members"

    def as_json(self) -> dict[str, Any]:
        share = None if self.share is None else f"{self.share.numerator}/{self.share.denominator}"
        return {"kind": self.kind, "tier": str(self.tier), "every": self.every, "share": share, "at": self.at}


Requirement = NotApplicable | Ratio | Presence | Count | Members
Kind = Literal["ratio", "presence", "count", "members"]


@frozen
class Exemption:
    """Why the appraising council may exempt a criterion although its base is not zero."""

    wording: str  # the decision's words that allow it: "(nếu có)"
    interpretation: str  # id of the cited interpretation


@frozen
class Criterion:
    """One line of an annex. ``code`` = group numeral + number as printed: ``I.1``, ``III.9``."""

    code: str
    name: str
    measure: str  # Đơn vị tính, as printed
    cells: tuple[str, ...]  # the five level columns, as printed
    requirements: tuple[Requirement, ...]
    method: str  # Phương pháp tính / nguồn thu thập số liệu, as printed
    basis: tuple[str, ...]  # Căn cứ, one entry per line as printed
    kind: Kind
    valid_cycles: int = 1  # in how many cycles a fact counts, its own included
    exemption: Exemption | None = None

    @property
    def group(self) -> str:
        """The group's numeral: ``I`` of ``I.1``."""
        return self.code.partition(".")[0]

    @property
    def needs_total(self) -> bool:
        """A count where a requirement also asks for the total (``hoặc 100%``)."""
        return any(isinstance(r, Count) and r.or_all for r in self.requirements)


@frozen
class Group:
    code: str  # I, II, …
    name: str
    stated_count: int  # the number of criteria the instrument's own text states


@frozen
class CriteriaSet:
    """The table for one tier (Phụ lục 01: communes, Phụ lục 02: districts)."""

    tier: Tier
    annex: str
    title: str
    stated_count: int
    appraised_by: Tier  # the tier of the council and of the committee that recognises
    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]

    @cached_property
    def by_code(self) -> dict[str, Criterion]:
        return {criterion.code: criterion for criterion in self.criteria}

    @cached_property
    def members_tier(self) -> Tier | None:
        """The tier whose levels it reads (Phụ lục 02, I.1: the communes'), if any."""
        tiers = {r.tier for c in self.criteria for r in c.requirements if isinstance(r, Members)}
        return next(iter(tiers), None)


@frozen
class LevelName:
    number: int
    name: str
    description: str


@frozen
class Interpretation:
    """A recorded reading of words that the text leaves open; reports cite it by ``id``."""

    id: str
    clause: str
    reading: str
    alternative: str
    criteria: tuple[str, ...] = ()  # "commune/II.3": where the wording stands; empty: everywhere
    wording: str = ""  # the words that are read, as printed; "" where the text is silent


@frozen
class Deadline:
    """A yearly date ``trước ngày day/month``: the last valid day is the day before."""

    step: str  # registration, self_assessment, appraisal, recognition, summary
    name: str
    before_day: int
    before_month: int
    clause: str
    late: str  # what the text says of lateness; "" where it says nothing

    def last_day(self, cycle: int) -> datetime.date:
        """The last day in ``cycle`` on which the step is in time."""
        return datetime.date(cycle, self.before_month, self.before_day) - datetime.timedelta(days=1)


@frozen
class Instrument:
    """The legal act itself, in the words its documents cite."""

    number: str  # 121/QĐ-UBND
    title: str
    citation: str  # "Quyết định số 121/QĐ-UBND ngày 10 tháng 3 năm 2025 của Ủy ban nhân dân tỉnh Kon Tum …"
    issuer: str
    signed_on: datetime.date
    in_force: datetime.date
    replaces: str
    basis: tuple[str, ...]

    @property
    def short_citation(self) -> str:
        """``Quyết định số 121/QĐ-UBND``: the citation up to and with the number; the number where it lacks it."""
        kind, number, _ = self.citation.partition(self.number)
        return kind + number if number else self.number


@frozen
class Act:
    """Whom the act of recognition of a committee of ``tier`` names, in the instrument's words.

    Texts may hold ``{place}`` (the issuer's kind: huyện), ``{party}`` (Huyện ủy), ``{superior}`` (the
    unit above; a recipient that names it is left out where there is none), ``{units}`` (the kinds of
    the units recognised: xã, thị trấn).
    """

    tier: Tier
    proposed_by: str  # Theo đề nghị của …
    responsible: str  # … chịu trách nhiệm thi hành
    recipients: tuple[str, ...]  # Nơi nhận, besides those of the last article and the archive
    archive: str  # Lưu: …


@frozen
class Framework:
    """One version of one instrument. ``digest`` is the SHA-256 of its canonical content."""

    id: str
    version: str
    instrument: Instrument
    recognise: Literal["highest_met", "at_most_registered"]
    levels: tuple[LevelName, ...]
    sets: dict[Tier, CriteriaSet]
    interpretations: tuple[Interpretation, ...]
    deadlines: tuple[Deadline, ...]
    acts: tuple[Act, ...] = ()
    digest: str = field(default="", eq=False)  # "sha256:…", set by the loader

    def act_of(self, tier: Tier) -> Act | None:
        """Whom an act of a committee of ``tier`` names; None where the framework does not say."""
        return next((act for act in self.acts if act.tier is tier), None)

    def clause(self, tier: Tier, code: str, level: int | None = None) -> str:
        """How a report cites a criterion: ``Phụ lục 01, tiêu chí I.2, mức 4 (121/QĐ-UBND)``."""
        place = f"{self.sets[tier].annex}, tiêu chí {code}"
        return f"{place}{'' if level is None else f', mức {level}'} ({self.instrument.number})"
