"""The index: one versioned instrument that scores units by points, as frozen data.

An *index* holds one *indicator set* per tier; a set holds *pillars*, a pillar its *indicators*; an
indicator holds its maximum, the decision's own words, and the *scoring* read from them. Where the
decision leaves an indicator's formula out, the council's score is the fact; where it leaves the
indicators of a pillar out, the pillar is scored whole. Nothing here knows a unit or a fact.
"""

import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Literal

from attrs import field, frozen

from levels.framework import Interpretation, Tier

InputKind = Literal["count", "amount", "presence", "choice", "score"]
"""What one input of an indicator is: whole things, an exact decimal (money), yes/no, one of the options
printed, or the council's score in points."""


@frozen
class Input:
    """One fact that an indicator asks for; its row of evidence is ``CODE:key``, or ``CODE`` if it is the only one."""

    key: str  # the letter printed in the decision, else 1, 2 … in printed order
    kind: InputKind
    label: str  # the decision's words
    options: tuple[str, ...] = ()  # of a choice (and of full or none): the options' words in printed order
    unit: str = ""  # of an amount: tỷ đồng, triệu đồng


@frozen
class Quantity:
    """What a formula measures: the sum of some inputs, or the quotient of two sums (``(c+d)/(a+b)``)."""

    numerator: tuple[str, ...]  # keys of inputs
    denominator: tuple[str, ...] = ()  # keys of inputs; empty: no quotient
    part: bool = False  # whether what is counted above is part of what is counted below: more is a fault
    text: str = ""  # the words: «Tỷ lệ=(c+d)/(a+b)»

    @property
    def keys(self) -> tuple[str, ...]:
        return self.numerator + self.denominator

    def as_json(self) -> dict[str, Any]:
        return {"numerator": list(self.numerator), "denominator": list(self.denominator), "part": self.part}


@frozen
class Segment:
    """One line of a scale: for a quantity x within the bounds, the share ``constant + slope × x`` of the maximum.

    Bounds are as written: ``Từ 5 đến 10`` includes both; ``Dưới 5`` excludes 5. Of two segments that hold
    the same boundary, the first printed counts.
    """

    text: str  # the words: «Tỷ lệ<80%: Tỷ lệ/80%*Điểm tối đa»
    constant: Fraction = Fraction(0)
    slope: Fraction = Fraction(0)
    low: Fraction = Fraction(0)
    high: Fraction | None = None
    low_included: bool = True
    high_included: bool = True

    def holds(self, x: Fraction) -> bool:
        """Whether ``x`` lies within the bounds."""
        above = x >= self.low if self.low_included else x > self.low
        return above and (self.high is None or (x <= self.high if self.high_included else x < self.high))

    def as_json(self) -> dict[str, Any]:
        bounds: dict[str, Any] = {"at_least" if self.low_included else "above": str(self.low)}
        if self.high is not None:
            bounds["at_most" if self.high_included else "below"] = str(self.high)
        return {"text": self.text, **bounds, "constant": str(self.constant), "slope": str(self.slope)}


@frozen
class Option:
    """One printed possibility of a choice and the share of the maximum it earns."""

    text: str  # as printed: «Phó Chủ tịch UBND cấp huyện: 1/2*Điểm tối đa»
    label: str  # what is chosen: «Phó Chủ tịch UBND cấp huyện»
    share: Fraction

    def as_json(self) -> dict[str, Any]:
        return {"label": self.label, "share": str(self.share)}


@frozen
class Choice:
    """One of the options printed; full or none where there are two, worth everything and nothing."""

    options: tuple[Option, ...]
    key: str = "1"

    @property
    def kind(self) -> str:
        return "full_or_none" if self.full_or_none else "choice"

    @property
    def full_or_none(self) -> bool:
        """Whether a plain yes or no answers it: «Đã có: Điểm tối đa; Chưa có: 0 điểm»."""
        return [option.share for option in self.options] == [Fraction(1), Fraction(0)]

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "options": [option.as_json() for option in self.options]}


@frozen
class Scale:
    """A quantity on a scale of segments: plain ratios, caps, cliffs, tiers, all or nothing, points per item."""

    quantity: Quantity
    segments: tuple[Segment, ...]

    @property
    def kind(self) -> str:
        """``ratio`` for one line, ``tiers`` for constants only, else what happens below the full score."""
        if not self.quantity.denominator and len(self.segments) == 1:
            return "per_item"
        if all(segment.slope == 0 for segment in self.segments):
            constants = {segment.constant for segment in self.segments}
            bounds = {segment.low for segment in self.segments if segment.constant == 1}
            return "all_or_nothing" if constants == {0, 1} and bounds == {1} else "tiers"
        if len(self.segments) == 1:
            return "ratio"
        full = max(segment.low for segment in self.segments)
        steep = max(segment.slope for segment in self.segments)
        return "capped_ratio" if steep * full >= 1 else "cliff"

    def as_json(self) -> dict[str, Any]:
        lines = [segment.as_json() for segment in self.segments]
        return {"kind": self.kind, **self.quantity.as_json(), "segments": lines}


@frozen
class Part:
    """One part of a sum and the share of the maximum that it can earn."""

    text: str  # as printed: «Đã chuyển đổi sang công nghệ IPv6: 1/5 *Điểm tối đa»
    share: Fraction
    scoring: Choice

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "share": str(self.share)}


@frozen
class Sum:
    """Parts that are earned independently of each other: 1/2 + 1/2, 4/5 + 1/5."""

    parts: tuple[Part, ...]
    otherwise: tuple[str, ...] = ()  # the words that say when a part is not earned: «Chưa triển khai: 0 điểm»
    kind: ClassVar[str] = "sum"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "parts": [part.as_json() for part in self.parts], "otherwise": list(self.otherwise)}


@frozen
class Gate:
    """Nothing unless the input ``key`` says yes; then what ``then`` earns (1.4: «Chưa có chuyên mục: 0 điểm»)."""

    key: str
    text: str
    then: "Measured"
    otherwise: str = ""  # the words that say so: «Chưa có chuyên mục: 0 điểm»
    kind: ClassVar[str] = "gate"

    def as_json(self) -> dict[str, Any]:
        then = self.then.as_json()
        return {"kind": self.kind, "key": self.key, "text": self.text, "then": then, "otherwise": self.otherwise}


@frozen
class NoneDetected:
    """Everything where the input ``key`` says, *with a document*, that nothing was detected; else ``otherwise``."""

    key: str
    text: str
    otherwise: "Measured"
    kind: ClassVar[str] = "none_detected"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "key": self.key, "text": self.text, "otherwise": self.otherwise.as_json()}


@frozen
class Peers:
    """A quantity measured against the peers of the same ranking group.

    ``min_max``: (x - lowest) / (highest - lowest); ``highest``: x / highest; ``z_score``: the standard
    score, mapped linearly from -3 … 3 to 0 … 1 and held within these bounds.
    """

    method: Literal["min_max", "highest", "z_score"]
    quantity: Quantity
    text: str

    @property
    def kind(self) -> str:
        return self.method

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **self.quantity.as_json(), "text": self.text}


@frozen
class CouncilScore:
    """The decision gives only a maximum: the council's score is the fact, from 0 to the maximum."""

    key: str = "1"
    kind: ClassVar[str] = "score"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind}


Measured = Scale | Gate | NoneDetected | Peers
"""What can stand inside another scoring: its inputs are listed, not derived from the words."""

Scoring = Choice | Sum | Measured | CouncilScore


@frozen
class Indicator:
    """One line of an index; of a pillar that is scored whole, the pillar's own line (``whole``)."""

    code: str  # as printed: II.6.5 where the decision prints criterion codes, else 6.5
    name: str
    max: int
    scoring: Scoring
    inputs: tuple[Input, ...]
    number: str = ""  # the STT as printed, where it differs from the code
    method: str = ""  # Cách xác định và tính điểm, as printed; "" where the decision leaves it out
    proof: str = ""  # Tài liệu kiểm chứng
    lead: str = ""  # Đơn vị phụ trách
    support: tuple[str, ...] = ()  # Đơn vị phối hợp, one entry per office
    applies_to: str = ""  # id of the list of units that are subject to it; "": all
    whole: bool = False  # the pillar itself, where the decision leaves its indicators out

    @cached_property
    def by_key(self) -> dict[str, Input]:
        return {entry.key: entry for entry in self.inputs}

    def fact_code(self, key: str) -> str:
        """How evidence writes the input ``key``: ``II.6.5:a``; ``II.1.5`` where it is the only input."""
        return self.code if len(self.inputs) == 1 else f"{self.code}:{key}"


@frozen
class Pillar:
    """Chỉ số chính."""

    code: str
    name: str
    max: int  # as stated
    indicators: tuple[Indicator, ...]
    stated_count: int | None = None  # of its indicators, as stated; None where the decision states none
    number: str = ""  # as printed, where it differs from the code
    group: str = ""  # the heading it stands under: «Nhóm chỉ số nền tảng chung»
    applies_to: str = ""  # id of the list of units that are subject to it; "": all

    @property
    def whole(self) -> bool:
        """Whether the decision leaves the indicators out, so that the pillar is scored as one."""
        return len(self.indicators) == 1 and self.indicators[0].whole


@frozen
class GeneralItem:
    """One row of the general-information table (Thông tin chung): asked for, worth no points."""

    number: str
    name: str
    unit: str = ""
    lead: str = ""
    code: str = ""
    note: str = ""  # what its last column asks for: «Số lượng, danh sách chi tiết»


@frozen
class Bonus:
    """Điểm khuyến khích: the council may add points beyond the maximum, for a reason."""

    code: str
    name: str
    clause: str
    max: int | None = None  # None: the decision states none


@frozen
class StatedGroup:
    """A heading over pillars and how many indicators the decision states under it."""

    name: str
    count: int


@frozen
class IndicatorSet:
    """The index of one tier."""

    tier: Tier
    annex: str
    title: str
    stated_pillars: int
    stated_count: int  # of indicators
    stated_max: int
    rated_by: Tier  # whose council rates
    pillars: tuple[Pillar, ...]
    general: tuple[GeneralItem, ...] = ()
    bonus: Bonus | None = None
    stated_groups: tuple[StatedGroup, ...] = ()

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Everything that earns points, in printed order (without the bonus)."""
        return tuple(indicator for pillar in self.pillars for indicator in pillar.indicators)

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def by_input(self) -> dict[str, tuple[Indicator, str]]:
        """The indicator and the key of each input by its code in evidence, in printed order."""
        return {
            indicator.fact_code(asked.key): (indicator, asked.key)
            for indicator in self.indicators
            for asked in indicator.inputs
        }

    @cached_property
    def pillar_of(self) -> dict[str, Pillar]:
        """The pillar by the code of each of its indicators."""
        return {indicator.code: pillar for pillar in self.pillars for indicator in pillar.indicators}


@frozen
class IndexInstrument:
    """The legal act itself; what its copy leaves blank (number, day) stays blank."""

    number: str  # 1187/QĐ-UBND; "" where the copy leaves it blank
    title: str
    citation: str
    issuer: str
    year: int
    basis: tuple[str, ...]
    signed_on: datetime.date | None = None
    replaces: str = ""

    @property
    def short_citation(self) -> str:
        """``Quyết định số 1187/QĐ-UBND``: the citation up to and with the number; all of it where there is none."""
        if not self.number:
            return self.citation
        kind, number, _ = self.citation.partition(self.number)
        return kind + number if number else self.number


@frozen
class RankingGroup:
    """Units that are ranked against each other: all of a tier, or those under the same parent."""

    id: str
    name: str
    tier: Tier
    clause: str
    within: Literal["all", "parent"] = "all"


@frozen
class UnitList:
    """Units the decision names: those it rates, or those that a pillar applies to."""

    id: str
    title: str
    clause: str
    tier: Tier
    units: tuple[str, ...]  # names as printed, in printed order
    rated: bool = False  # the list of the units that are rated


@frozen
class Step:
    """One step of the yearly calendar; ``day`` of ``month``, ``year`` 0 of the rated year or 1 of the next."""

    name: str
    when: str  # the decision's words
    clause: str
    by: str  # who acts
    day: int | None = None  # the last day in time; None where the words give none
    month: int | None = None
    year: int = 0

    def last_day(self, cycle: int) -> datetime.date | None:
        """The last day in ``cycle`` on which the step is in time; None where the decision gives no day."""
        if self.day is None or self.month is None:
            return None
        return datetime.date(cycle + self.year, self.month, self.day)


@frozen
class Window:
    """The days whose data count for a cycle."""

    text: str
    clause: str
    from_day: int
    from_month: int
    from_year: int  # -1: of the year before
    to_day: int
    to_month: int
    to_year: int = 0

    def days(self, cycle: int) -> tuple[datetime.date, datetime.date]:
        """First and last day whose data count in ``cycle``."""
        first = datetime.date(cycle + self.from_year, self.from_month, self.from_day)
        return first, datetime.date(cycle + self.to_year, self.to_month, self.to_day)


@frozen
class Round:
    """One round of scoring: self, round1, explanation, round2; after the last, what can be published."""

    id: Literal["self", "round1", "explanation", "round2", "published"]
    name: str
    by: str
    clause: str


@frozen
class Role:
    """Who does what, in the decision's words."""

    who: str
    does: str
    clause: str


@frozen
class Omission:
    """What the decision leaves out, and what stands in its place here."""

    what: str
    instead: str
    clause: str


@frozen
class Index:
    """One version of one index instrument. ``digest`` is the SHA-256 of its canonical content."""

    id: str
    version: str
    instrument: IndexInstrument
    sets: dict[Tier, IndicatorSet]
    groups: tuple[RankingGroup, ...]
    interpretations: tuple[Interpretation, ...]
    calendar: tuple[Step, ...] = ()
    window: Window | None = None
    rounds: tuple[Round, ...] = ()
    roles: tuple[Role, ...] = ()
    lists: tuple[UnitList, ...] = ()
    omissions: tuple[Omission, ...] = ()
    digest: str = field(default="", eq=False)  # "sha256:…", set by the loader

    @cached_property
    def list_by_id(self) -> dict[str, UnitList]:
        return {entry.id: entry for entry in self.lists}

    def days(self, cycle: int) -> tuple[datetime.date, datetime.date]:
        """First and last day whose data count in ``cycle``: of the window, else of the calendar year."""
        if self.window is None:
            return datetime.date(cycle, 1, 1), datetime.date(cycle, 12, 31)
        return self.window.days(cycle)

    def group_of(self, tier: Tier) -> RankingGroup | None:
        """The ranking group of the units of ``tier``."""
        return next((group for group in self.groups if group.tier is tier), None)

    def clause(self, tier: Tier, code: str) -> str:
        """How a report cites an indicator: ``Phụ lục III, chỉ số 6.5 (1187/QĐ-UBND)``."""
        place = f"{self.sets[tier].annex}, chỉ số {code}"
        return f"{place} ({self.instrument.number})" if self.instrument.number else place
