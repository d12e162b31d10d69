"""Seeing: a cycle of points as one reader may see it."""

from collections.abc import Collection

from attrs import frozen
from django.http import HttpRequest

from certification.rating import Rating
from certification.store.models import Dossier
from certification.web.looking.scope import Scope, scope_in
from certification.web.planner.scope import rated
from levels.faults import Text
from levels.index import Index
from reports.ranking_table import group_name
from rules.scores import GroupRanking, Reading

READINGS: dict[Reading, Text] = {
    Reading.STANDING: Text(vi="Như số liệu hiện có", en="As the data stand"),
    Reading.ACCEPTED: Text(vi="Chỉ số liệu Hội đồng đã chấp nhận", en="Only what the council has accepted"),
    Reading.CLAIMED: Text(vi="Như đơn vị tự chấm", en="As the units score themselves"),
}
"""Which facts a ranking counts."""


@frozen
class Sight:
    """One cycle of points: its rating, and the units whose places the reader may see."""

    scope: Scope
    rating: Rating
    dossiers: dict[str, Dossier]  # by unit code: those he may look into, and those whose result is public
    inside: frozenset[str]  # codes of those he may look into

    @property
    def offices(self) -> bool:
        """Whether the decision puts offices in charge."""
        return names_offices(self.rating.index)

    def reading(self, asked: str) -> Reading:
        """The reading asked for; who may not look into any dossier sees only what can be published."""
        if not self.inside:
            return Reading.ACCEPTED
        return Reading(asked) if asked in list(Reading) else Reading.STANDING


def see(request: HttpRequest) -> Sight | None:
    """The cycle of points that ``?cycle=`` names, else the first in which the reader may see anything; None: none."""
    scope = scope_in(request, "index")
    if scope is None or not (scope.dossiers or scope.published):
        return None
    dossiers = {dossier.unit.code: dossier for dossier in (*scope.dossiers, *scope.published)}
    return Sight(scope, rated(scope.cycle), dossiers, frozenset(each.unit.code for each in scope.dossiers))


def names_offices(index: Index) -> bool:
    """Whether the decision names an office for any indicator: in charge, or in support."""
    return any(each.lead or each.support for entry in index.sets.values() for each in entry.indicators)


def group_key(group: GroupRanking) -> str:
    """How an address names a group."""
    return group.group.id if group.parent is None else f"{group.group.id}.{group.parent.code}"


def group_title(group: GroupRanking) -> str:
    """The group's name, with the unit whose units it ranks."""
    name = group_name(group.group)
    return name if group.parent is None else f"{name} – {group.parent.name}"


def visible(groups: Collection[GroupRanking], sight: Sight) -> list[GroupRanking]:
    """The groups in which the reader may see any unit."""
    return [group for group in groups if any(place.score.unit.code in sight.dossiers for place in group.places)]
