"""Documents: judged by their content, kept once, shown only to who may read the dossier; hostile ones are refused."""

import hashlib
import io
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certification.procedure.actors import Actor
from certification.procedure.roles import Role
from certification.store.documents import path_of, receive, tidy_name
from certification.store.models import AuditEntry, Dossier, FactProof, FactRecord, Proof
from certification.store.proofs import Room, attach_files, attach_reference, detach, tidy_reference
from certification.store.unfit import Unfit
from tests.web.facts.conftest import PDF, Entering, fact

pytestmark = pytest.mark.django_db
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"


def anyway(_sha256: str, _size: int) -> None:
    """There is room for everything."""


def upload(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def office(*parts: str, filler: bytes = b"<x/>") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, filler)
    return stream.getvalue()


def proofs_of(dossier: Dossier, criterion: str) -> list[str]:
    return list(
        FactProof.objects.filter(fact__dossier=dossier, fact__criterion=criterion).values_list("reference", flat=True)
    )


def test_several_files_and_a_letter_prove_one_fact(entering: Entering, dossier: Dossier, own_documents: Path) -> None:
    before = proofs_of(dossier, "I.1")
    answer = entering.attach(
        "I.1",
        files=[upload("Báo cáo.pdf", PDF), upload("bảng.xlsx", office("xl/workbook.xml"))],
        reference="Công văn 12/UBND",
    )
    assert answer.status_code == 303
    assert proofs_of(dossier, "I.1") == [*before, "Báo cáo.pdf", "bảng.xlsx", "Công văn 12/UBND"]
    digest = hashlib.sha256(PDF).hexdigest()
    assert path_of(digest).read_bytes() == PDF
    assert stat.S_IMODE(own_documents.stat().st_mode) == 0o700
    assert not list(own_documents.glob(".incoming-*"))
    entry = AuditEntry.objects.get(action="attach_proof", after__icontains=digest)
    assert entry.name == "Y Hà"


def test_a_file_can_come_before_its_value_and_the_form_made_before_still_saves(
    entering: Entering, dossier: Dossier
) -> None:
    FactRecord.objects.filter(dossier=dossier, criterion="I.1").delete()
    entering.attach("I.1", files=[upload("a.pdf", PDF)])
    found = fact(dossier, "I.1")
    assert found is not None
    assert (found.status, found.version) == ("unknown", 0)
    assert entering.save("I.1", numerator="1", denominator="2", version=0).status_code == 303


def test_the_same_content_is_kept_once_whoever_hands_it_in(
    entering: Entering, dossier: Dossier, browser: Callable[..., Client]
) -> None:
    other = Dossier.objects.get(unit__code="23458", cycle=dossier.cycle)
    entering.attach("I.1", files=[upload("a.pdf", PDF)])
    entering.attach("I.1", files=[upload("b.pdf", PDF)])  # proves it already
    Entering(browser(Role.COMMUNE_OFFICER, "23458"), other).attach("I.1", files=[upload("c.pdf", PDF)])
    assert Proof.objects.count() == 1
    assert FactProof.objects.filter(proof__isnull=False).count() == 2


# What is refused


def test_hostile_and_wrong_files_are_refused_in_plain_words_and_leave_nothing(
    entering: Entering, dossier: Dossier, own_documents: Path
) -> None:
    before = proofs_of(dossier, "I.1")
    files = {
        "a.pdf": b"MZ\x90\x00",
        "b.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "c.docx": office("word/document.xml", "word/vbaProject.bin"),
        "d.html": PDF,
        "e.pdf": b"",
    }
    entering.attach("I.1", files=[upload(name, content) for name, content in files.items()])
    page = entering.page("I")
    for said in ("chương trình Windows", "SVG", "macro", "nội dung là .pdf"):
        assert said in page
    assert proofs_of(dossier, "I.1") == before
    assert not [path for path in own_documents.rglob("*") if path.is_file()]


def test_a_picture_in_a_pdf_may_hold_any_bytes(entering: Entering, dossier: Dossier) -> None:
    scanned = PDF.replace(b"endobj", b"stream\n..../JS (...../Launch <..\nendstream\nendobj")
    entering.attach("I.1", files=[upload("scan.pdf", scanned)])
    assert "scan.pdf" in proofs_of(dossier, "I.1")


def test_the_good_file_is_taken_although_the_one_beside_it_is_refused(entering: Entering, dossier: Dossier) -> None:
    entering.attach("I.1", files=[upload("a.pdf", b"MZ"), upload("b.pdf", PDF)])
    assert "b.pdf" in proofs_of(dossier, "I.1")
    assert "a.pdf" not in proofs_of(dossier, "I.1")


def test_a_file_that_is_too_large_is_refused_before_it_fills_the_disk(
    entering: Entering, dossier: Dossier, settings: Any, own_documents: Path
) -> None:
    settings.PROOF_MEGABYTES = 1
    for size in (1_000_001, 6_000_000):  # the second is skipped while it comes in
        entering.attach("I.1", files=[upload("lớn.pdf", PDF + b"%" * size + b"%%EOF")])
        assert "lớn hơn 1 MB" in entering.page("I")
    assert not [path for path in own_documents.rglob("*") if path.is_file()]


def test_a_file_of_any_length_is_read_piece_by_piece(own_documents: Path, settings: Any) -> None:
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"%PDF-" + b"\0" * 1_000_000

    settings.PROOF_MEGABYTES = 3
    with pytest.raises(Unfit, match="larger than 3 MB"):
        receive(pieces(), "a.pdf", anyway)
    assert taken == 3
    assert list(own_documents.iterdir()) == []


def test_a_dossiers_files_have_a_limit_together(me: Actor, dossier: Dossier, settings: Any) -> None:
    settings.DOSSIER_MEGABYTES = 0
    with pytest.raises(Unfit, match="too large"):
        attach_files(me, dossier.pk, "I.1", [receive([PDF], "a.pdf", anyway)])
    assert not Proof.objects.exists()


def test_a_file_for_which_the_dossier_has_no_room_does_not_stay_on_the_disk(
    entering: Entering, own_documents: Path, settings: Any
) -> None:
    settings.DOSSIER_MEGABYTES = 1
    large = PDF + b"%" * 600_000 + b"%%EOF"
    entering.attach(
        "I.1", files=[upload("a.pdf", large), upload("b.pdf", b"%PDF-1.5\n" + large), upload("c.pdf", large)]
    )
    assert "Hồ sơ đã có quá nhiều tệp (tối đa 1 MB)" in entering.page("I")
    assert [path.name for path in own_documents.rglob("*") if path.is_file()] == [hashlib.sha256(large).hexdigest()]
    assert Proof.objects.count() == 1


def test_a_file_that_the_dossier_holds_takes_no_more_room(dossier: Dossier, settings: Any) -> None:
    settings.DOSSIER_MEGABYTES = 1
    room = Room(dossier)
    for _ in range(3):
        room.admit("a" * 64, 900_000)
    with pytest.raises(Unfit, match="too large"):
        room.admit("b" * 64, 100_001)
    room.admit("c" * 64, 100_000)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\A\\Báo cáo.PDF", "Báo cáo.PDF"),
        ("a\0b\u202efdp.pdf", "abfdp.pdf"),
        ("Ba\u0301o ca\u0301o.pdf", "Báo cáo.pdf"),
        ('a|b"c;d.pdf', "a b c d.pdf"),
        ("...pdf", "pdf"),
        (".pdf", "pdf"),
        ("", "tai-lieu"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_what_no_name_may_hold(name: str, kept: str) -> None:
    assert tidy_name(name) == kept


@pytest.mark.parametrize(
    "reference", ["", "  ", "a|b", "x" * 501, "a\u200bb", "javascript:alert(1)", "data:text/html,x"]
)
def test_a_reference_is_one_plain_line(reference: str) -> None:
    with pytest.raises(Unfit):
        tidy_reference(reference)


# The scanner


def command(folder: Path, text: str) -> str:
    script = folder / "scanner"
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)
    return str(script)


def test_what_the_scanner_finds_is_refused_with_its_name(settings: Any, tmp_path: Path, own_documents: Path) -> None:
    settings.SCANNER = command(
        tmp_path, 'if grep -q EICAR "$1"; then echo "$1: Eicar-Test-Signature FOUND"; exit 1; fi'
    )
    with pytest.raises(Unfit, match="Eicar-Test-Signature"):
        receive([PDF + EICAR + b"\n%%EOF"], "a.pdf", anyway)
    assert [path for path in own_documents.rglob("*") if path.is_file()] == []
    assert receive([PDF], "a.pdf", anyway).scanned


@pytest.mark.parametrize(
    "scanner", ["/there/is/none", "sh -c 'exit 2'", "clamd:/there/is/none", "clamd:127.0.0.1:1", "clamd:x"]
)
def test_a_scanner_that_cannot_be_asked_lets_nothing_in(settings: Any, own_documents: Path, scanner: str) -> None:
    settings.SCANNER = scanner
    with pytest.raises(Unfit, match="cannot be reached"):
        receive([PDF], "a.pdf", anyway)
    assert [path for path in own_documents.rglob("*") if path.is_file()] == []


# Showing and taking back


def test_who_may_read_the_dossier_may_read_its_proof_and_nobody_else(
    entering: Entering, dossier: Dossier, browser: Callable[..., Client]
) -> None:
    entering.attach("I.1", files=[upload("Báo cáo.pdf", PDF)])
    use = FactProof.objects.get(reference="Báo cáo.pdf")
    address = f"/dossiers/{dossier.pk}/proofs/{use.pk}/"
    shown = browser(Role.DISTRICT_COUNCIL, "613").get(address)
    assert b"".join(shown.streaming_content) == PDF  # type: ignore[attr-defined]
    assert shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"] == "inline; filename*=utf-8''B%C3%A1o%20c%C3%A1o.pdf"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert shown["Cache-Control"] == "private, no-cache"
    assert browser(Role.COMMUNE_OFFICER, "23458").get(address).status_code == 403
    assert Client().get(address).status_code == 302
    other = Dossier.objects.get(unit__code="23458", cycle=dossier.cycle)
    assert browser(Role.COMMUNE_OFFICER, "23458").get(f"/dossiers/{other.pk}/proofs/{use.pk}/").status_code == 404


def test_what_a_browser_would_run_is_only_ever_saved(entering: Entering, dossier: Dossier, officer: Client) -> None:
    entering.attach("I.1", files=[upload("a.docx", office("word/document.xml"))])
    use = FactProof.objects.get(reference="a.docx")
    answer = officer.get(f"/dossiers/{dossier.pk}/proofs/{use.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    answer.close()


def test_a_document_taken_back_leaves_its_fact_while_the_stored_file_stays(
    entering: Entering, dossier: Dossier
) -> None:
    entering.attach("I.1", files=[upload("a.pdf", PDF)])
    use = FactProof.objects.get(reference="a.pdf")
    revision = Dossier.objects.get(pk=dossier.pk).revision
    answer = entering.client.post(f"/dossiers/{dossier.pk}/proofs/{use.pk}/remove/")
    assert answer.status_code == 303
    assert "a.pdf" not in proofs_of(dossier, "I.1")
    assert path_of(hashlib.sha256(PDF).hexdigest()).is_file()
    assert Dossier.objects.get(pk=dossier.pk).revision == revision + 1
    assert entering.client.post(f"/dossiers/{dossier.pk}/proofs/{use.pk}/remove/").status_code == 404


def test_documents_of_what_the_council_has_ruled_on_stay_as_it_saw_them(me: Actor, dossier: Dossier) -> None:
    use = FactProof.objects.filter(fact__dossier=dossier, fact__criterion="I.1").first()
    assert use is not None
    FactRecord.objects.filter(dossier=dossier, criterion="I.1").update(status="verified")
    for attempt in (
        lambda: attach_reference(me, dossier.pk, "I.1", "Công văn 9"),
        lambda: detach(me, dossier.pk, use.pk),
    ):
        with pytest.raises(Unfit, match="ruled"):
            attempt()


def test_a_lost_file_is_told_and_breaks_no_page(entering: Entering, dossier: Dossier, own_documents: Path) -> None:
    entering.attach("I.1", files=[upload("a.pdf", PDF)])
    shutil.rmtree(own_documents)
    use = FactProof.objects.get(reference="a.pdf")
    assert entering.client.get(f"/dossiers/{dossier.pk}/proofs/{use.pk}/").status_code == 404
    assert "a.pdf" in entering.page("I")
