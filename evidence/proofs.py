"""Proofs: the files that documents name, told by their content.

A reference that names a file in the folder of proofs gets that file's SHA-256; letters' numbers
and links stay as they are. What is hashed here is what bundles and doubts compare.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from attrs import define, evolve, field

from evidence.facts import Document, Fact, Facts
from levels.faults import Findings, Text


def hash_documents(facts: Facts, folder: Path) -> dict[str, Mapping[str, Fact]]:
    """``facts`` with the hash of every document that is a file in ``folder``.

    Raises ``Faulty`` naming every file whose content is not the one the facts state.
    """
    hashing = _Hashing(folder.resolve(), Findings(str(folder)))
    hashed: dict[str, Mapping[str, Fact]] = {
        unit: {
            code: evolve(fact, documents=tuple(map(hashing.hash, fact.documents))) if fact.documents else fact
            for code, fact in dossier.items()
        }
        for unit, dossier in facts.items()
    }
    hashing.findings.stop()
    return hashed


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@define
class _Hashing:
    folder: Path
    findings: Findings
    known: dict[Document, Document] = field(factory=dict)

    def hash(self, document: Document) -> Document:
        if document not in self.known:
            self.known[document] = self._hash(document)
        return self.known[document]

    def _hash(self, document: Document) -> Document:
        path = (self.folder / document.reference).resolve()
        # A reference is text from outside: it must not lead out of the folder.
        if not path.is_relative_to(self.folder) or not path.is_file():
            return document
        found = hash_file(path)
        if document.sha256 not in (None, found):
            self.findings.error(
                1,
                document.reference,
                found=Text(
                    vi="nội dung tệp khác với mã băm đã ghi", en="the file is not the one whose hash was stated"
                ),
                expected=Text(vi=f"cần tệp có SHA-256 {document.sha256}", en=f"expected SHA-256 {document.sha256}"),
            )
        return evolve(document, sha256=found)
