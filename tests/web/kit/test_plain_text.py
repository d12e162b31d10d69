"""What cannot be seen is not kept: forms leave it out and say so, whatever else arrives is refused."""

import unicodedata

import pytest

from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.models import Dossier, Transition, UnitRecord
from certification.store.unfit import Unfit
from tests.web.conftest import dossier_of

HIDDEN = ["\u202e", "\u2066", "\u200f", "\ufeff", "\u200b", "\x07", "\x85"]


@pytest.mark.parametrize("character", HIDDEN)
def test_a_form_leaves_out_what_cannot_be_seen_and_says_so(province, browser, character):
    dossier = dossier_of(province, "23455")
    Dossier.objects.filter(pk=dossier.pk).update(state=State.SUBMITTED.value)
    office = browser(Role.DISTRICT_OFFICE, "613")
    decomposed = unicodedata.normalize("NFD", "Thiếu tài liệu")
    page = office.post(
        f"/dossiers/{dossier.pk}/steps/return/", {"why": f"{decomposed}\r\nI.7{character}", "version": ""}, follow=True
    )
    assert Transition.objects.get(dossier=dossier, action="return").why == "Thiếu tài liệu\nI.7"
    assert "1 ký tự điều khiển hoặc ký tự ẩn" in page.content.decode()


def test_a_form_that_says_it_comes_from_a_script_is_refused_in_plain_words(province, browser):
    dossier = dossier_of(province, "23455")
    Dossier.objects.filter(pk=dossier.pk).update(state=State.SUBMITTED.value)
    answer = browser(Role.DISTRICT_OFFICE, "613").post(
        f"/dossiers/{dossier.pk}/steps/return/", {"why": "Thiếu\u202e", "version": ""}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "U+202E" in answer.content.decode()
    assert not Transition.objects.filter(dossier=dossier, action="return").exists()


def test_a_clean_form_is_told_nothing(province, browser):
    dossier = dossier_of(province, "23455")
    Dossier.objects.filter(pk=dossier.pk).update(state=State.SUBMITTED.value)
    page = browser(Role.DISTRICT_OFFICE, "613").post(
        f"/dossiers/{dossier.pk}/steps/return/", {"why": "Thiếu\ttài liệu", "version": ""}, follow=True
    )
    assert "ký tự ẩn" not in page.content.decode()


@pytest.mark.parametrize("character", HIDDEN)
def test_what_comes_another_way_is_refused_before_it_is_saved(db, character):
    with pytest.raises(Unfit) as refused:
        UnitRecord.objects.create(code="23999", name=f"Xã{character} Mới", tier="commune")
    assert refused.value.field == "name"
    assert f"U+{ord(character):04X}" in refused.value.text.vi
    assert not UnitRecord.objects.filter(code="23999").exists()


def test_a_name_is_kept_in_nfc(db):
    unit = UnitRecord.objects.create(code="23999", name=unicodedata.normalize("NFD", "Xã Đắk Ring"), tier="commune")
    assert unit.name == "Xã Đắk Ring"
