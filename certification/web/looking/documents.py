"""Documents: what proves a unit's facts, each once, with the way to the stored file."""

from attrs import frozen

from certification.store.models import Dossier, FactProof
from certification.web.addresses import address_of
from certification.web.environment import can_link
from evidence.facts import Document
from reports.sentences import document_text
from rules.verdict import Verdict


@frozen
class DocumentRow:
    """One document, and the criteria that it proves."""

    text: str
    href: str  # of the stored file, or of a link that can be followed; else ""
    criteria: tuple[str, ...]
    size: int | None = None  # of a stored file
    media_type: str = ""
    sha256: str = ""


def documents_of(dossier: Dossier, verdict: Verdict) -> list[DocumentRow]:
    """Every document that a dossier's verdict rests on, once, in the order of the criteria. One query."""
    proves: dict[Document, list[str]] = {}
    for found in verdict.criteria:
        for document in found.fact.documents if found.fact else ():
            proves.setdefault(document, []).append(found.code)
    # A fact of the year before may count too (I.11): its file lies in that year's dossier.
    kept = FactProof.objects.filter(
        fact__dossier__unit=dossier.unit_id,
        fact__dossier__cycle__root=dossier.cycle.root_id,
        fact__dossier__cycle__year__in=(dossier.cycle.year, dossier.cycle.year - 1),
        proof__isnull=False,
    ).select_related("proof", "fact")
    files = {Document(use.reference, use.proof.sha256): use for use in kept if use.proof is not None}
    return [_document(document, files.get(document), tuple(codes)) for document, codes in proves.items()]


def _document(document: Document, use: FactProof | None, codes: tuple[str, ...]) -> DocumentRow:
    if use is None or use.proof is None:
        is_link = document.reference.startswith(("https://", "http://"))
        return DocumentRow(document_text(document), document.reference if is_link else "", codes)
    href = address_of("facts:proof", use.fact.dossier_id, use.pk) if can_link("facts:proof", 1, 1) else ""
    proof = use.proof
    return DocumentRow(document.reference, href, codes, proof.size, proof.media_type, proof.sha256)
