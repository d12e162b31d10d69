"""Values in words: a fact's exact value as a person reads it, of levels and of points alike."""

from certification.store.assessments import amount_of
from certification.store.models.facts import FactRecord
from certification.web.speech import language
from evidence.asked import Asked, AskedCriterion
from evidence.facts import Amount, Fact
from evidence.inputs import AskedInput
from reports.score_words import amount_text
from reports.words import NOTHING, value_text


def told_amount(asked: Asked, amount: Amount | None) -> str:
    """``74/104 (71,15%)``, ``có``, ``1,25 tỷ đồng``; a dash where there is no value."""
    if amount is None:
        return NOTHING
    if isinstance(asked, AskedInput):
        return amount_text(asked.input, amount, language())
    if isinstance(asked, AskedCriterion):
        return value_text(asked.criterion.kind, amount, language())
    return asked.write(amount)


def told_value(asked: Asked, fact: Fact | FactRecord | None) -> str:
    """The value of a fact or of its row, in words."""
    if fact is None:
        return NOTHING
    amount = fact.amount if isinstance(fact, Fact) else amount_of(fact.numerator, fact.denominator)
    return told_amount(asked, amount)
