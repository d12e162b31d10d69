"""Minutes: a meeting of a council, who was there, who voted how on which dossier, and what that decided.

A draft can be changed until the minutes are closed; then the database itself refuses every change.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.meetings import Choice, Quorum, Seat, Tally, count_votes
from certification.procedure.permissions import permit
from certification.procedure.states import State
from certification.store.changes import Overtaken, change, change_dossier, lock_dossiers
from certification.store.models.councils import Conflict, Council, CouncilMember, Minutes, MinutesItem, Vote
from certification.store.models.dossiers import Dossier
from certification.store.results import results_of
from certification.store.subjects import hands_in, kind_of, outline_of, subject_of
from certification.store.unfit import Unfit, refuse_long
from levels.faults import Text


@frozen
class Ballot:
    """What the minutes say of one member and one dossier: a vote, or why he may not vote."""

    choice: Choice | None = None
    conflict: str = ""


@frozen
class Item:
    """One dossier on the agenda."""

    dossier: int
    remark: str = ""
    ballots: Mapping[int, Ballot] = {}  # by member


@frozen
class Sitting:
    """A meeting as the secretary writes it down."""

    held_on: datetime.date
    present: frozenset[int]  # members
    items: tuple[Item, ...]
    number: str = ""
    place: str = ""
    discussion: str = ""


def agenda(council: Council) -> list[Dossier]:
    """The dossiers that wait for the council's minutes, in the order of names."""
    rows = Dossier.objects.filter(cycle=council.cycle, state=State.APPRAISED).select_related(
        "unit__parent__parent", "cycle__rulebook", "cycle__root"
    )
    return [
        dossier
        for dossier in rows.prefetch_related("conflicts").order_by("unit__sort_key", "unit__code")
        if (reviewer := outline_of(dossier).reviewer) is not None and reviewer.code == council.body.code
    ]


def save_minutes(
    actor: Actor, council: Council, sitting: Sitting, minutes: Minutes | None = None, version: int | None = None
) -> Minutes:
    """Write down a meeting, or change the draft ``minutes``.

    Raises ``Refused`` for a dossier of which ``actor`` may not keep the minutes, ``Overtaken`` where the draft has
    changed since ``version``, ``Unfit`` for an empty agenda, a stranger among those present, closed minutes.
    """
    if not sitting.items:
        raise Unfit(Text("Hãy chọn ít nhất một hồ sơ.", "Choose at least one dossier."), "items")
    refuse_long(Minutes, "number", number=sitting.number.strip(), place=sitting.place.strip())
    with transaction.atomic():
        lock_dossiers(item.dossier for item in sitting.items)  # judged as they are now, not as the form showed them
        offered = {dossier.pk: dossier for dossier in agenda(council)}
        if any(item.dossier not in offered for item in sitting.items):
            raise Unfit(
                Text("Có hồ sơ không còn chờ Hội đồng.", "A dossier no longer waits for the council."),
                "items",
            )
        members = {member.pk: member for member in council.members.all()}
        if not sitting.present <= members.keys():
            raise Unfit(Text("Có người không phải thành viên.", "Somebody is no member of the council."), "present")
        subjects = [subject_of(offered[item.dossier]) for item in sitting.items]
        with change(
            actor, Action.KEEP_MINUTES, subjects[0], kind="minutes", label=f"{council.body} {council.cycle}"
        ) as made:
            for subject in subjects[1:]:
                permit(actor, Action.KEEP_MINUTES, subject)
            kept, made.before = _kept(council, sitting, minutes, version)
            made.key = kept.pk
            kept.present.set(sitting.present)
            left = kept.items.exclude(dossier__in=[item.dossier for item in sitting.items])
            _keep_own_votes(actor, left.filter(dossier__in=list(offered)))
            left.delete()
            for item in sitting.items:
                _write_item(actor, kept, item, members)
            _keep_own_voters(kept)
            made.after = describe(kept)
        return kept


def cast_vote(actor: Actor, item: MinutesItem, choice: Choice) -> Vote:
    """One's own vote on a dossier of a draft. Raises ``Refused``; ``Unfit`` for who is not present, and once closed."""
    with change_dossier(actor, Action.VOTE, item.dossier_id) as made:
        minutes = Minutes.objects.select_for_update().get(pk=item.minutes_id)
        _still_open(minutes)
        member = minutes.present.filter(account=actor.account).first()
        if member is None:
            raise Unfit(
                Text("Biên bản không ghi bạn có mặt.", "The minutes do not name you among those present."), "choice"
            )
        vote, _ = Vote.objects.update_or_create(
            item=item,
            member=member,
            defaults={"choice": choice.value, "conflict": "", **_recorded(actor, member)},
        )
        # Whoever has the minutes open in a form must see this vote before writing over it.
        Minutes.objects.filter(pk=minutes.pk).update(version=F("version") + 1)
        made.after = {"minutes": minutes.pk, "vote": choice.value}
    return vote


def close_minutes(
    actor: Actor, minutes: Minutes, version: int | None = None, today: datetime.date | None = None
) -> Minutes:
    """Close the minutes: every dossier whose proposal the votes adopted goes on, the others stay with the council.

    The level that is proposed is the one computed now on the appraised facts. Raises ``Refused``, ``Overtaken``,
    ``Unfit`` where the meeting was not valid or votes are missing.
    """
    with transaction.atomic():
        lock_dossiers(minutes.items.values_list("dossier", flat=True))  # as a vote does: the dossier, then the minutes
        locked = (
            Minutes.objects.select_for_update(of=("self",))
            .select_related("council__cycle__rulebook", "council__cycle__root", "council__body")
            .get(pk=minutes.pk)
        )
        _still_open(locked)
        _same(locked, version)
        items = list(
            locked.items.select_related(
                "dossier__unit__parent__parent", "dossier__cycle__rulebook", "dossier__cycle__root"
            )
        )
        tallies = {item.pk: tally_of(item) for item in items}
        for fault in _invalid(locked, items, tallies, today or timezone.localdate()):
            raise Unfit(fault)
        levels = _proposed(locked)
        subjects = [subject_of(item.dossier) for item in items]
        with change(
            actor,
            Action.KEEP_MINUTES,
            subjects[0],
            kind="minutes",
            key=locked.pk,
            label=f"{locked.council.body} {locked.council.cycle}",
        ) as made:
            for item, subject in zip(items, subjects, strict=True):
                permit(actor, Action.KEEP_MINUTES, subject)
                item.level, item.adopted = levels.get(item.dossier.unit.code), tallies[item.pk].adopted
                item.save(update_fields=["level", "adopted"])
                if item.adopted:
                    with change_dossier(actor, Action.KEEP_MINUTES, item.dossier_id, why=_why(locked)) as step:
                        step.after = {"minutes": locked.pk, "level": item.level}
            locked.closed_at = timezone.now()
            locked.version += 1
            locked.save(update_fields=["closed_at", "version"])
            made.after = describe(locked) | {"adopted": [item.dossier_id for item in items if item.adopted]}
    return locked


def barred_members(item: MinutesItem) -> dict[int, str]:
    """The members who may not vote on a dossier, each with why: declared, noted in the minutes, or entered it."""
    entered, _ = hands_in(item.dossier)
    declared = dict(Conflict.objects.filter(dossier=item.dossier_id).values_list("account", "reason"))
    noted = {vote.member_id: vote.conflict for vote in item.votes.all() if vote.conflict}
    found: dict[int, str] = {}
    for member in item.minutes.council.members.all():
        if member.account_id in declared:
            found[member.pk] = declared[member.account_id]
        elif member.account_id in entered:
            found[member.pk] = "đã nhập số liệu của hồ sơ"
        elif member.pk in noted:
            found[member.pk] = noted[member.pk]
    return found


def tally_of(item: MinutesItem) -> Tally:
    """The votes on a dossier as the minutes hold them now."""
    present = item.minutes.present.values_list("pk", flat=True)
    votes = {vote.member_id: Choice(vote.choice) for vote in item.votes.all() if vote.choice}
    return count_votes(present, barred_members(item), votes)


def recorder_of(vote: Vote) -> str:
    """Who wrote the vote down; "" for the member himself."""
    return "" if vote.own or vote.recorded_by is None else vote.recorded_by.full_name


def describe(minutes: Minutes) -> dict[str, object]:
    """Minutes as the log tells them."""
    return {
        "number": minutes.number,
        "held_on": minutes.held_on.isoformat(),
        "present": sorted(minutes.present.values_list("name", flat=True)),
        "items": [
            [
                item.dossier_id,
                [[vote.member.name, vote.choice, vote.conflict, recorder_of(vote)] for vote in item.votes.all()],
            ]
            for item in minutes.items.prefetch_related("votes__member", "votes__recorded_by").order_by("dossier")
        ],
    }


def _why(minutes: Minutes) -> str:
    number = f"số {minutes.number} " if minutes.number else ""
    return f"Biên bản {number}ngày {minutes.held_on:%d/%m/%Y}"


def _kept(
    council: Council, sitting: Sitting, minutes: Minutes | None, version: int | None
) -> tuple[Minutes, dict[str, object] | None]:
    """The row of the minutes with the head of ``sitting``, and what it told before."""
    before = None
    if minutes is None:
        kept = Minutes(council=council, version=0)
    else:
        kept = Minutes.objects.select_for_update().get(pk=minutes.pk, council=council)
        _still_open(kept)
        _same(kept, version)
        before = describe(kept)
    kept.held_on, kept.number, kept.place = sitting.held_on, sitting.number.strip(), sitting.place.strip()
    kept.discussion = sitting.discussion.strip()
    kept.version += 1
    kept.save()
    return kept, before


def _still_open(minutes: Minutes) -> None:
    if minutes.closed_at is not None:
        raise Unfit(
            Text(
                "Biên bản đã được chốt, không sửa được nữa; hãy lập biên bản của phiên họp khác.",
                "The minutes are closed and never change; keep the minutes of another meeting.",
            )
        )


def _same(minutes: Minutes, version: int | None) -> None:
    if version is not None and minutes.version != version:
        raise Overtaken(
            Text(
                "Biên bản vừa được người khác sửa; hãy so hai bên rồi lưu lại.",
                "Somebody else has just changed the minutes; compare both and save again.",
            ),
            minutes,
        )


def _write_item(actor: Actor, minutes: Minutes, item: Item, members: Mapping[int, CouncilMember]) -> None:
    row, _ = MinutesItem.objects.update_or_create(
        minutes=minutes, dossier_id=item.dossier, defaults={"remark": item.remark.strip()}
    )
    kept = {vote.member_id: vote for vote in row.votes.all()}
    for key, ballot in item.ballots.items():
        if key not in members:
            raise Unfit(Text("Có người không phải thành viên.", "Somebody is no member of the council."), "present")
        member, vote = members[key], kept.get(key)
        conflict = ballot.conflict.strip()[:300]
        choice = "" if conflict or ballot.choice is None else ballot.choice.value
        if vote is not None and (vote.choice, vote.conflict) == (choice, conflict):
            continue  # whoever recorded it did so
        if vote is not None and vote.own and member.account_id != actor.account:
            raise Unfit(_cast_by(member), f"vote-{item.dossier}-{key}")
        if not choice and not conflict:
            row.votes.filter(member=member).delete()
            continue
        stated = {"choice": choice, "conflict": conflict, **_recorded(actor, member)}
        Vote.objects.update_or_create(item=row, member=member, defaults=stated)
    # Whoever is barred for a reason of his own has no vote to be written down.
    row.votes.filter(member__in=barred_members(row), conflict="").delete()


def _recorded(actor: Actor, member: CouncilMember) -> dict[str, object]:
    """Who writes down a vote of ``member``, and when."""
    own = actor.account is not None and member.account_id == actor.account
    return {"recorded_by_id": actor.account, "recorded_at": timezone.now(), "own": own}


def _cast_by(member: CouncilMember) -> Text:
    return Text(
        f"Phiếu của {member.name} do chính người đó bỏ; chỉ người đó sửa được.",
        f"{member.name} has cast this vote in person; nobody else changes it.",
    )


def _keep_own_votes(actor: Actor, items: QuerySet[MinutesItem]) -> None:
    """Taken off the agenda while it still waits, a dossier would lose the votes that others have cast in person."""
    cast = Vote.objects.filter(item__in=items, own=True).exclude(choice="").exclude(member__account=actor.account)
    if (vote := cast.select_related("member").first()) is not None:
        raise Unfit(_cast_by(vote.member), "items")


def _keep_own_voters(minutes: Minutes) -> None:
    """Who has voted in person was there: marking him absent would take his vote away."""
    present = minutes.present.values("pk")
    cast = Vote.objects.filter(item__minutes=minutes, own=True).exclude(choice="").exclude(member__in=present)
    if (vote := cast.select_related("member").first()) is not None:
        raise Unfit(_cast_by(vote.member), "present")


def _invalid(
    minutes: Minutes, items: Sequence[MinutesItem], tallies: Mapping[int, Tally], today: datetime.date
) -> Iterator[Text]:
    """Why the minutes cannot be closed."""
    council, quorum = minutes.council, Quorum(minutes.council.quorum)
    members = council.members.count()
    present = list(minutes.present.all())
    if minutes.held_on > today:
        yield Text("Ngày họp ở trong tương lai.", "The day of the meeting lies in the future.")
    if not items:
        yield Text("Biên bản chưa có hồ sơ nào.", "There is no dossier in the minutes.")
    if not quorum.holds(members, len(present)):
        yield Text(
            f"Phiên họp không hợp lệ: có mặt {len(present)}/{members} thành viên, cần {quorum.label.vi}.",
            f"The meeting is not valid: {len(present)} of {members} members were present; required: {quorum.label.en}.",
        )
    if not any(member.duty in (Seat.CHAIR, Seat.DEPUTY) for member in present):
        yield Text("Không có Chủ tịch hay Phó Chủ tịch chủ trì.", "Neither the chair nor a deputy was present.")
    waiting = [item.dossier.unit.name for item in items if not tallies[item.pk].complete]
    if waiting:
        yield Text(
            f"Chưa đủ phiếu biểu quyết cho: {', '.join(waiting)}.", f"Votes are missing on: {', '.join(waiting)}."
        )


def _proposed(minutes: Minutes) -> Mapping[str, int]:
    """By unit code the level that a decision would state now; of an index, which proposes no level, nothing."""
    cycle = minutes.council.cycle
    if kind_of(cycle) == "index":
        return {}
    return {code: result.recognised for code, result in results_of(cycle).items()}


def members_in_order(members: Iterable[CouncilMember]) -> list[CouncilMember]:
    """Chair, deputies, members, secretary, each in the order of the deciding act."""
    order = [seat.value for seat in Seat]
    return sorted(members, key=lambda member: (order.index(member.duty), member.pk))
