"""Decisions: the committee's acts, signed, numbered, sealed, published, replaced and revoked.

An act is rendered before anything is locked and stored in one short transaction that takes its number: numbers of
a body and year have no gaps and no repeats, and whatever was changed meanwhile stops the signing.
"""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence

from attrs import frozen
from django.db import transaction
from django.utils import timezone

from certification.bundle import digest
from certification.decisions import Signing, Unsignable
from certification.procedure.actions import Action
from certification.procedure.actors import Actor, Appointment
from certification.procedure.permissions import permit
from certification.procedure.states import NOT_HANDED_IN, State
from certification.store import audit
from certification.store.assessments import recognitions_of
from certification.store.changes import Overtaken, change, change_dossier, lock_dossiers
from certification.store.drafts import (
    MEDIA_TYPES,
    Draft,
    Group,
    Statement,
    cite_minutes,
    groups_of,
    is_kept,
    make_draft,
    signed_too_early,
    with_kept,
)
from certification.store.models.acts import Act, ActFile, ActUnit, NumberSeries, Publication
from certification.store.models.cycles import Cycle
from certification.store.models.dossiers import Dossier
from certification.store.models.units import UnitRecord
from certification.store.revocations import draft_revocation, seal_revocation_of
from certification.store.search import fold
from certification.store.staleness import readings_before, tell_above
from certification.store.subjects import calendar_in, kind_of, subject_of, subject_of_unit
from certification.store.unfit import Unfit
from certification.store.units import first_row
from levels.faults import Text
from reports.view import committee
from reports.words import date_text

_TRIES = 2
"""How often an act is rendered without a lock before the number is held while it is rendered."""


@frozen
class Signature:
    """What the committee gives: the day, the name beneath the act, and why an earlier act is replaced or revoked."""

    signed_on: datetime.date
    signer: str
    why: str = ""


@frozen
class Hand:
    """Who signs, by which appointment, and what he gives."""

    actor: Actor
    appointment: Appointment
    signature: Signature


def load_group(dossiers: Collection[int]) -> Group:
    """The dossiers with these primary keys as one act's group. Raises ``Unfit`` where they belong in several."""
    rows = Dossier.objects.filter(pk__in=dossiers).select_related(
        "unit__parent__parent", "cycle__rulebook", "cycle__root"
    )
    groups = groups_of(rows.order_by("unit__sort_key", "unit__code"))
    if len(groups) != 1 or len(groups[0].dossiers) != len(set(dossiers)):
        raise Unfit(
            Text(
                vi="Hãy chọn ít nhất một hồ sơ; mỗi quyết định chỉ gồm hồ sơ của một cơ quan, một cấp, một kỳ.",
                en="Choose at least one dossier; an act is about those of one body, one tier and one cycle.",
            ),
            "dossiers",
        )
    return groups[0]


def sign(actor: Actor, dossiers: Mapping[int, int | None], signature: Signature) -> Act:
    """Sign the act on ``dossiers`` (primary key → the version its page was made from; None: whichever).

    Each becomes recognised or, where no level is reached, not recognised; an earlier act that holds for them is
    replaced. A ranking that replaces one is about all of its units: those that were not appraised again are stated
    again and stay as far as they are. Raises ``Refused``, ``Overtaken``, ``Unfit`` for a day or name that no act can
    have, and ``Unsignable`` with what still keeps the decision provisional.
    """
    group = with_kept(load_group(dossiers))
    hand = Hand(actor, _permitted(actor, signing_of, group, dossiers), signature)
    if all(map(is_kept, group.dossiers)):
        raise Unfit(
            Text(
                vi="Các hồ sơ này đã có quyết định xếp hạng và không hồ sơ nào được thẩm định lại, trình ký.",
                en="A ranking of these dossiers is signed, and none was appraised again and submitted for signature.",
            ),
            "dossiers",
        )
    series = _series(group.body, signature.signed_on.year)
    replaced = replaced_by(group)
    _check(group, signature, series, replaced)
    minutes = cite_minutes(group)
    if not minutes:
        raise Unfit(
            Text(
                vi="Có hồ sơ chưa có biên bản đã chốt của Hội đồng thẩm định.",
                en="A dossier has no closed minutes of the appraisal council.",
            ),
            "dossiers",
        )
    for fault in signed_too_early(group, signature.signed_on):
        raise Unfit(fault, "signed_on")

    def draft(sequence: int) -> Draft:
        number = number_text(sequence)
        made = make_draft(
            group, Signing(number, signature.signed_on, signature.signer, minutes, True, cite_act(replaced))
        )
        if made.provisional:
            raise Unsignable(_provisional(made.provisional))
        return made

    for _ in range(_TRIES):
        expected = series.last + 1
        made = draft(expected)
        with transaction.atomic():
            series = _locked(series)
            if series.last + 1 == expected:
                return _store(hand, made, series, replaced)
    with transaction.atomic():
        series = _locked(series)
        return _store(hand, draft(series.last + 1), series, replaced)


def number_text(sequence: int) -> str:
    """``05/QĐ-UBND``: numbers below 10 take a zero (Nghị định 30/2020/NĐ-CP, Appendix I)."""
    return f"{sequence:02d}/QĐ-UBND"


def cite_act(act: Act | None) -> str:
    """An act as a document cites it: ``Quyết định số 03/QĐ-UBND ngày 18 tháng 12 năm 2025 của …``; none: ""."""
    if act is None:
        return ""
    return f"Quyết định số {act.number} {date_text(act.signed_on, 'vi')} của {committee(act.body.name)}"


def next_number(body: UnitRecord, year: int) -> str:
    """The number that the next act of ``body`` in ``year`` would bear."""
    series = NumberSeries.objects.filter(body=first_row(body), year=year).first()
    return number_text(1 if series is None else series.last + 1)


def open_series(actor: Actor, body: UnitRecord, year: int, first: int) -> NumberSeries:
    """Begin the numbers of ``body`` in ``year`` at ``first``, where it has given out earlier ones elsewhere.

    Raises ``Refused`` and ``Unfit``, also once a number was given here.
    """
    if not 1 <= first <= 99_999:
        raise Unfit(Text(vi="Số đầu tiên từ 1 đến 99999.", en="The first number is from 1 to 99999."), "first")
    with change(
        actor, Action.SUMMARISE, subject_of_unit(body), kind="numbers", key=body.pk, label=f"{body.name} {year}"
    ) as made:
        series, created = NumberSeries.objects.get_or_create(
            body=first_row(body), year=year, defaults={"last": first - 1}
        )
        if not created:
            raise Unfit(
                Text(
                    vi=f"Sổ năm {year} đã mở, số tiếp theo là {number_text(series.last + 1)}.",
                    en=f"The register of {year} is open already; its next number is {number_text(series.last + 1)}.",
                ),
                "first",
            )
        made.after = {"first": first}
    return series


def publish(actor: Actor, act: Act) -> Publication:
    """Make an act public, and the results of the dossiers on which it holds. Raises ``Refused``, ``Unfit``."""
    with transaction.atomic():
        Act.objects.select_for_update().get(pk=act.pk)
        if Publication.objects.filter(act=act).exists():
            raise Unfit(Text(vi="Quyết định đã được công bố.", en="The act is public already."))
        waiting = [dossier for dossier in governed_by(act) if dossier.state in (State.RECOGNISED, State.NOT_RECOGNISED)]
        if not waiting:
            raise Unfit(
                Text(
                    vi="Không còn hồ sơ nào chờ công bố theo quyết định này.",
                    en="No dossier waits for its result to be published by this act.",
                )
            )
        lock_dossiers(dossier.pk for dossier in waiting)
        # Row and steps in this order: a dossier counts as published by its act.
        appointment = permit(actor, Action.PUBLISH, subject_of(waiting[0]))
        hand = Hand(actor, appointment, Signature(act.signed_on, act.signer))
        made = _make_public(hand, act)
        # What was taken back before anybody was told of it must not be told now as if it held.
        for revocation in Act.objects.filter(replaces=act, kind="revoke", publication__isnull=True).order_by("pk"):
            _make_public(hand, revocation)
        for dossier in waiting:
            late = calendar_in(dossier.cycle).days_late(Action.PUBLISH, timezone.localdate())
            with change_dossier(actor, Action.PUBLISH, dossier.pk, days_late=late) as step:
                step.after = {"act": act.number}
    return made


def revoke(actor: Actor, act: Act, dossiers: Mapping[int, int | None], signature: Signature) -> Act:
    """Revoke ``act`` for ``dossiers`` by another act that says why; the old one stays and shows it.

    Where the old act was public the revocation is too, at once. Raises ``Refused``, ``Overtaken``, ``Unfit``.
    """
    governed = {dossier.pk: dossier for dossier in governed_by(act)}
    if not dossiers or not dossiers.keys() <= governed.keys():
        raise Unfit(
            Text(
                vi="Hãy chọn hồ sơ mà quyết định này còn hiệu lực.",
                en="Choose dossiers for which this act is in force.",
            ),
            "dossiers",
        )
    group = load_group(dossiers)
    hand = Hand(actor, _permitted(actor, lambda _: Action.REVOKE, group, dossiers), signature)
    series = _series(group.body, signature.signed_on.year)
    _check(group, signature, series, act)
    statements = {code: Statement(None, {}) for code in group.codes}

    def draft(sequence: int) -> Draft:
        stated = (number_text(sequence), signature.signed_on, signature.signer, signature.why)
        seal, files = seal_revocation_of(group, act, draft_revocation(group, act, *stated), *stated)
        return Draft(group, statements, files, seal, (), {})

    for _ in range(_TRIES):
        expected = series.last + 1
        drafted = draft(expected)
        with transaction.atomic():
            series = _locked(series)
            if series.last + 1 == expected:
                return _store_revocation(hand, drafted, series, act)
    with transaction.atomic():
        series = _locked(series)
        return _store_revocation(hand, draft(series.last + 1), series, act)


def act_in_force(dossier: Dossier) -> Act | None:
    """The act that holds for ``dossier`` now; None: none, or it was revoked."""
    entry = dossier.acts.select_related("act__body").order_by("-act__signed_at", "-act__pk").first()
    return None if entry is None or entry.act.kind == "revoke" else entry.act


def governed_by(act: Act) -> list[Dossier]:
    """The dossiers for which ``act`` is the one in force. Two queries."""
    rows = ActUnit.objects.filter(dossier__acts__act=act).select_related("act").order_by("act__signed_at", "act__pk")
    latest = {entry.dossier_id: entry.act for entry in rows}
    keys = [key for key, last in latest.items() if last.pk == act.pk and last.kind != "revoke"]
    related = Dossier.objects.filter(pk__in=keys).select_related(
        "unit__parent__parent", "cycle__rulebook", "cycle__root"
    )
    return list(related.order_by("unit__sort_key", "unit__code"))


def signing_of(dossier: Dossier) -> Action:
    """What signing an act does to a dossier.

    Of one that was not handed in it can only refuse the recognition; what a ranking has stated it states again.
    """
    if is_kept(dossier):
        return Action.RESTATE
    return Action.REFUSE_RECOGNITION if dossier.state in NOT_HANDED_IN else Action.SIGN


def _permitted(
    actor: Actor, action: Callable[[Dossier], Action], group: Group, versions: Mapping[int, int | None]
) -> Appointment:
    """The appointment by which ``actor`` may do ``action`` to every dossier. Raises ``Refused``, ``Overtaken``."""
    held = [permit(actor, action(dossier), subject_of(dossier)) for dossier in group.dossiers]
    for dossier in group.dossiers:
        _same(dossier, versions.get(dossier.pk))
    return held[0]


def _same(dossier: Dossier, version: int | None) -> None:
    if version is not None and version != dossier.version:
        raise Overtaken(
            Text(
                vi=f"Hồ sơ của {dossier.unit.name} vừa được người khác xử lý; hãy xem lại trước khi ký.",
                en=f"The dossier of {dossier.unit.name} was handled by somebody else; look at it again before signing.",
            ),
            dossier,
        )


def _series(body: UnitRecord, year: int) -> NumberSeries:
    # A body that came to stand under another one goes on with the same register.
    return NumberSeries.objects.get_or_create(body=first_row(body), year=year)[0]


def _locked(series: NumberSeries) -> NumberSeries:
    return NumberSeries.objects.select_for_update().get(pk=series.pk)


def replaced_by(group: Group) -> Act | None:
    """The act in force that an act on ``group`` would replace. Raises ``Unfit`` where there are several."""
    found = {act.pk: act for act in map(act_in_force, group.dossiers) if act is not None}
    if len(found) > 1:
        numbers = ", ".join(act.number for act in found.values())
        raise Unfit(
            Text(
                vi=f"Các hồ sơ này đang theo nhiều quyết định ({numbers}); hãy ký thay thế từng quyết định một.",
                en=f"Several acts hold for these dossiers ({numbers}); replace them one by one.",
            ),
            "dossiers",
        )
    return next(iter(found.values()), None)


def _check(group: Group, signature: Signature, series: NumberSeries, earlier: Act | None) -> None:
    """Raise ``Unfit`` for a day, a name or a reason that no act can have."""
    day = signature.signed_on
    if not signature.signer.strip():
        raise Unfit(Text(vi="Chưa ghi họ tên người ký.", en="Who signs is missing."), "signer")
    if day > timezone.localdate():
        raise Unfit(
            Text(vi=f"Ngày ký {day:%d/%m/%Y} ở trong tương lai.", en=f"The day of signing {day} lies in the future."),
            "signed_on",
        )
    if earlier is not None and not signature.why.strip():
        raise Unfit(
            Text(
                vi=f"Quyết định này thay thế hoặc thu hồi {earlier.number}; hãy nêu lý do.",
                en=f"This act replaces or revokes {earlier.number}; say why.",
            ),
            "why",
        )
    if earlier is not None and day < earlier.signed_on:
        raise Unfit(
            Text(
                vi=f"{earlier.number} được ký ngày {earlier.signed_on:%d/%m/%Y}; không thể thay thế, thu hồi trước đó.",
                en=f"{earlier.number} was signed on {earlier.signed_on}; it cannot be replaced or revoked before.",
            ),
            "signed_on",
        )
    last = Act.objects.filter(body=group.body, year=series.year).order_by("-sequence").first()
    if last is not None and day < last.signed_on:
        raise Unfit(
            Text(
                vi=f"Số trước ({last.number}) đã ký ngày {last.signed_on:%d/%m/%Y}; ngày ký không được sớm hơn.",
                en=f"The number before ({last.number}) was signed on {last.signed_on}; this day cannot be earlier.",
            ),
            "signed_on",
        )


def _provisional(reasons: Sequence[Text]) -> Text:
    return Text(
        vi="Chưa ký được, quyết định còn là tạm tính: " + "; ".join(reason.vi for reason in reasons) + ".",
        en="It cannot be signed, the decision is still provisional: "
        + "; ".join(reason.en for reason in reasons)
        + ".",
    )


def _store(hand: Hand, draft: Draft, series: NumberSeries, replaced: Act | None) -> Act:
    """Store a draft as the act it is, and move its dossiers; in the transaction that holds the number."""
    group = draft.group
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("rulebook", "root").get(pk=group.cycle.pk)
    _lock_line(group)
    levels = kind_of(cycle) == "levels"
    before = readings_before(cycle, group.codes) if levels else None
    _still(group, draft, recognitions_of(cycle) if levels else {})
    found = replaced_by(group)
    if (found.pk if found else None) != (replaced.pk if replaced else None):
        raise _overtaken()
    recognised = any(statement.level for statement in draft.statements.values())
    kind = "ranking" if not levels else "recognise" if recognised else "refuse"
    act = _enter(hand, draft, series, kind, replaced, draft.seal)
    for dossier in sorted(group.dossiers, key=lambda row: row.pk):
        statement = draft.statements[dossier.unit.code]
        action = Action.REFUSE_RECOGNITION if statement.level == 0 else signing_of(dossier)
        why = hand.signature.why
        if action is Action.REFUSE_RECOGNITION and not why:
            why = f"Chưa đạt mức độ nào; lý do chính tại phụ lục của Quyết định {act.number}"
        late = calendar_in(cycle).days_late(action, hand.signature.signed_on)
        with change_dossier(hand.actor, action, dossier.pk, version=dossier.version, why=why, days_late=late) as step:
            if step.dossier.revision != dossier.revision:
                raise _overtaken()
            step.after = {"act": act.number, "level": statement.level}
            Dossier.objects.filter(pk=dossier.pk).update(stale="")
    _log(hand, act, Action.SIGN, group)
    if before is not None:
        tell_above(cycle, before, act)
    return act


def _lock_line(group: Group) -> None:
    """Lock the dossiers of an act and those above, which may be flagged as stale."""
    above = {dossier.unit.parent_id for dossier in group.dossiers}
    rows = Dossier.objects.filter(cycle=group.cycle, unit__in=above - {None}).values_list("pk", flat=True)
    lock_dossiers({*rows, *(dossier.pk for dossier in group.dossiers)})


def _still(group: Group, draft: Draft, recognitions: Mapping[str, object]) -> None:
    """Whether what the draft read is what holds now: the dossiers, and the acts on the units below."""
    now = {code: getattr(recognitions.get(code), "decision", "") for code in draft.rests_on}
    if now != dict(draft.rests_on):
        raise _overtaken()


def _overtaken() -> Overtaken:
    return Overtaken(
        Text(
            vi="Số liệu hoặc quyết định làm căn cứ vừa thay đổi; hãy xem lại dự thảo rồi ký.",
            en="Facts or acts that this one rests on have just changed; look at the draft again, then sign.",
        )
    )


def _store_revocation(hand: Hand, draft: Draft, series: NumberSeries, revoked: Act) -> Act:
    group = draft.group
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("rulebook", "root").get(pk=group.cycle.pk)
    _lock_line(group)
    if not set(group.dossiers) <= set(governed_by(revoked)):
        raise _overtaken()
    before = readings_before(cycle, group.codes) if kind_of(cycle) == "levels" else None
    act = _enter(hand, draft, series, "revoke", revoked, draft.seal)
    for dossier in sorted(group.dossiers, key=lambda row: row.pk):
        with change_dossier(
            hand.actor, Action.REVOKE, dossier.pk, version=dossier.version, why=hand.signature.why
        ) as step:
            step.before, step.after = {"act": revoked.number}, {"act": act.number}
    _log(hand, act, Action.REVOKE, group)
    if before is not None:
        tell_above(cycle, before, act)
    if Publication.objects.filter(act=revoked).exists():
        _make_public(hand, act)  # what the public was told must not go on being told
    return act


def _enter(hand: Hand, draft: Draft, series: NumberSeries, kind: str, replaces: Act | None, seal: str) -> Act:
    """The rows of an act under the next number of its series."""
    group, signature = draft.group, hand.signature
    series.last += 1
    series.save(update_fields=["last"])
    number = number_text(series.last)
    act = Act.objects.create(
        cycle=group.cycle,
        body=group.body,
        kind=kind,
        year=series.year,
        sequence=series.last,
        number=number,
        signed_on=signature.signed_on,
        signed_at=timezone.now(),
        signed_by_id=hand.actor.account,
        signer=signature.signer.strip(),
        why=signature.why.strip(),
        replaces=replaces,
        seal=seal,
        search_key=fold(f"{number} {group.body.name} {signature.signer} {signature.why}")[:300],
    )
    ActFile.objects.bulk_create(
        ActFile(
            act=act,
            name=name,
            media_type=MEDIA_TYPES[name.rsplit(".", 1)[1]],
            sha256=digest(content).removeprefix("sha256:"),
            content=content,
        )
        for name, content in draft.files.items()
    )
    ActUnit.objects.bulk_create(
        ActUnit(act=act, dossier=dossier, level=statement.level, result=statement.result)
        for dossier in group.dossiers
        for statement in (draft.statements[dossier.unit.code],)
    )
    return act


def _make_public(hand: Hand, act: Act) -> Publication:
    made = Publication.objects.create(act=act, by_id=hand.actor.account, at=timezone.now())
    _log(hand, act, Action.PUBLISH, None)
    return made


def _log(hand: Hand, act: Act, action: Action, group: Group | None) -> None:
    after: dict[str, object] = {"number": act.number, "seal": act.seal, "signed_on": act.signed_on}
    if group is not None:
        after |= {"units": group.codes, "kind": act.kind, "replaces": act.replaces.number if act.replaces else None}
    audit.append(
        audit.deed(
            action.value,
            "act",
            act.pk,
            f"{act.number} {act.body.name}",
            account="" if hand.actor.account is None else hand.actor.account,
            name=hand.actor.name,
            role=hand.appointment.role.value,
            unit=hand.appointment.unit or "",
            after=after,
            why=act.why,
        )
    )
