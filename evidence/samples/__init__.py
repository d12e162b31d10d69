"""The bundled samples: SYNTHETIC facts about real places, one sample for every bundled rulebook.

Names and official codes are those in force in the year of the sample (General Statistics Office; the
offices of a province by their initials). Everything else is made up: no figure, document or appraisal
says anything about the real unit of that name. Every fact says so in its ``source``
(``evidence.facts.SYNTHETIC``), and whatever rests on it is marked.

``kon-tum/``: the province, its ten districts and 102 communes, for the levels of Kon Tum's decision.
``bac-ninh/``, ``ha-noi/``, ``dak-lak/``, ``chu-prong/``: the units that the four indexes rate, with the
year before to compare with. ``plan.csv`` of each folder holds the places and what the sample wants to
show of each; ``make.py`` and ``make_indexes.py`` draw the other files from it, with the same bytes on
every run: ``python -m evidence.samples.make``, ``python -m evidence.samples.make_indexes``.

What can be seen in Kon Tum: all levels 0 to 5 among the communes; districts held back by their
communes; every status; an exempt OCOP product of a commune and of a district; a zero base not
ruled on and one exempted; an inspection that has expired and one that still counts; a value at
exactly the threshold and one just below; a rejection with its reason; a correction by the
council; a percentage typed without its counts; communes that nobody has appraised yet.

What can be seen in the indexes: every status; missing data; a council's 0 that is no missing value; ties;
units that are not subject to an indicator; places that climb and fall; the two rounds of Hà Nội with the
explanations between them, and its bonus; at Chư Prông values at exactly a boundary and just below it,
«none detected» with its proof and without, a zero base, more than 100 % held at the maximum.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

from attrs import frozen

PROVINCE = "kon-tum"
FRAMEWORK = "kon-tum-121-2025"
CYCLE = 2025

_FOLDERS = {
    FRAMEWORK: PROVINCE,
    "bac-ninh-1187-2023": "bac-ninh",
    "chu-prong-2023": "chu-prong",
    "dak-lak-2534-2022": "dak-lak",
    "ha-noi-2024": "ha-noi",
}


@frozen
class Sample:
    """The files of one sample; costs are there for Kon Tum and Chư Prông, as made up as everything else."""

    units: Traversable
    evidence: Traversable
    costs: Traversable | None = None


def sample_ids() -> tuple[str, ...]:
    """The ids of the rulebooks that have a sample."""
    return tuple(_FOLDERS)


def sample_paths(framework_id: str = FRAMEWORK) -> Sample:
    """Where the files of a rulebook's sample lie; ``importlib.resources.as_file`` gives plain paths.

    Raises ``KeyError`` for a rulebook without one (``sample_ids``).
    """
    place = files(__name__) / _FOLDERS[framework_id]
    costs = place / "costs.csv"
    return Sample(place / "units.csv", place / "evidence.csv", costs if costs.is_file() else None)
