"""Documents are told by their content, and only those in the folder of proofs."""

import hashlib
from pathlib import Path

import pytest

from evidence.facts import Amount, Document, Fact, Facts, Status
from evidence.proofs import hash_documents
from levels.faults import Faulty

CONTENT = hashlib.sha256(b"proof").hexdigest()


def facts(*documents: Document) -> Facts:
    return {"23500": {"I.2": Fact("23500", "I.2", Status.VERIFIED, Amount(1, 2), documents=documents)}}


def hashed(folder: Path, *documents: Document) -> list[str | None]:
    return [document.sha256 for document in hash_documents(facts(*documents), folder)["23500"]["I.2"].documents]


def test_a_file_gets_its_hash_and_a_letter_s_number_does_not(tmp_path: Path) -> None:
    (tmp_path / "bao-cao.pdf").write_bytes(b"proof")
    assert hashed(tmp_path, Document("bao-cao.pdf"), Document("12/BC-UBND"), Document("bao-cao.pdf")) == [
        CONTENT,
        None,
        CONTENT,
    ]


def test_a_stated_hash_that_agrees_stays(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"proof")
    assert hashed(tmp_path, Document("a.pdf", CONTENT), Document("gone.pdf", "ab" * 32)) == [CONTENT, "ab" * 32]


def test_every_file_that_was_changed_is_named(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"other")
    with pytest.raises(Faulty) as refused:
        hashed(tmp_path, Document("a.pdf", CONTENT), Document("b.pdf", CONTENT))
    assert [fault.line("en") for fault in refused.value.faults] == [
        f"{tmp_path}:1:{name}: the file is not the one whose hash was stated; expected SHA-256 {CONTENT}"
        for name in ("a.pdf", "b.pdf")
    ]


@pytest.mark.parametrize("reference", ["../secret", "/etc/hostname", "link"])
def test_a_reference_does_not_lead_out_of_the_folder(tmp_path: Path, reference: str) -> None:
    (tmp_path / "secret").write_bytes(b"proof")
    folder = tmp_path / "proofs"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    assert hashed(folder, Document(reference)) == [None]


def test_facts_without_documents_stay_as_they_are(tmp_path: Path) -> None:
    plain = facts()
    assert hash_documents(plain, tmp_path) == plain
