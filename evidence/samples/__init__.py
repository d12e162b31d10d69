"""The bundled province of Kon Tum: SYNTHETIC facts about real places.

Names and official codes of the province, its ten districts and 102 communes are those in force
in 2023 (General Statistics Office). Everything else is made up: no figure, document or
appraisal says anything about the real unit of that name. Every fact says so in its ``source``
(``evidence.facts.SYNTHETIC``), and whatever rests on it is marked.

``kon-tum/plan.csv`` holds the places and what the sample wants to show of each; ``make.py``
draws ``units.csv``, ``evidence.csv`` and ``costs.csv`` from it, with the same bytes on every
run: ``python -m evidence.samples.make``.

What can be seen in it: all levels 0 to 5 among the communes; districts held back by their
communes; every status; an exempt OCOP product of a commune and of a district; a zero base not
ruled on and one exempted; an inspection that has expired and one that still counts; a value at
exactly the threshold and one just below; a rejection with its reason; a correction by the
council; a percentage typed without its counts; communes that nobody has appraised yet.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

from attrs import frozen

PROVINCE = "kon-tum"
FRAMEWORK = "kon-tum-121-2025"
CYCLE = 2025


@frozen
class Sample:
    """The files of the bundled province."""

    units: Traversable
    evidence: Traversable
    costs: Traversable


def sample_paths() -> Sample:
    """Where the files of the bundled province lie; ``importlib.resources.as_file`` gives plain paths."""
    place = files(__name__) / PROVINCE
    return Sample(place / "units.csv", place / "evidence.csv", place / "costs.csv")
