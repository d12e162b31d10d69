"""Councils: set up for one body and one cycle, their members, and the conflicts of interest these declare."""

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.meetings import Quorum, Seat
from certification.procedure.roles import Duty, Role, fits
from certification.store.changes import Overtaken, change, change_dossier
from certification.store.models.accounts import Account, Appointment
from certification.store.models.councils import Conflict, Council, CouncilMember, Minutes
from certification.store.models.cycles import Cycle
from certification.store.models.units import UnitRecord
from certification.store.subjects import subject_of_unit
from certification.store.unfit import Unfit, refuse_long
from levels.faults import Text
from levels.framework import Tier


@frozen
class Member:
    """One member as the deciding act names him; ``account`` where he works in the application."""

    name: str
    position: str
    seat: Seat
    account: int | None = None


@frozen
class Composition:
    """A council as the act that sets it up states it."""

    decided_by: str  # number and date of the act
    quorum: Quorum
    members: tuple[Member, ...]


def council_of(cycle: Cycle, body: UnitRecord) -> Council | None:
    """The council of ``body`` in ``cycle``; None where none is set up yet."""
    return Council.objects.filter(cycle=cycle, body=body).prefetch_related("members").first()


def candidates(body: UnitRecord) -> list[Account]:
    """The accounts that are appointed to appraise at ``body`` and may be members of its council."""
    role = council_role(body)
    held = Appointment.objects.holding().filter(unit=body, role=role.value) if role else Appointment.objects.none()
    return list(Account.objects.filter(pk__in=held.values("account")))


def council_role(body: UnitRecord) -> Role | None:
    """The role that members of the council of ``body`` hold; None where bodies of its tier appraise nobody."""
    return next((role for role in Role if role.duty is Duty.APPRAISE and fits(role, Tier(body.tier))), None)


def set_up_council(
    actor: Actor, cycle: Cycle, body: UnitRecord, composition: Composition, version: int | None = None
) -> Council:
    """Set up the council of ``body`` for ``cycle``, or state its composition anew.

    Members who have sat in a meeting stay. Raises ``Refused``; ``Unfit`` with what the composition lacks;
    ``Overtaken`` where somebody else has changed it since ``version``.
    """
    with change(actor, Action.SET_UP_COUNCIL, subject_of_unit(body), kind="council", label=f"{body} {cycle}") as made:
        _check(body, composition)
        council, created = Council.objects.select_for_update().get_or_create(cycle=cycle, body=body)
        if not created and version is not None and council.version != version:
            raise Overtaken(
                Text(
                    "Hội đồng vừa được người khác sửa; hãy xem lại rồi lưu.",
                    "Somebody else has just changed the council; look at it again, then save.",
                ),
                council,
            )
        made.key = council.pk
        made.before = None if created else describe(council)
        council.decided_by, council.quorum = composition.decided_by, composition.quorum.value
        council.version = council.version if created else council.version + 1
        council.save(update_fields=["decided_by", "quorum", "version"])
        _seat(council, composition.members)
        made.after = describe(council)
    return council


def describe(council: Council) -> dict[str, object]:
    """A council as the log and the pages tell it."""
    return {
        "decided_by": council.decided_by,
        "quorum": council.quorum,
        "members": [
            [member.name, member.position, member.duty, member.account_id] for member in council.members.order_by("id")
        ],
    }


def declare_conflict(actor: Actor, dossier: int, reason: str) -> Conflict:
    """Declare one's own conflict of interest with ``dossier``: from now on one neither appraises it nor votes on it.

    Raises ``Refused``, ``Unfit`` without a reason.
    """
    if not reason.strip():
        raise Unfit(Text("Hãy ghi xung đột lợi ích là gì.", "Say what the conflict of interest is."), "why")
    with change_dossier(actor, Action.DECLARE_CONFLICT, dossier, why=reason.strip()) as made:
        assert actor.account is not None
        conflict, created = Conflict.objects.get_or_create(
            dossier=made.dossier, account_id=actor.account, defaults={"reason": reason.strip()[:300]}
        )
        if created:
            made.after = {"conflict": conflict.account_id}
    return conflict


def _seat(council: Council, members: Sequence[Member]) -> None:
    """Bring the rows into line with ``members``; a row keeps its key while the same person stays."""
    known = {_identity(row.account_id, row.name): row for row in council.members.all()}
    for member in members:
        row = known.pop(_identity(member.account, member.name), None) or CouncilMember(council=council)
        row.account_id, row.name, row.position, row.duty = member.account, member.name, member.position, member.seat
        row.save()
    for row in known.values():
        if row.votes.exists() or Minutes.objects.filter(present=row).exists():
            raise Unfit(
                Text(
                    f"{row.name} đã có tên trong biên bản nên không thể đưa ra khỏi Hội đồng.",
                    f"{row.name} stands in the minutes and cannot be taken out of the council.",
                ),
                "members",
            )
        row.delete()


def _identity(account: int | None, name: str) -> tuple[int | None, str]:
    return (account, "" if account is not None else name)


def _check(body: UnitRecord, composition: Composition) -> None:
    for fault, field in _faults(body, composition):
        raise Unfit(fault, field)
    refuse_long(Council, "decided_by", decided_by=composition.decided_by)
    for member in composition.members:
        refuse_long(CouncilMember, "members", name=member.name, position=member.position)


def _faults(body: UnitRecord, composition: Composition) -> Iterator[tuple[Text, str]]:
    if not composition.decided_by.strip():
        yield (
            Text(
                "Hãy ghi số, ngày của quyết định thành lập Hội đồng.",
                "State the number and date of the decision that sets the council up.",
            ),
            "decided_by",
        )
    seats = Counter(member.seat for member in composition.members)
    for seat in (Seat.CHAIR, Seat.SECRETARY):
        if seats[seat] != 1:
            yield (
                Text(
                    f"Hội đồng cần đúng một «{seat.label.vi}», hiện có {seats[seat]}.",
                    f"A council has exactly one “{seat.label.en}”; there are {seats[seat]}.",
                ),
                "members",
            )
    if any(not member.name.strip() for member in composition.members):
        yield Text("Có thành viên chưa ghi họ tên.", "A member has no name."), "members"
    people = Counter(_identity(member.account, member.name) for member in composition.members)
    if any(count > 1 for count in people.values()):
        yield Text("Có người được ghi hai lần.", "Somebody stands in the list twice."), "members"
    allowed = {account.pk for account in candidates(body)}
    strangers = [member.name for member in composition.members if member.account and member.account not in allowed]
    if strangers:
        yield (
            Text(
                f"Chưa được giao vai trò thành viên Hội đồng tại {body.name}: {', '.join(strangers)}.",
                f"Not appointed as a member of the council at {body.name}: {', '.join(strangers)}.",
            ),
            "members",
        )
