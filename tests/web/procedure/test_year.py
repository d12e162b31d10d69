"""From the minutes to the published decision, a complaint, and the decision that replaces the first."""

import datetime

from certification.procedure.actions import Action
from certification.procedure.meetings import Choice
from certification.procedure.states import State
from certification.store.changes import change_dossier
from certification.store.decisions import Signature, act_in_force, publish, sign
from certification.store.dossiers import complain, reopen, take_step
from certification.store.loading import Province
from certification.store.minutes import Ballot, Item, Sitting, close_minutes, save_minutes
from certification.store.models import Act, Council, Dossier, FactProof, FactRecord
from evidence.facts import Status
from tests.web.procedure.people import MakeActor, People, commune, council, people


def meet(who: People, board: Council, dossier: Dossier, day: int) -> None:
    members = [member.pk for member in board.members.all()]
    ballots = {member: Ballot(Choice.FOR) for member in members}
    held_on = datetime.date(2025, 12, day)
    sitting = Sitting(held_on, frozenset(members), (Item(dossier.pk, "", ballots),), f"{day:02d}/BB-HĐTĐ")
    close_minutes(who.secretary, save_minutes(who.secretary, board, sitting), today=held_on)


def decide(who: People, dossier: Dossier, day: int, why: str = "") -> Act:
    take_step(who.office, Action.PROPOSE, dossier.pk)
    act = sign(who.committee, {dossier.pk: None}, Signature(datetime.date(2025, 12, day), "Y Đôn", why))
    publish(who.committee, act)
    dossier.refresh_from_db()
    assert dossier.state == State.PUBLISHED
    return act


def test_an_upheld_complaint_ends_in_a_decision_that_replaces_the_first(province: Province, actor: MakeActor) -> None:
    who, dossier = people(actor), commune(province, "second_round")
    board = council(who, province)
    facts = FactRecord.objects.filter(dossier=dossier)
    facts.filter(status=Status.SELF_REPORTED).update(status=Status.VERIFIED, appraised_by=who.member.account)
    for fact in facts.filter(proofs=None):
        FactProof.objects.create(fact=fact, reference="Công văn số 15/CV-UBND")
    take_step(who.member, Action.CLOSE_APPRAISAL, dossier.pk)
    meet(who, board, dossier, 10)
    first = decide(who, dossier, 18)
    complain(who.officer, dossier.pk, "Bỏ sót tài liệu I.5")
    reopen(who.committee, dossier.pk, "Khiếu nại có căn cứ")
    assert act_in_force(dossier) == first  # it holds until another takes its place
    with change_dossier(who.member, Action.APPRAISE, dossier.pk) as made:
        made.after = {"ruled": "I.5"}
    take_step(who.member, Action.CLOSE_APPRAISAL, dossier.pk)
    meet(who, board, dossier, 19)
    second = decide(who, dossier, 20, "Giải quyết khiếu nại của xã")
    assert second.replaces == first
    assert act_in_force(dossier) == second
    path = [step.after for step in dossier.transitions.all()]
    assert path == [
        "appraised", "minuted", "proposed", "recognised", "published", "complained", "reappraising", "appraised",
        "minuted", "proposed", "recognised", "published",
    ]  # fmt: skip
