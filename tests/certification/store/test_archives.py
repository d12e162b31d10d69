"""Archives: whoever restores a backup lets nothing of it lead out of the folder of documents."""

import json
import zipfile
from pathlib import Path

import pytest

from certification.store.archives import FORMAT, Unusable, read_archive


def archive(path: Path, document: str) -> Path:
    files = {name: {"sha256": "", "size": 0} for name in ("database.sqlite3", "audit.jsonl", document)}
    manifest = {
        "format": FORMAT,
        "made_at": "2025-12-01T00:00:00Z",
        "software": "certify",
        "vendor": "sqlite",
        "migrations": [],
        "head": {"sequence": 0, "hash": ""},
        "files": files,
    }
    with zipfile.ZipFile(path, "w") as made:
        for name in files:
            made.writestr(name, b"")
        made.writestr("manifest.json", json.dumps(manifest))
    return path


@pytest.mark.parametrize(
    "name",
    ["proofs//etc/cron.d/x", "/etc/x", "proofs/../x", "proofs/..\\x", "proofs/./x", "proofs/ab/", "./proofs/x"],
)
def test_a_document_whose_name_leads_elsewhere_makes_the_archive_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unusable):
        read_archive(archive(tmp_path / "b.zip", name))


def test_a_document_under_its_hash_is_read(tmp_path: Path) -> None:
    assert read_archive(archive(tmp_path / "b.zip", "proofs/ab/abcd")).documents == ["proofs/ab/abcd"]
