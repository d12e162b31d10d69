"""Work lists: which office is responsible for which indicator, and how far its facts have got.

The offices are those that the decision prints as in charge (Đơn vị phụ trách) and in support (Đơn vị
phối hợp). An index that names none has no work lists.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import frozen

from evidence.facts import ACCEPTED, Status
from evidence.units import Unit
from evidence.values import fold
from levels.framework import Tier
from levels.index import GeneralItem, Index, Indicator
from rules.scores import IndicatorScore, Score, State

# Phụ lục 02 of Chư Prông prints «HĐND» also as «HỠND» (II.5.9, II.5.10; its interpretation office-names).
_SPELLINGS = {"&": " và ", "-": " - ", "HỠND": "HĐND"}


@frozen
class Progress:
    """How far one unit's facts have got on the indicators that an office leads."""

    unit: Unit
    lines: tuple[IndicatorScore, ...]  # those the unit is subject to, in printed order

    @property
    def inputs(self) -> int:
        """How many facts the lines ask for."""
        return sum(len(line.inputs) for line in self.lines)

    @property
    def known(self) -> int:
        """How many of them there are, whatever their status."""
        return sum(
            value.fact is not None and value.fact.status is not Status.UNKNOWN
            for line in self.lines
            for value in line.inputs
        )

    @property
    def accepted(self) -> int:
        """How many of them the council has accepted."""
        return sum(
            value.fact is not None and value.fact.status in ACCEPTED for line in self.lines for value in line.inputs
        )

    @property
    def points(self) -> Fraction:
        return sum((line.points for line in self.lines), Fraction(0))

    @property
    def lost(self) -> Fraction:
        """The points that the lines could still give."""
        return sum((line.lost for line in self.lines), Fraction(0))


@frozen
class WorkList:
    """What one office has to do under one index."""

    office: str  # as first printed
    lead: tuple[Indicator, ...]
    support: tuple[Indicator, ...]
    general: tuple[GeneralItem, ...]  # the rows of the general information that it supplies
    progress: tuple[Progress, ...]  # of every unit scored, on the indicators it leads


def work_lists(index: Index, tier: Tier, scores: Mapping[str, Score]) -> tuple[WorkList, ...]:
    """The work list of every office that the set of ``tier`` names, in the order in which they come to lead.

    Offices that supply only general information come next, then those that only support. A cell that
    names two offices in charge, separated by a semicolon, makes both responsible; names that differ
    only in case, in spacing, in «&» for «và» or by a known misprint are one office, shown as first
    printed. Progress is told of the units of ``scores`` that belong to ``tier``, in their order.
    """
    entry = index.sets[tier]
    lead = {indicator.code: _offices(indicator.lead.split(";")) for indicator in entry.indicators}
    support = {indicator.code: _offices(indicator.support) for indicator in entry.indicators}
    general = [(item, _offices(item.lead.split(";"))) for item in entry.general]
    supply = [offices for _, offices in general]
    printed = [*supply, *(offices for code in lead for offices in (lead[code], support[code]))]
    shown = {key: name for offices in reversed(printed) for key, name in offices.items()}
    units = [score for score in scores.values() if score.unit.tier is tier]
    lists = []
    for key in dict.fromkeys(key for offices in (*lead.values(), *supply, *support.values()) for key in offices):
        leads = tuple(indicator for indicator in entry.indicators if key in lead[indicator.code])
        lists.append(
            WorkList(
                shown[key],
                leads,
                tuple(indicator for indicator in entry.indicators if key in support[indicator.code]),
                tuple(item for item, offices in general if key in offices),
                tuple(_progress(score, leads) for score in units),
            )
        )
    return tuple(lists)


def _offices(names: Iterable[str]) -> dict[str, str]:
    """Names as printed, without stray separators, by the spelling that tells offices apart."""
    plain = (" ".join(name.split()).strip(" ;,.") for name in names)
    return {_key(name): name for name in plain if name}


def _key(name: str) -> str:
    """What one office's names have in common."""
    for printed, meant in _SPELLINGS.items():
        name = name.replace(printed, meant)
    return fold(name)


def _progress(score: Score, leads: Iterable[Indicator]) -> Progress:
    lines = (score.by_code[indicator.code] for indicator in leads)
    return Progress(score.unit, tuple(line for line in lines if line.state is not State.NOT_SUBJECT))
