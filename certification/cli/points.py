"""Points and ranks: what ``evaluate`` and ``why`` print of an index."""

import sys
from typing import TYPE_CHECKING

from certification.cli.inputs import refuse, refusing
from certification.cli.options import Normalisation, Shape, Telling, no_criteria, print_json
from certification.cli.outputs import Outputs
from certification.cli.speech import language
from certification.cli.wrapping import print_text
from levels.faults import Fault, Faulty, Text

if TYPE_CHECKING:  # importing them would make «certify --help» slow
    from certification.rating import Rating
    from rules.normalisation import Method


def print_rating(rating: "Rating", shape: Shape, outputs: Outputs, normalisation: Normalisation | None) -> None:
    """Print the points and ranks of every unit; where asked for, also write the workbook."""
    from certification.cli.index_pages import print_ranking
    from certification.point_answers import rating_as_json
    from reports.ranking_sheets import ranking_csv, ranking_workbook

    method = _method(normalisation)
    with refusing():
        answer = rating_as_json(rating, method)  # everything that is printed is computed by now
        if outputs.named["excel"] is not None:
            outputs.write({"excel": ranking_workbook(rating.ranking(), language())})
    if shape is Shape.JSON:
        print_json(answer)
    elif shape is Shape.CSV:
        sys.stdout.write(ranking_csv(rating.ranking()))
    else:
        print_ranking(rating, method)


def _method(normalisation: Normalisation | None) -> "Method | None":
    if normalisation is None:
        return None
    return "z_score" if normalisation is Normalisation.Z_SCORE else "min_max"


def explain_score(rating: "Rating", code: str, indicator: str | None, shape: Telling) -> None:
    """Print why the unit has its points, on one indicator or on all."""
    from certification.point_answers import score_as_json
    from reports.score_explanation import explain_score_html, explain_score_text

    with refusing():
        if rating.units[code].tier not in rating.index.sets:
            raise refuse(no_criteria(rating, code))
        if indicator is not None:
            _check_indicator(rating, code, indicator)
        place, group, rounds = rating.explained.place_of[code], rating.group_of(code), rating.rounds.get(code, ())
    if shape is Telling.JSON:
        print_json(score_as_json(rating, place, group, indicator, language()))
    elif shape is Telling.HTML:
        print(explain_score_html(place, language(), indicator, rounds=rounds))
    else:
        print_text(explain_score_text(place, language(), indicator, rounds=rounds))


def _check_indicator(rating: "Rating", code: str, indicator: str) -> None:
    """Raises ``Faulty`` with the nearest codes where the unit's tier has no such indicator."""
    from evidence.values import quote, suggest

    asked = rating.index.sets[rating.units[code].tier]
    known = [*asked.by_code, *((asked.bonus.code,) if asked.bonus is not None else ())]
    if indicator not in known:
        found = Text(vi=f"không có chỉ số {quote(indicator)}", en=f"there is no indicator {quote(indicator)}")
        raise Faulty([Fault("--indicator", 1, 1, found, suggest(indicator, known))])
