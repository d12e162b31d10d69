"""Proofs: the documents of a fact: uploaded files, links, and the numbers of official letters."""

import re
import unicodedata
from collections.abc import Collection

from django.conf import settings
from django.utils import timezone

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.states import State
from certification.store.changes import DossierChange, change_dossier
from certification.store.documents import Received, keep
from certification.store.facts import (
    begin_row,
    carry_proofs,
    entry_round,
    find_asked,
    note,
    refuse_entry,
    unit_of,
)
from certification.store.models.dossiers import Dossier
from certification.store.models.facts import FactProof, FactRecord, Proof
from certification.store.unfit import Unfit
from evidence.facts import Status
from evidence.rulings import RULED
from evidence.values import CONTROL
from levels.faults import Text

MOST = 30
"""Documents of one fact."""

LONGEST = 500
_LINK = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


def attach_files(actor: Actor, dossier: int, criterion: str, files: Collection[Received]) -> FactRecord:
    """Let stored files prove a fact, which need not be entered yet. A file that proves it already is no second time.

    Raises ``Refused``; ``Unfit`` where the rulebook does not ask it, where the council has ruled on it, or where the
    files of the fact or of the dossier become too many.
    """
    with change_dossier(actor, Action.ATTACH_PROOF, dossier) as made:
        record = _fact_of(made, criterion)
        proofs = [(keep(received), received.name) for received in files]
        have = set(record.proofs.filter(proof__isnull=False).values_list("proof__sha256", flat=True))
        added = {proof.sha256: (proof, name) for proof, name in proofs if proof.sha256 not in have}
        _bound(made.dossier, record, len(added), [proof for proof, _ in added.values()])
        for proof, name in added.values():
            _attach(made, actor, record, name, proof)
    return record


def attach_reference(actor: Actor, dossier: int, criterion: str, reference: str) -> FactRecord:
    """Let a link or the number of an official letter prove a fact. Raises as ``attach_files`` does."""
    text = tidy_reference(reference)
    with change_dossier(actor, Action.ATTACH_PROOF, dossier) as made:
        record = _fact_of(made, criterion)
        if not record.proofs.filter(proof=None, reference=text).exists():
            _bound(made.dossier, record, 1)
            _attach(made, actor, record, text, None)
    return record


def attach_references(made: DossierChange, actor: Actor, record: FactRecord, references: Collection[str]) -> bool:
    """Add what an import names as documents of a fact, within its change; whether any of them is new.

    A name that is there already, of a reference or of a file, is no second document. Raises ``Unfit``.
    """
    named = set(record.proofs.values_list("reference", flat=True))
    new = [text for text in dict.fromkeys(map(tidy_reference, references)) if text not in named]
    if new:
        _bound(made.dossier, record, len(new))
    for text in new:
        _attach(made, actor, record, text, None)
    return bool(new)


def detach(actor: Actor, dossier: int, use: int, why: str = "") -> FactRecord:
    """Take a document from its fact. The stored file stays: other facts, acts and the log may rest on it.

    Raises ``Refused``, ``Unfit`` where the council has ruled on the fact, ``FactProof.DoesNotExist``.
    """
    with change_dossier(actor, Action.ATTACH_PROOF, dossier, why=why) as made:
        row = FactProof.objects.select_related("fact", "proof").get(pk=use, fact__dossier=made.dossier)
        _refuse_ruled(row.fact)
        if row.fact.round != entry_round(made.dossier):
            raise Unfit(
                Text(
                    vi="Tài liệu của vòng trước không thay đổi nữa; hãy bổ sung tài liệu mới.",
                    en="The documents of an earlier round change no more; add a new one.",
                ),
                "files",
            )
        _note(made, row.fact, before=_describe(row))
        row.delete()
        made.result_moved = True
    return row.fact


def is_link(reference: str) -> bool:
    """Whether a reference is an address that a browser can open."""
    return _LINK.fullmatch(reference) is not None


def tidy_reference(reference: str) -> str:
    """A reference in NFC on one line. Raises ``Unfit`` where it is empty, too long, or holds what no line may."""
    text = " ".join(unicodedata.normalize("NFC", reference).split())
    if not text:
        raise Unfit(
            Text(
                vi="Hãy ghi số, ngày văn bản hoặc đường dẫn.", en="State the number and date of the letter, or a link."
            ),
            "reference",
        )
    if len(text) > LONGEST:
        raise Unfit(Text(vi=f"Tối đa {LONGEST} ký tự.", en=f"At most {LONGEST} characters."), "reference")
    # Tables separate documents by |.
    if CONTROL.search(text) or "|" in text:
        raise Unfit(
            Text(
                vi="Tên tài liệu không được có dấu «|» hoặc ký tự ẩn; mỗi tài liệu ghi một lần.",
                en="A document's name holds no “|” and no invisible characters; add them one by one.",
            ),
            "reference",
        )
    scheme, colon, _ = text.partition(":")
    if colon and scheme.casefold() in ("javascript", "data", "vbscript", "file"):
        raise Unfit(
            Text(vi="Đường dẫn phải bắt đầu bằng https:// hoặc http://.", en="A link begins with https:// or http://."),
            "reference",
        )
    return text


def _fact_of(made: DossierChange, criterion: str) -> FactRecord:
    """The row that documents are put to; where nothing is entered yet one of version 0, which says nothing."""
    asked = find_asked(made.dossier, criterion)
    if refusal := refuse_entry(asked, unit_of(made.dossier)):
        raise Unfit(refusal, "criterion")
    round_ = entry_round(made.dossier)
    record = made.dossier.facts.filter(criterion=asked.code, round=round_).first()
    if record is None:
        record, source = begin_row(made.dossier, asked.code, round_)
        record.save()
        carry_proofs(source, record)
    if made.dossier.state != State.EXPLAINING:  # what the council doubts is explained by further documents
        _refuse_ruled(record)
    return record


def _refuse_ruled(record: FactRecord) -> None:
    if Status(record.status) in RULED:
        raise Unfit(
            Text(
                vi=f"Hội đồng đã thẩm định {record.criterion}; tài liệu của nó không thay đổi nữa.",
                en=f"The council has ruled on {record.criterion}; its documents change no more.",
            ),
            "files",
        )


def _bound(dossier: Dossier, record: FactRecord, count: int, files: Collection[Proof] = ()) -> None:
    if record.proofs.count() + count > MOST:
        raise Unfit(
            Text(vi=f"Mỗi số liệu có tối đa {MOST} tài liệu; hãy gộp lại.", en=f"A fact has {MOST} documents at most."),
            "files",
        )
    if files:
        room = Room(dossier)
        for proof in files:
            room.admit(proof.sha256, proof.size)


class Room:
    """How much a dossier still takes: the files that it holds, and those that were admitted since."""

    def __init__(self, dossier: Dossier) -> None:
        held = Proof.objects.filter(uses__fact__dossier=dossier).distinct()
        self._sizes = dict(held.values_list("sha256", "size"))

    def admit(self, sha256: str, size: int) -> None:
        """Count one more file; one that the dossier holds takes no more room. Raises ``Unfit`` where there is none."""
        if sha256 in self._sizes:
            return
        most = settings.DOSSIER_MEGABYTES
        sizes = self._sizes | {sha256: size}
        if sum(sizes.values()) > most * 1_000_000:
            raise Unfit(
                Text(
                    vi=f"Hồ sơ đã có quá nhiều tệp (tối đa {most} MB); hãy bỏ bớt hoặc nén ảnh.",
                    en=f"The dossier's files are too large ({most} MB at most).",
                ),
                "files",
            )
        self._sizes = sizes


def _attach(made: DossierChange, actor: Actor, record: FactRecord, reference: str, proof: Proof | None) -> None:
    row = FactProof.objects.create(
        fact=record, proof=proof, reference=reference, added_by_id=actor.account, added_at=timezone.now()
    )
    _note(made, record, after=_describe(row))
    made.result_moved = True  # «none detected» of an index counts only with a document


def _describe(row: FactProof) -> dict[str, object]:
    told: dict[str, object] = {"document": row.reference}
    if row.proof is not None:
        told |= {"sha256": row.proof.sha256, "size": row.proof.size}
    return told


def _note(made: DossierChange, record: FactRecord, *, before: object = None, after: object = None) -> None:
    about: dict[str, object] = {"criterion": record.criterion}
    if record.round:
        about["round"] = record.round
    note(
        made,
        about | ({} if before is None else {"documents": before}),
        about | ({} if after is None else {"documents": after}),
    )
