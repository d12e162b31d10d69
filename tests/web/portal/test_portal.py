"""The public portal shows what was published and nothing else, to everybody, and verifies decisions."""

import csv
import datetime
import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certification.decisions import Signing
from certification.issuing import issue
from certification.store.assessments import assessment_of
from certification.store.models import Act, ActFile, ActUnit, Publication
from certification.store.results import verdicts_of
from certification.store.search import fold

DISTRICT = "613"


@pytest.fixture
def act(province):
    """A sealed decision on the communes of Kon Plông, signed and not yet published."""
    assessment = assessment_of(province.cycle)
    verdicts = verdicts_of(province.cycle, assessment.order)
    codes = [unit.code for unit in assessment.units.children(DISTRICT)]
    signing = Signing("7/QĐ-UBND", datetime.date(2025, 12, 18), "Nguyễn Văn A", closed=False)
    [issued] = issue(assessment, verdicts, codes[-1:], signing, lambda *_: {"quyet-dinh.html": b"<p>x</p>"})
    made = Act.objects.create(
        cycle=province.cycle,
        body=province.units[DISTRICT],
        kind="recognise",
        year=2025,
        sequence=7,
        number="7/QĐ-UBND",
        signed_on=datetime.date(2025, 12, 18),
        signed_at=timezone.now(),
        signer="Nguyễn Văn A",
        seal=issued.seal,
        search_key=fold("7/QĐ-UBND Huyện Kon Plông"),
    )
    for name, content in issued.files.items():
        ActFile.objects.create(
            act=made,
            name=name,
            media_type="application/json" if name.endswith("json") else "text/html",
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
        )
    for verdict in issued.decision.verdicts:
        dossier = province.cycle.dossiers.get(unit__code=verdict.unit.code)
        ActUnit.objects.create(act=made, dossier=dossier, level=verdict.recognised_level)
    return made


@pytest.fixture
def published(act):
    Publication.objects.create(act=act, at=timezone.now())
    return act


@pytest.fixture
def anybody():
    return Client()


def test_nothing_is_shown_before_it_is_published(act, anybody):
    assert "7/QĐ-UBND" not in anybody.get(reverse("portal:home")).content.decode()
    assert anybody.get(reverse("portal:cycle", args=[act.cycle.pk])).status_code == 404
    assert anybody.get(reverse("portal:act", args=[act.pk])).status_code == 404
    file = act.files.first()
    assert anybody.get(reverse("portal:file", args=[act.pk, file.pk])).status_code == 404
    assert anybody.get(reverse("portal:json", args=[act.cycle.pk])).status_code == 404


def test_what_is_published_is_shown_with_its_level_and_files(published, anybody):
    assert "7/QĐ-UBND" in anybody.get(reverse("portal:home")).content.decode()
    page = anybody.get(reverse("portal:cycle", args=[published.cycle.pk])).content.decode()
    entry = published.units.get()
    assert entry.dossier.unit.name in page
    page = anybody.get(reverse("portal:act", args=[published.pk])).content.decode()
    file = published.files.get(name="quyet-dinh.html")
    assert file.sha256 in page
    sent = anybody.get(reverse("portal:file", args=[published.pk, file.pk]))
    assert sent.content == bytes(file.content)
    assert sent["Content-Disposition"].startswith("attachment")


def test_decisions_are_found_without_tones(published, anybody):
    url = reverse("portal:acts")
    assert "7/QĐ-UBND" in anybody.get(url, {"q": "kon plong"}).content.decode()
    assert "7/QĐ-UBND" not in anybody.get(url, {"q": "dak to"}).content.decode()
    assert anybody.get(url, {"format": "xlsx"}).content[:2] == b"PK"


def test_a_search_of_many_words_asks_one_small_question_for_each(published, anybody, django_assert_max_num_queries):
    url = reverse("portal:acts")
    words = "kon plong huyen qd " * 100
    with django_assert_max_num_queries(12) as asked:
        assert anybody.get(url, {"q": words}).status_code == 200
    assert max(len(query["sql"]) for query in asked) < 20_000  # it used to double with every word


def test_open_data_say_what_the_act_states(published, anybody):
    entry = published.units.get()
    data = json.loads(anybody.get(reverse("portal:json", args=[published.cycle.pk])).content)
    assert [(row["unit"], row["level"], row["decision"]) for row in data["units"]] == [
        (entry.dossier.unit.code, entry.level, "7/QĐ-UBND")
    ]
    text = anybody.get(reverse("portal:csv", args=[published.cycle.pk])).content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["name"] == entry.dossier.unit.name


def test_the_overview_has_a_tile_for_every_commune_of_a_place_and_says_what_is_not_published(published, anybody):
    page = anybody.get(reverse("portal:cycle", args=[published.cycle.pk])).content.decode()
    entry = published.units.get()
    overview = page.split('class="overview"')[1].split("<form")[0]
    tiles = overview.split('class="tiles"')[1].split("</ul>")[0]
    assert tiles.count("<li>") == entry.dossier.unit.parent.children.count()
    assert tiles.count("<a ") == 1
    assert f'href="{reverse("portal:act", args=[published.pk])}"' in tiles
    assert tiles.count(": chưa công bố") == tiles.count("<li>") - 1
    assert "Chưa công bố: 1 địa bàn" in overview  # the other district


def test_what_rests_on_made_up_facts_says_so_everywhere(published, anybody):
    key = published.cycle.pk
    for address in (
        reverse("portal:home"),
        reverse("portal:cycle", args=[key]),
        reverse("portal:act", args=[published.pk]),
    ):
        assert "DỮ LIỆU MÔ PHỎNG" in anybody.get(address).content.decode()
    assert json.loads(anybody.get(reverse("portal:json", args=[key])).content)["units"][0]["simulated"] is True


def test_a_revoked_decision_is_shown_as_revoked(published, anybody):
    later = Act.objects.create(
        cycle=published.cycle,
        body=published.body,
        kind="revoke",
        year=2026,
        sequence=1,
        number="1/QĐ-UBND",
        signed_on=datetime.date(2026, 2, 1),
        signed_at=timezone.now(),
        signer="Nguyễn Văn A",
        replaces=published,
        why="Khiếu nại đúng",
    )
    ActUnit.objects.create(act=later, dossier=published.units.get().dossier)
    Publication.objects.create(act=later, at=timezone.now())
    assert "thu hồi bởi" in anybody.get(reverse("portal:act", args=[published.pk])).content.decode()
    data = json.loads(anybody.get(reverse("portal:json", args=[published.cycle.pk])).content)
    assert data["units"][0]["revoked"] is True
    assert data["units"][0]["level"] is None


def test_a_sealed_bundle_is_recognised_and_recomputed(published, anybody):
    bundle = published.files.get(name__endswith=".bundle.json")
    upload = SimpleUploadedFile("quyết định.bundle.json", bytes(bundle.content))
    page = anybody.post(reverse("portal:verify"), {"file": upload}).content.decode()
    assert "Đúng bản đã niêm phong" in page
    assert "Khớp" in page


def test_an_altered_bundle_is_neither(published, anybody):
    bundle = bytes(published.files.get(name__endswith=".bundle.json").content)
    altered = bundle.replace("Nguyễn Văn A".encode(), "Nguyễn Văn B".encode())
    assert altered != bundle
    page = anybody.post(
        reverse("portal:verify"), {"file": SimpleUploadedFile("x.bundle.json", altered)}
    ).content.decode()
    assert "Không có trong sổ" in page
    assert "KHÔNG khớp" in page


@pytest.mark.parametrize("content", [b"", b"{", b"%PDF-1.7", b'{"format": 1}', b"\x00" * 100, b"[" * 10_000])
def test_any_other_file_is_told_to_be_unknown(db, anybody, content):
    upload = SimpleUploadedFile("../../etc/passwd<script>", content)
    page = anybody.post(reverse("portal:verify"), {"file": upload})
    assert page.status_code == 200
    assert "Không có trong sổ" in page.content.decode() or "Chưa chọn" in page.content.decode()
    assert "<script>" not in page.content.decode().split("<main")[1]


def test_a_number_is_looked_up(published, anybody):
    page = anybody.get(reverse("portal:verify"), {"number": "7/qđ-ubnd"}).content.decode()
    assert reverse("portal:act", args=[published.pk]) in page
    assert "Không có quyết định" in anybody.get(reverse("portal:verify"), {"number": "99/QĐ"}).content.decode()


@pytest.mark.django_db
def test_a_form_without_a_file_is_answered_in_words(client: Client) -> None:
    assert "Chưa chọn tệp." in client.post("/public/verify/").text


def test_whoever_sends_file_after_file_has_to_wait(db, anybody):
    def send():
        return anybody.post(reverse("portal:verify"), {"file": SimpleUploadedFile("x.bundle.json", b"{}")}).status_code

    assert [send() for _ in range(11)] == [200] * 10 + [429]
    assert anybody.post(reverse("portal:verify")).headers["Retry-After"] == "60"


@pytest.mark.parametrize("path", ["/public/decisions/?q=%00", "/public/verify/?number=a%00b", "/invitation/%00/"])
def test_a_character_that_no_database_holds_is_turned_away(db, anybody, path):
    assert anybody.get(path).status_code == 400
    assert anybody.post("/public/verify/", {"what": "a\0b"}).status_code == 400
