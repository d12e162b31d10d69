"""A district's year in the demonstration: its communes' dossiers led to every step, by the people whose step it is."""

import datetime
from collections.abc import Mapping

from attrs import frozen

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.meetings import Choice, Quorum, Seat
from certification.store.appraisal import accept_together, acceptable, rule_on
from certification.store.councils import Composition, Member, set_up_council
from certification.store.decisions import Signature, publish, sign
from certification.store.demonstration.proofs import prove_some
from certification.store.dossiers import complain, take_step
from certification.store.facts import Cells
from certification.store.loading import Province
from certification.store.matters import docket_of
from certification.store.minutes import Ballot, Item, Sitting, close_minutes, save_minutes
from certification.store.models import Council, Cycle, Dossier, UnitRecord
from evidence.rulings import Ruling
from reports.view import committee

PUBLISHED, COMPLAINED, RECOGNISED, PROPOSED, MINUTED, APPRAISED = "23500", "23506", "23512", "23510", "23521", "23524"
APPRAISING, RECEIVED, SUBMITTED, RETURNED = "23503", "23504", "23509", "23515"

_DECIDED = (PUBLISHED, COMPLAINED, RECOGNISED)
WHY = "Theo hồ sơ (dữ liệu mẫu)"


@frozen
class People:
    """Who does what; officers by the code of their unit."""

    officers: Mapping[str, Actor]
    office: Actor
    council: tuple[Actor, ...]
    committee: Actor
    department: Actor
    provincial_council: tuple[Actor, ...]
    provincial_committee: Actor
    administrator: Actor


def walk(province: Province, people: People, day: datetime.date) -> None:
    """Lead each of the named dossiers as far as its name says, on ``day``."""
    cycle = province.cycle
    district = province.units[PUBLISHED].parent
    assert district is not None
    keys = dict(Dossier.objects.filter(cycle=cycle).values_list("unit__code", "pk"))
    far = (*_DECIDED, PROPOSED, MINUTED)
    council = seat_council(people.office, people.council, cycle, district, day)
    seat_council(people.department, people.provincial_council, cycle, cycle.root, day)
    for code in (PUBLISHED, APPRAISING, RECEIVED):
        prove_some(people.officers[code], dossier_at(keys[code]))
    for code in (*far, APPRAISED, APPRAISING, RECEIVED, SUBMITTED, RETURNED):
        take_step(people.officers[code], Action.SUBMIT, keys[code], why=WHY, today=day)
    for code in (*far, APPRAISED, APPRAISING, RECEIVED):
        take_step(people.office, Action.RECEIVE, keys[code], why=WHY, today=day)
    take_step(
        people.office,
        Action.RETURN,
        keys[RETURNED],
        why="Thiếu tài liệu kiểm chứng của tiêu chí I.4; đề nghị bổ sung trước ngày 30/11 (dữ liệu mẫu)",
        today=day,
    )
    for code in (*far, APPRAISED):
        accept_all(people.council, keys[code])
        take_step(people.council[0], Action.CLOSE_APPRAISAL, keys[code], why=WHY, today=day)
    _appraise_some(people.council, keys[APPRAISING])
    meet(people.council, council, [keys[code] for code in far], day)
    for code in (*_DECIDED, PROPOSED):
        take_step(people.office, Action.PROPOSE, keys[code], why=WHY, today=day)
    act = sign(people.committee, {keys[PUBLISHED]: None, keys[COMPLAINED]: None}, Signature(day, "Y Đôn (mẫu)"))
    publish(people.committee, act)
    sign(people.committee, {keys[RECOGNISED]: None}, Signature(day, "Y Đôn (mẫu)"))
    complain(
        people.officers[COMPLAINED],
        keys[COMPLAINED],
        "Đề nghị xem lại tiêu chí I.2: số hồ sơ trực tuyến tính chưa đủ quý IV (dữ liệu mẫu)",
    )


def seat_council(
    office: Actor, members: tuple[Actor, ...], cycle: Cycle, body: UnitRecord, day: datetime.date
) -> Council:
    """Set up the appraisal council of ``body``: a chair, a member and a secretary."""
    seats = (
        (Seat.CHAIR, "Phó Chủ tịch Ủy ban nhân dân"),
        (Seat.MEMBER, "Trưởng phòng Nội vụ"),
        (Seat.SECRETARY, "Chuyên viên"),
    )
    seated = tuple(
        Member(actor.name, position, seat, actor.account)
        for actor, (seat, position) in zip(members, seats, strict=True)
    )
    decided_by = f"Quyết định số 15/QĐ-UBND ngày {day:%d/%m/%Y} (dữ liệu mẫu)"
    return set_up_council(office, cycle, body, Composition(decided_by, Quorum.TWO_THIRDS, seated))


def accept_all(council: tuple[Actor, ...], key: int) -> None:
    """Accept everything that the unit reports."""
    docket = docket_of(dossier_at(key))
    fit = {matter.code: matter.seen for matter in acceptable(docket)}
    accept_together(council[1], key, fit)
    for matter in docket.matters:
        if matter.code not in fit and not matter.ruled and matter.claimed and not matter.derived:
            rule_on(council[1], key, matter.code, Ruling.ACCEPT, reason=WHY)


def _appraise_some(council: tuple[Actor, ...], key: int) -> None:
    """A third accepted, one adjusted, one rejected: an appraisal in its midst."""
    matters = [matter for matter in docket_of(dossier_at(key)).matters if matter.claimed and not matter.derived]
    fit = {matter.code: matter.seen for matter in acceptable(docket_of(dossier_at(key)))}
    accept_together(council[1], key, dict(list(fit.items())[: len(fit) // 3]))
    ratios = [m for m in matters if m.code not in list(fit)[: len(fit) // 3] and m.parts[0].asked.kind == "ratio"]
    for matter in ratios[:1]:
        amount = matter.parts[0].claim.amount
        assert amount is not None
        assert amount.denominator is not None
        less = Cells(numerator=str(max(amount.numerator - 1, 0)), denominator=str(amount.denominator))
        rule_on(
            council[1], key, matter.code, Ruling.ADJUST, cells={matter.parts[0].asked.code: less},
            reason="Một hồ sơ tính hai lần, theo bảng kê kèm theo (dữ liệu mẫu)",
        )  # fmt: skip
    for matter in ratios[1:2]:
        rule_on(council[2], key, matter.code, Ruling.REJECT, reason="Tài liệu không phải của năm này (dữ liệu mẫu)")


def meet(council: tuple[Actor, ...], board: Council, keys: list[int], day: datetime.date) -> None:
    """Let the council adopt what was appraised of these dossiers, and close its minutes."""
    members = list(board.members.order_by("pk"))
    ballots = {member.pk: Ballot(Choice.FOR) for member in members}
    sitting = Sitting(
        day,
        frozenset(member.pk for member in members),
        tuple(Item(key, "", ballots) for key in keys),
        number="01/BB-HĐTĐ",
        place=f"Trụ sở {committee(board.body.name)}",
        discussion="Hội đồng thống nhất với kết quả thẩm định từng tiêu chí (dữ liệu mẫu).",
    )
    close_minutes(council[2], save_minutes(council[2], board, sitting), today=day)


def dossier_at(key: int) -> Dossier:
    """The dossier with this primary key and what stands around it."""
    return Dossier.objects.select_related("unit__parent__parent", "cycle__rulebook", "cycle__root").get(pk=key)
