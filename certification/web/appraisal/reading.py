"""Reading: a dossier before the council as the pages of the appraisal show it."""

from collections.abc import Callable, Mapping
from functools import cached_property

from attrs import frozen
from django.http import HttpRequest
from django.urls import reverse

from certification.procedure.actions import Action
from certification.procedure.permissions import Refused, permit
from certification.store.doubts import doubts_of
from certification.store.effects import Levelled, Pointed, weigh
from certification.store.matters import Docket, Matter, Part, docket_of
from certification.store.models import Dossier, FactProof
from certification.store.proofs import is_link
from certification.store.subjects import subject_of
from certification.web.gate import actor_in
from certification.web.looking.scope import known_units, told_units
from certification.web.planner.scope import rated
from certification.web.speech import language, tell
from evidence.asked import Asked, AskedCriterion
from evidence.checks import Doubt
from evidence.facts import Amount, Fact, Status
from evidence.inputs import AskedInput
from evidence.values import STATUS_NAMES
from levels.faults import Text
from reports.score_words import amount_text
from reports.words import NOTHING, value_text


@frozen
class Bench:
    """One dossier with everything its pages show.

    ``refusal``: why the reader may only look on; ``above``: the units above into whose dossiers he may look as well;
    ``told``: finds the units whose results he may know.
    """

    docket: Docket
    refusal: Text | None
    above: frozenset[str]
    told: Callable[[], frozenset[str]]

    @property
    def dossier(self) -> Dossier:
        return self.docket.dossier

    @cached_property
    def doubts(self) -> Mapping[str, tuple[Doubt, ...]]:
        """What should be looked at before it is accepted, by the code of the matter."""
        found: dict[str, list[Doubt]] = {}
        for doubt in doubts_of(self.dossier, self.docket.units):
            # An indicator's inputs are doubted one by one; the bonus and whole indicators by their own code.
            code = doubt.criterion if doubt.criterion in self.docket.by_code else doubt.criterion.partition(":")[0]
            found.setdefault(code, []).append(doubt)
        return {code: tuple(doubts) for code, doubts in found.items()}

    @cached_property
    def weighed(self) -> Levelled | Pointed:
        """The dossier ready to be decided with other facts; read when it is first asked for."""
        rating = rated(self.dossier.cycle) if self.dossier.cycle.rulebook.kind == "index" else None
        return weigh(self.docket, rating)

    @cached_property
    def ranked(self) -> bool:
        """Whether the reader may know its rank: he may of every unit that it is ranked among."""
        if not isinstance(self.weighed, Pointed):
            return False
        code = self.docket.unit.code
        among = [{place.score.unit.code for place in group.places} for group in self.weighed.rating.ranking().groups]
        return all(self.told().issuperset(codes) for codes in among if code in codes)


def sit(request: HttpRequest, dossier: Dossier) -> Bench:
    """The dossier as the reader may see it, and whether he may rule on it now."""
    docket = docket_of(dossier)
    refusal = None
    try:
        permit(actor_in(request), Action.APPRAISE, subject_of(dossier))
    except Refused as refused:
        refusal = refused.text
    above, code = set[str](), docket.unit.code
    while (parent := docket.units[code].parent) is not None:
        above.add(parent)
        code = parent
    known = known_units(request, dossier.cycle, above)
    return Bench(docket, refusal, known, lambda: told_units(request, dossier.cycle))


def amount_words(asked: Asked, amount: Amount | None) -> str:
    """A value as a person reads it; a dash where there is none."""
    if amount is None:
        return NOTHING
    if isinstance(asked, AskedCriterion):
        return value_text(asked.criterion.kind, amount, language())
    assert isinstance(asked, AskedInput)
    return amount_text(asked.input, amount, language())


def text_words(asked: Asked, text: str) -> str:
    """A value that the log holds as text, as a person reads it."""
    return amount_words(asked, asked.read_written(text) if text else None)


def part_name(part: Part) -> str:
    """What one of several facts of an indicator is: the decision's words."""
    asked = part.asked
    return asked.input.label if isinstance(asked, AskedInput) else asked.code


def council_value(fact: Fact) -> Amount | None:
    """The value that counts once the council has ruled; None while it has not, and where none counts."""
    return fact.amount if fact.status in (Status.VERIFIED, Status.ADJUSTED) else None


def standing_words(part: Part) -> str:
    """What stands after the council's ruling: its value, or that none counts; "" while it has not ruled."""
    amount = council_value(part.standing)
    if amount is not None:
        return amount_words(part.asked, amount)
    return tell(STATUS_NAMES[part.standing.status]) if part.ruled else ""


def proof_href(dossier: Dossier, proof: FactProof) -> str:
    """Where a document is opened: the stored file, or the link itself; "" for the number of a letter."""
    if proof.proof_id is not None:
        return reverse("facts:proof", args=[dossier.pk, proof.pk])
    return proof.reference if is_link(proof.reference) else ""


def neighbours(docket: Docket, code: str) -> tuple[Matter | None, Matter | None, Matter | None]:
    """The matter before ``code``, the one after it, and the next one that is still open."""
    at = next(i for i, matter in enumerate(docket.matters) if matter.code == code)
    around = [*docket.matters[at + 1 :], *docket.matters[:at]]
    waiting = next((matter for matter in around if not matter.ruled and not matter.derived), None)
    before = docket.matters[at - 1] if at else None
    after = docket.matters[at + 1] if at + 1 < len(docket.matters) else None
    return before, after, waiting
