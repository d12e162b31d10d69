"""Files in and out: a preview before anything is written, differences chosen one by one, last year as a draft."""

import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from certification.procedure.actors import Actor
from certification.procedure.permissions import Refused
from certification.procedure.roles import Role
from certification.store.assessments import index_of
from certification.store.audit import verify
from certification.store.changes import Overtaken
from certification.store.doubts import doubts_of
from certification.store.fact_imports import Kind, Taken, compare, write_facts
from certification.store.facts import Cells, enter_fact
from certification.store.last_year import confirm_drafts, offers_of, take_over
from certification.store.loading import Province, load_assessment
from certification.store.models import (
    Account,
    Appointment,
    AuditEntry,
    Dossier,
    FactProof,
    FactRecord,
    UnitRecord,
)
from certification.store.results import results_of
from certification.store.trials import trial_of
from evidence.facts import Amount, Document, Fact, Status
from evidence.inputs import find_wholes
from levels.framework import Tier
from tests.web.conftest import dossier_of
from tests.web.facts.conftest import COMMUNE, Entering, fact, keep

pytestmark = pytest.mark.django_db
HEAD = "unit,criterion,numerator,denominator,value,status,source,document,measured_on,cycle,note\n"


def table(*rows: str, name: str = "evidence.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (HEAD + "\n".join(rows)).encode())


class Importing:
    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address

    def preview(self, *files: SimpleUploadedFile) -> HttpResponse:
        return self.client.post(self.address, {"files": list(files)})

    def save(self, page: HttpResponse, **choices: str) -> HttpResponse:
        """Press save on a previewed page; ``choices`` by criterion in place of what is chosen already."""
        text = page.content.decode()
        kept = re.search(r'name="kept" value="([^"]+)"', text)
        assert kept is not None, text
        fields = {"kept": kept[1]}
        for tag in re.findall(r'<input type="radio"[^>]*checked[^>]*>', text):
            name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]+)"', tag)
            assert name is not None
            assert value is not None
            fields[name[1]] = value[1]
        for name in set(re.findall(r'name="(choice-[^"]+)"', text)):
            criterion = name.rpartition("/")[2]
            fields[name] = choices.get(criterion, fields.get(name, ""))
        return self.client.post(self.address, fields)


@pytest.fixture
def importing(officer: Client, dossier: Dossier) -> Importing:
    return Importing(officer, f"/dossiers/{dossier.pk}/facts/import/")


def test_the_form_that_was_sent_comes_back_unchanged_as_nothing_to_save(
    importing: Importing, officer: Client, dossier: Dossier
) -> None:
    form = officer.get(f"/dossiers/{dossier.pk}/facts/form.xlsx")
    assert form["Content-Disposition"] == f'attachment; filename="{COMMUNE}-2025.xlsx"'
    page = importing.preview(SimpleUploadedFile("biểu.xlsx", form.content)).content.decode()
    assert "Mọi số liệu trong tệp đã giống với số liệu đang có" in page


def fill_in(content: bytes, value: int) -> SimpleUploadedFile:
    """The form with another numerator in the row of I.1, as an office would send it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    row = next(row for row in range(1, 60) if any(sheet.cell(row, at).value == "I.1" for at in range(1, 4)))
    cell = next(sheet.cell(row, at) for at in range(1, 23) if sheet.cell(row, at).value == 106)
    cell.value = value
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("biểu.xlsx", stream.getvalue())


def test_a_changed_cell_of_the_form_must_be_chosen_before_it_is_saved(
    importing: Importing, officer: Client, dossier: Dossier
) -> None:
    form = officer.get(f"/dossiers/{dossier.pk}/facts/form.xlsx").content
    page = importing.preview(fill_in(form, 110))
    text = page.content.decode()
    assert "106/118" in text
    assert "110/118" in text
    undecided = importing.save(page)
    assert undecided.status_code == 409
    assert "1 chỗ khác nhau chưa chọn" in undecided.content.decode()
    saved = fact(dossier, "I.1")
    assert saved is not None
    assert saved.numerator == 106
    assert importing.save(page, **{"I.1": "keep"}).status_code == 303
    assert importing.save(page, **{"I.1": "take"}).status_code == 303
    saved = fact(dossier, "I.1")
    assert saved is not None
    assert (saved.numerator, saved.entered_through) == (110, "import")
    assert list(verify()) == []


def test_a_table_fills_what_is_empty_and_leaves_what_is_the_same(importing: Importing, dossier: Dossier) -> None:
    FactRecord.objects.filter(dossier=dossier, criterion__in=["I.2", "I.3"]).delete()
    rows = [
        f"{COMMUNE},I.1,106,118,,,,,,,",  # as it stands
        f"{COMMUNE},I.2,74,104,,,Báo cáo 5,bc5.pdf|https://kontum.gov.vn/bc5,20/11/2025,,ghi chú",
    ]
    page = importing.preview(table(*rows))
    text = page.content.decode()
    assert text.count(">mới<") == 1
    assert "1 số liệu khác trong tệp đã giống" in text
    assert importing.save(page).status_code == 303
    found = fact(dossier, "I.2")
    assert found is not None
    assert (found.numerator, found.denominator, found.source, found.note) == (74, 104, "Báo cáo 5", "ghi chú")
    assert list(found.proofs.values_list("reference", flat=True)) == ["bc5.pdf", "https://kontum.gov.vn/bc5"]
    assert fact(dossier, "I.3") is None


def test_every_fault_of_every_file_is_told_at_once_and_nothing_is_written(
    importing: Importing, dossier: Dossier
) -> None:
    before = list(FactRecord.objects.order_by("pk").values())
    first = table(f"{COMMUNE},I.1,119,118,,,,,,,", f"{COMMUNE},I.99,1,2,,,,,,,", name="a.csv")
    second = table("23458,I.1,1,2,,,,,,,", f"{COMMUNE},I.2,1,2,,verified,,x.pdf,,,", name="b.csv")
    page = importing.preview(first, second)
    text = page.content.decode()
    assert page.status_code == 422
    assert "a.csv:2:numerator" in text
    assert "a.csv:3:criterion" in text
    assert "b.csv:2:unit" in text  # another commune's: not his to hand in
    assert list(FactRecord.objects.order_by("pk").values()) == before


def test_a_ruling_in_a_file_is_not_the_units_to_hand_in(importing: Importing) -> None:
    text = importing.preview(table(f"{COMMUNE},I.2,1,2,,verified,,x.pdf,,,")).content.decode()
    assert "do Hội đồng quyết định" in text


def test_what_somebody_saves_between_preview_and_saving_is_shown_before_it_is_replaced(
    importing: Importing, me: Actor, dossier: Dossier
) -> None:
    page = importing.preview(table(f"{COMMUNE},I.1,110,118,,,,,,,"))
    enter_fact(me, dossier.pk, "I.1", Cells(numerator="90", denominator="118"))
    again = importing.save(page, **{"I.1": "take"})
    text = again.content.decode()
    assert again.status_code == 409
    assert "Người khác vừa lưu I.1" in text
    assert "90/118" in text
    saved = fact(dossier, "I.1")
    assert saved is not None
    assert saved.numerator == 90
    assert importing.save(again, **{"I.1": "take"}).status_code == 303


def test_a_preview_that_was_tampered_with_or_is_anothers_is_refused(
    importing: Importing, dossier: Dossier, browser: Callable[..., Client]
) -> None:
    page = importing.preview(table(f"{COMMUNE},I.1,110,118,,,,,,,"))
    text = page.content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', text)
    assert kept is not None
    forged = importing.client.post(importing.address, {"kept": "x" + kept[1]})
    assert "hết hạn" in forged.content.decode()
    other = browser(Role.COMMUNE_OFFICER, COMMUNE)
    assert other.post(importing.address, {"kept": kept[1]}).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.xlsx", b""),
        ("a.csv", b"\xff\xfe\0a"),
        ("a.csv", b"PK\x03\x04"),
        ("../../a.csv", b"unit"),
        ("a.jsonl", b"{" * 1000),
    ],
)
def test_a_broken_or_hostile_file_is_told_as_a_fault(importing: Importing, name: str, content: bytes) -> None:
    page = importing.preview(SimpleUploadedFile(name, content))
    assert page.status_code == 422
    assert "Chưa lưu gì" in page.content.decode()
    assert str(Path(tempfile.gettempdir())) not in page.content.decode()


def test_a_workbook_that_inflates_to_a_bomb_is_refused(importing: Importing) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 400_000_000)
    page = importing.preview(SimpleUploadedFile("bom.xlsx", stream.getvalue()))
    assert page.status_code == 422
    assert "quá lớn" in page.content.decode()


def test_no_file_is_told(importing: Importing) -> None:
    assert "Hãy chọn từ 1 đến 50 tệp" in importing.preview().content.decode()


def test_one_officer_of_several_units_hands_in_one_table_for_all(
    province: Province, person: Callable[..., object], browser: Callable[..., Client]
) -> None:
    client = browser(Role.COMMUNE_OFFICER, COMMUNE)
    account = Account.objects.latest("pk")
    Appointment.objects.create(
        account=account, role=Role.COMMUNE_OFFICER.value, unit=UnitRecord.objects.get(code="23458")
    )
    importing = Importing(client, f"/dossiers/cycles/{province.cycle.pk}/import/")
    page = importing.preview(table(f"{COMMUNE},I.1,110,118,,,,,,,", "23458,I.1,50,60,,,,,,,"))
    assert importing.save(page, **{"I.1": "take"}).status_code == 303
    first, second = (fact(dossier_of(province, code), "I.1") for code in (COMMUNE, "23458"))
    assert first is not None
    assert second is not None
    assert (first.numerator, second.numerator) == (110, 50)
    other = browser(Role.COMMUNE_OFFICER, "23535")
    text = Importing(other, importing.address).preview(table(f"{COMMUNE},I.1,1,2,,,,,,,")).content.decode()
    assert "không có đơn vị" in text
    assert browser(Role.DISTRICT_OFFICE, "613").get(importing.address).status_code == 403


def test_of_several_dossiers_all_are_written_or_none(province: Province, me: Actor, dossier: Dossier) -> None:
    other = dossier_of(province, "23458")
    taken = {
        dossier.pk: [Taken(Fact(COMMUNE, "I.1", Status.SELF_REPORTED, Amount(1, 118)))],
        other.pk: [Taken(Fact("23458", "I.1", Status.SELF_REPORTED, Amount(1, 60)))],
    }
    with pytest.raises(Refused):
        write_facts(me, taken, through="import")
    found = fact(dossier, "I.1")
    assert found is not None
    assert found.numerator == 106
    assert not AuditEntry.objects.filter(action="enter_fact").exists()


def test_a_file_that_leaves_a_note_out_takes_none_away(dossier: Dossier) -> None:
    FactRecord.objects.filter(dossier=dossier, criterion="I.1").update(note="đã đối chiếu")
    incoming = Fact(COMMUNE, "I.1", Status.SELF_REPORTED, Amount(107, 118), documents=(Document("mới.pdf"),))
    (line,) = compare([dossier], [(incoming, "1")])
    assert line.kind is Kind.DIFFERENT
    assert line.fact.note == "đã đối chiếu"


# Last year's


@pytest.fixture
def emptied(dossier: Dossier) -> Dossier:
    """The commune has entered nothing this year; of last year I.11 and some ratios are known."""
    FactRecord.objects.filter(dossier=dossier).delete()
    return dossier


def test_last_years_facts_become_drafts_that_do_not_count_until_confirmed(
    emptied: Dossier, officer: Client, entering: Entering
) -> None:
    past = Dossier.objects.get(unit=emptied.unit, cycle__year=2024, cycle__rulebook=emptied.cycle.rulebook)
    past.facts.all().delete()
    FactRecord.objects.create(
        dossier=past, criterion="I.1", status="adjusted", numerator=70, denominator=100, reported_numerator=80,
        reported_denominator=100, source="Báo cáo 2024",
    )  # fmt: skip
    FactRecord.objects.create(dossier=past, criterion="I.2", status="rejected", numerator=9, denominator=10, note="sai")
    address = f"/dossiers/{emptied.pk}/facts/last-year/"
    page = officer.get(address).content.decode()
    assert "70/100" in page
    assert "I.2" not in page  # what the council rejected is no draft
    officer.post(address, {"criterion": ["I.1"]})
    draft = fact(emptied, "I.1")
    assert draft is not None
    assert (draft.draft, draft.numerator, draft.denominator, draft.measured_on) == (True, 70, 100, None)
    assert results_of(emptied.cycle)[COMMUNE].by_code["I.1"].actual is None
    assert "Bản nháp" in entering.page("I")
    officer.post(f"/dossiers/{emptied.pk}/facts/drafts/I/", {"draft": [f"I.1@{draft.version}"]})
    confirmed = fact(emptied, "I.1")
    assert confirmed is not None
    assert (confirmed.draft, confirmed.status) == (False, "self_reported")
    assert results_of(emptied.cycle)[COMMUNE].by_code["I.1"].actual == "70/100"


def test_a_draft_is_confirmed_by_saving_its_form_or_taken_back(
    emptied: Dossier, officer: Client, entering: Entering
) -> None:
    for criterion in ("I.1", "I.2"):
        FactRecord.objects.create(
            dossier=emptied, criterion=criterion, status="self_reported", numerator=1, denominator=2, draft=True
        )
    entering.save("I.1", numerator="1", denominator="2", version=1)
    officer.post(f"/dossiers/{emptied.pk}/facts/drafts/I/", {"draft": ["I.1@2", "I.2@1"], "discard": "1"})
    saved, gone = fact(emptied, "I.1"), fact(emptied, "I.2")
    assert saved is not None
    assert gone is not None
    assert (saved.draft, saved.numerator) == (False, 1)  # it was no draft any more
    assert (gone.draft, gone.numerator, gone.status) == (False, None, "unknown")


def test_drafts_that_somebody_has_changed_meanwhile_are_not_confirmed_unseen(me: Actor, emptied: Dossier) -> None:
    FactRecord.objects.create(
        dossier=emptied, criterion="I.1", status="self_reported", numerator=1, denominator=2, draft=True, version=3
    )
    with pytest.raises(Overtaken):
        confirm_drafts(me, emptied.pk, {"I.1": 2})


def test_an_inspection_that_still_counts_needs_no_draft(emptied: Dossier, me: Actor) -> None:
    past = Dossier.objects.get(unit=emptied.unit, cycle__year=2024, cycle__rulebook=emptied.cycle.rulebook)
    past.facts.all().delete()
    for criterion in ("I.11", "I.12"):
        FactRecord.objects.create(
            dossier=past, criterion=criterion, status="verified", numerator=3, denominator=4, measured_on="2024-10-01"
        )
    offers = offers_of(emptied, trial_of(emptied))
    assert [offer.asked.code for offer in offers] == ["I.12"]
    assert take_over(me, emptied, offers) == 1
    assert take_over(me, emptied, offers) == 0


# Doubts


def test_what_may_be_wrong_is_shown_before_handing_in(province: Province, officer: Client, dossier: Dossier) -> None:
    other = dossier_of(province, "23458")
    for one in (dossier, other):
        record = fact(one, "I.1")
        assert record is not None
        FactProof.objects.create(fact=record, reference="chung.pdf")
    past = Dossier.objects.get(unit=dossier.unit, cycle__year=2024, cycle__rulebook=dossier.cycle.rulebook)
    FactRecord.objects.create(dossier=past, criterion="I.1", status="verified", numerator=1, denominator=100)
    kinds = {doubt.kind for doubt in doubts_of(dossier)}
    assert {"shared_document", "jump"} <= kinds
    page = officer.get(f"/dossiers/{dossier.pk}/facts/").content.decode()
    assert "Nên xem lại trước khi nộp" in page
    assert "chung.pdf" in page


def test_a_part_that_exceeds_its_whole_is_a_doubt_until_both_are_entered(db: None) -> None:
    province = load_assessment("chu-prong-2023", *keep("chu-prong-2023", {"64", "622"}))
    dossier = dossier_of(province, "622")
    whole = next(find_wholes(index_of(dossier.cycle).sets[Tier.DISTRICT]))
    facts = FactRecord.objects.filter(dossier=dossier)
    assert "excess" not in {doubt.kind for doubt in doubts_of(dossier)}
    facts.filter(criterion__in=whole.above).update(numerator=10**6, denominator=1, status="self_reported")
    facts.filter(criterion__in=whole.below).update(numerator=1, denominator=1, status="self_reported")
    assert "excess" in {doubt.kind for doubt in doubts_of(dossier)}
