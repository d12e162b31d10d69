"""Appraisal: the council's rulings on the facts of a dossier, made, changed and taken back.

Every ruling goes through ``store.changes``: the permission is judged on the locked dossier, the log keeps what was
there before it, and the results that rest on it are decided again.
"""

from collections.abc import Collection, Iterable, Mapping

from attrs import evolve
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.store.assessments import fact_of
from certification.store.changes import DossierChange, Overtaken, change_dossier
from certification.store.facts import Cells, carry_proofs, tidy_cells
from certification.store.matters import Docket, Matter, Part, docket_of, snapshot
from certification.store.models.facts import FactRecord
from certification.store.rounds import order_of
from certification.store.unfit import Unfit
from evidence.facts import Amount, Fact, Status
from evidence.inputs import excess_among
from evidence.rulings import Ruling, rule
from evidence.values import Flaw, Unreadable
from levels.faults import Text

Proposal = Mapping[str, Fact]
"""The facts that would stand after a ruling, by what they are of."""


def propose(
    docket: Docket, code: str, ruling: Ruling, cells: Mapping[str, Cells] | None = None, reason: str = ""
) -> dict[str, Fact]:
    """The facts that ``ruling`` on the matter ``code`` would leave; nothing is changed.

    Of several facts those without a value of the council's own are accepted as reported where others are adjusted.
    ``cells`` by the code of the fact. Raises ``Unreadable`` with every flaw (its column ``CODE:column``), ``KeyError``.
    """
    matter = docket.by_code[code]
    if ruling is Ruling.REOPEN:
        return {part.asked.code: part.restored for part in matter.parts if _in_open_round(docket, part)}
    found: dict[str, Fact] = {}
    flaws: list[Flaw] = []
    for part in matter.parts:
        typed = evolve((cells or {}).get(part.asked.code, Cells()), note=reason)
        try:
            fact = _propose_part(docket, part, ruling, typed, single=len(matter.parts) == 1)
        except Unreadable as unreadable:
            flaws += [evolve(flaw, column=f"{part.asked.code}:{flaw.column}") for flaw in unreadable.flaws]
        else:
            if fact is not None:
                found[part.asked.code] = fact
    if not flaws:
        flaws = [*_find_flaws_together(docket, matter, ruling, found)]
    if flaws:
        raise Unreadable(_once(flaws))
    return found


def _propose_part(docket: Docket, part: Part, ruling: Ruling, typed: Cells, *, single: bool) -> Fact | None:
    asked, claim, units = part.asked, part.claim, docket.units
    flaws: list[Flaw] = []
    cells = tidy_cells(typed, flaws)
    if flaws:
        raise Unreadable(flaws)
    amount = None
    if ruling in (Ruling.ADJUST, Ruling.EXEMPT):
        amount = asked.read(numerator=cells.numerator, denominator=cells.denominator, value=cells.value)
    if ruling is Ruling.EXEMPT and (amount is None or amount.denominator != 0):
        amount = None  # only a base that the council finds to be zero belongs to an exemption
    if not single and ruling is Ruling.ADJUST and (amount is None or _same(part, amount)):
        return None if claim.amount is None else rule(claim, Ruling.ACCEPT, asked, units)
    if not single and ruling is Ruling.ACCEPT and claim.amount is None:
        return None  # what is missing of several facts stays open
    return rule(claim, ruling, asked, units, amount, cells.note)


def _same(part: Part, amount: Amount) -> bool:
    return part.claim.amount is not None and part.asked.write(part.claim.amount) == part.asked.write(amount)


def _find_flaws_together(docket: Docket, matter: Matter, ruling: Ruling, found: Proposal) -> Iterable[Flaw]:
    """What is wrong although every fact by itself is right."""
    if len(matter.parts) > 1:
        if ruling is Ruling.ACCEPT and not found:
            yield _NOTHING_CLAIMED
        if ruling is Ruling.ADJUST and all(fact.status is Status.VERIFIED for fact in found.values()):
            yield _NOTHING_ADJUSTED
    together = {**docket.facts, **found}
    for whole in docket.catalogue.wholes.get(docket.unit.tier, ()):
        for code, flaw in excess_among(whole, together, found):
            yield evolve(flaw, column=f"{code}:{flaw.column}")


_NOTHING_CLAIMED = Flaw(
    "status",
    Text(vi="đơn vị không báo cáo giá trị nào để chấp nhận", en="the unit reports no value that could be accepted"),
    Text(vi="hãy điều chỉnh hoặc không chấp nhận, kèm lý do", en="adjust or reject, with a reason"),
)
_NOTHING_ADJUSTED = Flaw(
    "value",
    Text(vi="các giá trị đều là giá trị đã báo cáo", en="every value is the one that was reported"),
    Text(vi="hãy sửa ít nhất một giá trị, hoặc chọn “Chấp nhận”", en="change at least one, or choose “Accept”"),
)


def _once(flaws: Iterable[Flaw]) -> list[Flaw]:
    """Each flaw once: a missing reason is missing once, however many facts it is of."""
    seen: dict[tuple[str, str], Flaw] = {}
    for flaw in flaws:
        column = flaw.column.rpartition(":")[2]
        seen.setdefault((column if column == "note" else flaw.column, flaw.found.en), flaw)
    return list(seen.values())


def rule_on(
    actor: Actor,
    dossier: int,
    code: str,
    ruling: Ruling,
    *,
    cells: Mapping[str, Cells] | None = None,
    reason: str = "",
    seen: str | None = None,
) -> Docket:
    """Rule on one matter of the dossier with primary key ``dossier``; its docket as it was before.

    ``cells``: the council's values by the code of the fact. ``seen``: the ``Matter.seen`` that the page was made
    from; where somebody else has ruled meanwhile raises ``Overtaken`` with the matter as it is now.

    Raises ``Refused`` (not on the council, entered it, conflict of interest, the round is not open), ``Unreadable``
    with every flaw (see ``propose``), ``Unfit`` where there is no ruling of this round to take back.
    """
    with change_dossier(actor, Action.APPRAISE, dossier, why=reason) as made:
        docket = docket_of(made.dossier)
        matter = docket.by_code[code]
        if seen is not None and seen != matter.seen:
            raise Overtaken(_RULED_MEANWHILE, matter)
        made.label = f"{made.dossier} {code}"[:300]
        if ruling is Ruling.REOPEN:
            _reopen(made, docket, matter, actor)
        else:
            _write(made, docket, matter, propose(docket, code, ruling, cells, reason), actor)
    return docket


_RULED_MEANWHILE = Text(
    vi="người khác vừa có kết luận về tiêu chí này; hãy xem kết luận đó rồi quyết định giữ bên nào",
    en="somebody else has just ruled on this criterion; look at that ruling and decide which one is to stand",
)


def acceptable(docket: Docket, doubtful: Collection[str] = ()) -> tuple[Matter, ...]:
    """What may be accepted together: reported in full, proven, without doubts, not ruled on, no zero base."""
    return tuple(
        matter
        for matter in docket.matters
        if matter.claimed
        and matter.proven
        and not matter.derived
        and not matter.zero_base
        and matter.code not in doubtful
        and not any(part.ruled for part in matter.parts)
    )


def accept_together(actor: Actor, dossier: int, seen: Mapping[str, str], doubtful: Collection[str] = ()) -> int:
    """Accept several matters in one change; how many.

    ``seen``: their codes, each with the ``Matter.seen`` of the page on which they were confirmed. ``doubtful`` are
    the codes that there are doubts about now. Raises ``Refused``; ``Overtaken`` where one of them may no longer be
    accepted like this, or is not what was confirmed: then none is.
    """
    with change_dossier(actor, Action.APPRAISE, dossier) as made:
        docket = docket_of(made.dossier)
        fit = {matter.code: matter for matter in acceptable(docket, doubtful)}
        changed = [code for code, version in seen.items() if code not in fit or fit[code].seen != version]
        if changed:
            names = ", ".join(changed)
            raise Overtaken(
                Text(
                    vi=f"{names} đã thay đổi hoặc nay còn điều cần xem lại; chưa tiêu chí nào được chấp nhận",
                    en=f"{names} changed or must be looked at again; none has been accepted",
                )
            )
        for code in seen:
            _write(made, docket, fit[code], propose(docket, code, Ruling.ACCEPT), actor)
        made.label = f"{made.dossier}: {', '.join(seen)}"[:300]
    return len(seen)


def _write(made: DossierChange, docket: Docket, matter: Matter, proposal: Proposal, actor: Actor) -> None:
    before, after = made.before or {}, made.after or {}
    now = timezone.now()
    for part in matter.parts:
        fact = proposal.get(part.asked.code)
        if fact is None:
            continue
        round_ = _round_for(docket, part)
        record, old = _row_for(made, part, round_)
        amount, reported = fact.amount, fact.reported
        record.status = fact.status.value
        record.numerator = None if amount is None else amount.numerator
        record.denominator = None if amount is None else amount.denominator
        record.reported_numerator = None if reported is None else reported.numerator
        record.reported_denominator = None if reported is None else reported.denominator
        record.note, record.draft = fact.note, False
        record.appraised_by_id, record.appraised_at = actor.account, now
        record.save()
        if old is None:
            carry_proofs(part.record, record)
        row = fact_of(record, docket.unit.code, docket.dossier.cycle.year).row
        before[row], after[row] = old, snapshot(part.asked, record)
    made.before, made.after, made.result_moved = before, after, True


def may_reopen(docket: Docket, code: str) -> bool:
    """Whether there is a ruling of the open round on the matter ``code`` that could be taken back."""
    return any(_in_open_round(docket, part) for part in docket.by_code[code].parts)


def _in_open_round(docket: Docket, part: Part) -> bool:
    """Whether ``part`` was ruled on in the round that is open: one that is over stays as it was."""
    return part.record is not None and part.ruled and part.record.round == _round_for(docket, part)


def _round_for(docket: Docket, part: Part) -> str:
    """The round to rule in: the open one, but never before the row that stands, which would hide the ruling."""
    if part.record is None:
        return docket.round
    order = order_of(docket.dossier.cycle)
    return max(docket.round, part.record.round, key=lambda name: order.get(name, 0))


def _row_for(made: DossierChange, part: Part, round_: str) -> tuple[FactRecord, dict[str, object] | None]:
    """The row that the ruling is written to, and what it held; None where it is new."""
    record = part.record
    if record is not None and record.round == round_:
        old = snapshot(part.asked, record)
        record.version += 1
        return record, old
    made_of = record or FactRecord()
    new = FactRecord(
        dossier=made.dossier,
        criterion=part.asked.code,
        round=round_,
        source=made_of.source,
        measured_on=made_of.measured_on,
        entered_through="council",
    )
    return new, None


def _reopen(made: DossierChange, docket: Docket, matter: Matter, actor: Actor) -> None:
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for part in matter.parts:
        record = part.record
        if record is None or not _in_open_round(docket, part):
            continue
        row = part.standing.row
        before[row], after[row] = snapshot(part.asked, record), None
        if part.made_by_council:
            record.delete()
            continue
        claim = part.claim
        record.status = claim.status.value
        record.numerator = None if claim.amount is None else claim.amount.numerator
        record.denominator = None if claim.amount is None else claim.amount.denominator
        record.reported_numerator = record.reported_denominator = None
        record.note, record.draft = claim.note, part.was_draft
        record.version += 1
        # The council had its hand in this fact: it stays known who took the ruling back.
        record.appraised_by_id, record.appraised_at = actor.account, timezone.now()
        record.save()
        after[row] = snapshot(part.asked, record)
    if not after:
        raise Unfit(
            Text(
                vi="chưa có kết luận nào của vòng này để rút lại",
                en="there is no ruling of this round that could be taken back",
            ),
            "ruling",
        )
    made.before, made.after, made.result_moved = before, after, True
