"""A ranking is signed and published as an act of its own; without one of its units there is none."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from certification.procedure.actors import Actor
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.ranking_verification import verify_ranking
from certification.store.assessments import rating_of
from certification.store.decisions import Signature, publish, sign
from certification.store.loading import Province
from certification.store.models import Dossier
from certification.store.unfit import Unfit
from rules.scores import Reading
from tests.web.decisions.conftest import ready

pytestmark = pytest.mark.usefixtures("without_pdf")


@pytest.fixture
def proposed(index_province: Province) -> list[Dossier]:
    cycle = index_province.cycle
    rated = [place.score.unit.code for group in rating_of(cycle).ranking().groups for place in group.places]
    return ready(cycle, rated, datetime.date(cycle.year, 12, 12))


def test_a_ranking_is_signed_sealed_and_published(
    proposed: list[Dossier], index_province: Province, actor: Callable[..., Actor], tmp_path: Path
) -> None:
    root = index_province.cycle.root.code
    day = datetime.date(index_province.cycle.year, 12, 18)
    act = sign(
        actor(Role.PROVINCIAL_COMMITTEE, root), {row.pk: row.version for row in proposed}, Signature(day, "Trần A")
    )
    assert act.kind == "ranking"
    ranking = rating_of(index_province.cycle).ranking(Reading.ACCEPTED)
    stated = {entry.dossier.unit.code: entry.result["rank"] for entry in act.units.select_related("dossier__unit")}
    assert stated == {place.score.unit.code: place.rank for group in ranking.groups for place in group.places}
    assert set(act.units.values_list("level", flat=True)) == {None}
    for file in act.files.all():
        (tmp_path / file.name).write_bytes(bytes(file.content))
    (bundle,) = tmp_path.glob("*.json")
    findings = list(verify_ranking(bundle, bundle.name, {index_province.rulebook.digest}))
    assert [finding.text.vi for finding in findings if finding.agrees is False] == []
    publish(actor(Role.DEPARTMENT, root), act)
    assert set(Dossier.objects.filter(acts__act=act).values_list("state", flat=True)) == {State.PUBLISHED}


def test_a_ranking_without_one_of_its_units_is_refused_and_names_it(
    proposed: list[Dossier], index_province: Province, actor: Callable[..., Actor]
) -> None:
    chosen, left_out = proposed[1:], proposed[0]
    day = datetime.date(index_province.cycle.year, 12, 18)
    with pytest.raises(Unfit) as refused:
        sign(
            actor(Role.PROVINCIAL_COMMITTEE, index_province.cycle.root.code),
            {row.pk: row.version for row in chosen},
            Signature(day, "Trần A"),
        )
    assert left_out.unit.name in refused.value.text.vi
