"""The index frameworks that are held, year by year, and where each of them stands."""

from collections import Counter

from attrs import frozen
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from certification.procedure.actions import Action
from certification.procedure.states import State
from certification.store.assessments import index_of
from certification.store.matters import Progress, progress_of
from certification.store.models import Cycle, Dossier
from certification.store.worklist import dossiers_in
from certification.web.gate import gate
from certification.web.indexes.seeing import names_offices
from certification.web.looking.scope import cycles_of, readable
from certification.web.speech import tell
from levels.index import Index


@frozen
class Held:
    """One index in one year, as far as the reader may see it."""

    cycle: Cycle
    index: Index
    dossiers: tuple[Dossier, ...]
    states: tuple[tuple[str, int], ...]  # how many dossiers stand where
    progress: Progress  # of the council, over all dossiers

    @property
    def offices(self) -> bool:
        """Whether the decision puts offices in charge."""
        return names_offices(self.index)


@gate(Action.READ_RESULT, anywhere=True)
@require_GET
def show_home(request: HttpRequest) -> HttpResponse:
    """Every cycle of points in which the reader may see anything, open ones first."""
    cycles = cycles_of("index")
    every = dossiers_in(cycles)
    inside = readable(request, every, Action.READ_DOSSIER)
    known = {dossier.pk for dossier in inside}
    seen = [*inside, *readable(request, (each for each in every if each.pk not in known), Action.READ_RESULT)]
    progress = progress_of([each for each in inside if each.cycle.closed_at is None])
    held = [_held(cycle, [each for each in seen if each.cycle_id == cycle.pk], progress) for cycle in cycles]
    return render(request, "indexes/home.html", {"held": [each for each in held if each.dossiers]})


def _held(cycle: Cycle, dossiers: list[Dossier], progress: dict[int, Progress]) -> Held:
    counted = Counter(State(dossier.state) for dossier in dossiers)
    states = tuple((tell(state.label_in("index")), counted[state]) for state in State if counted[state])
    own = [progress[each.pk] for each in dossiers if each.pk in progress]
    total = Progress(sum(each.ruled for each in own), sum(each.total for each in own))
    return Held(cycle, index_of(cycle), tuple(dossiers), states, total)
