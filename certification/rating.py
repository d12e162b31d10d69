"""The rating: one cycle of one index over a tree of units, scored, ranked and explained on demand."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import field, frozen

from evidence.dossiers import TOLD, Evidence
from evidence.facts import Fact, Facts
from evidence.units import Unit, Units
from levels.faults import Fault, Text
from levels.index import Index, UnitList
from levels.unit_names import absent, same_unit
from rules.ranking import rank
from rules.rounds import compare_rounds
from rules.scores import GroupRanking, Ranking, Reading, RoundScore, Score
from rules.scoring import score_all


@frozen
class Rating:
    """One cycle of one index over its units, ready to be scored.

    Scores are computed once per reading. Units whose tier the index does not rate have none.
    """

    index: Index
    units: Units
    evidence: Evidence
    _scores: dict[tuple[int, Reading], Mapping[str, Score]] = field(factory=dict, init=False, eq=False, repr=False)

    @property
    def rulebook(self) -> Index:
        return self.index

    @property
    def cycle(self) -> int:
        return self.evidence.cycle

    @property
    def facts(self) -> Facts:
        return self.evidence.facts

    @property
    def last_year(self) -> Facts:
        """The dossiers of the cycle before; empty where the file of facts holds none."""
        return self.evidence.history.get(self.cycle - 1, {})

    @property
    def rated(self) -> tuple[Unit, ...]:
        """The units whose tier the index rates, in the order of the units file."""
        return tuple(unit for unit in self.units.values() if unit.tier in self.index.sets)

    def scores(self, reading: Reading = Reading.STANDING) -> Mapping[str, Score]:
        """The points of every rated unit by its code; what would win points back is left out."""
        facts = self.facts
        if reading is Reading.CLAIMED:  # where the rounds are kept apart, the claim is the first of them
            facts = self.evidence.rounds.get("self", facts)
        return self._score(self.cycle, facts, reading)

    def ranking(self, reading: Reading = Reading.STANDING) -> Ranking:
        """Every rated unit in its group, beside its place a year before under the same reading."""
        return self._rank(self.scores(reading), reading)

    @cached_property
    def explained(self) -> Ranking:
        """The ranking as the data stand, each line with what would win its lost points back."""
        return self.explain(Reading.STANDING)

    def explain(self, reading: Reading) -> Ranking:
        """As ``ranking``, each line with what would win its lost points back."""
        return self._rank(score_all(self.index, self.units, self.facts, self.cycle, reading=reading), reading)

    def group_of(self, code: str) -> GroupRanking:
        """The ranking group of a rated unit, as the data stand."""
        return next(
            group for group in self.explained.groups if any(place.score.unit.code == code for place in group.places)
        )

    @cached_property
    def rounds(self) -> Mapping[str, Sequence[RoundScore]]:
        """Every round that has facts, by unit and in the order of the index; empty where no row names a round."""
        return compare_rounds(self.index, self.units, self.evidence.rounds, self.cycle)

    @cached_property
    def absent(self) -> dict[UnitList, tuple[str, ...]]:
        """The units that a list of the rated names and the units file does not hold, as printed."""
        found = {}
        for entry in self.index.lists:
            if entry.rated:
                names = absent(entry.units, [unit.name for unit in self.units.values() if unit.tier is entry.tier])
                if names:
                    found[entry] = names
        return found

    @cached_property
    def unlisted(self) -> dict[UnitList, tuple[Unit, ...]]:
        """The units of a rated tier that the decision's list of the rated does not name."""
        found = {}
        for entry in self.index.lists:
            strangers = tuple(
                unit
                for unit in self.units.values()
                if entry.rated and unit.tier is entry.tier and not any(same_unit(n, unit.name) for n in entry.units)
            )
            if strangers:
                found[entry] = strangers
        return found

    @property
    def untimely(self) -> Iterator[Fact]:
        """The facts of the cycle that were measured on days whose data do not count."""
        first, last = self.index.days(self.cycle)
        for dossier in self.facts.values():
            for fact in dossier.values():
                if fact.measured_on is not None and not first <= fact.measured_on <= last:
                    yield fact

    def _rank(self, scores: Mapping[str, Score], reading: Reading) -> Ranking:
        # A unit that handed in nothing a year ago has no place then: 0 points would be made up.
        before = self._score(self.cycle - 1, self.last_year, reading) if self.last_year else {}
        last = {code: score for code, score in before.items() if self.last_year.get(code)}
        return rank(self.index, self.units, scores, self.cycle, last)

    def _score(self, cycle: int, facts: Facts, reading: Reading) -> Mapping[str, Score]:
        known = self._scores.get((cycle, reading))
        if known is None:
            known = score_all(self.index, self.units, facts, cycle, reading=reading, explain=False)
            self._scores[cycle, reading] = known
        return known


def find_doubts(rating: Rating, units_file: str, evidence_file: str) -> Iterator[Fault]:
    """Warnings about a rating: units that the decision's lists and the files do not share, data out of time.

    ``units_file`` and ``evidence_file`` are how the warnings call the files.
    """
    for entry, names in rating.absent.items():
        for name in names:
            yield Fault(
                units_file,
                1,
                "name",
                Text(vi=f"không có «{name}»", en=f"there is no «{name}»"),
                Text(vi=f"«{entry.title}» nêu đơn vị này", en=f"«{entry.title}» names this unit"),
                "warning",
            )
    for entry, strangers in rating.unlisted.items():
        for unit in strangers:
            yield Fault(
                units_file,
                1,
                unit.code,
                Text(vi=f"{unit.name} không có trong «{entry.title}»", en=f"{unit.name} is not in «{entry.title}»"),
                Text(vi="đơn vị vẫn được tính điểm và xếp hạng", en="the unit is scored and ranked all the same"),
                "warning",
            )
    yield from _tell_untimely(rating, evidence_file)


def _tell_untimely(rating: Rating, file: str) -> Iterator[Fault]:
    found = list(rating.untimely)
    if not found:
        return
    first, last = rating.index.days(rating.cycle)
    expected = Text(
        vi=f"số liệu tính từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}; số liệu này tính 0 điểm",
        en=f"data count from {first} to {last}; this counts as 0 points",
    )
    for fact in found[:TOLD]:
        told = Text(
            vi=f"{fact.criterion} của {fact.unit} đo ngày {fact.measured_on:%d/%m/%Y}",
            en=f"{fact.criterion} of {fact.unit} was measured on {fact.measured_on}",
        )
        yield Fault(file, 1, "measured_on", told, expected, "warning")
    if len(found) > TOLD:
        rest = Text(vi=f"thêm {len(found) - TOLD} dòng như vậy", en=f"{len(found) - TOLD} more such rows")
        yield Fault(file, 1, "measured_on", rest, expected, "warning")
