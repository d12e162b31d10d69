"""The decision that revokes an earlier one, as a person has read it."""

import datetime

from attrs import evolve

from evidence.units import Unit
from levels.framework import Framework, Tier
from levels.loader import load_rulebook
from reports.revocation import Revocation, Revoked, render_revocation
from tests.reports.looking import compare_golden, docx_text, need, pdf_pages

PROVINCE = Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE)
DISTRICT = Unit("613", "Huyện Kon Plông", Tier.DISTRICT, "62")


def revocation() -> Revocation:
    framework = load_rulebook("kon-tum-121-2025")
    assert isinstance(framework, Framework)
    return Revocation(
        rulebook=framework,
        cycle=2025,
        issuer=DISTRICT,
        superior=PROVINCE,
        tier=Tier.COMMUNE,
        units=(
            Revoked(Unit("23455", "Xã Đắk Ring", Tier.COMMUNE, "613"), 2),
            Revoked(Unit("23473", "Thị trấn Măng Đen", Tier.COMMUNE, "613"), 0),
        ),
        earlier="03/QĐ-UBND",
        earlier_on=datetime.date(2025, 12, 18),
        why="số liệu tiêu chí I.2 không đúng thực tế, theo Kết luận thanh tra số 7/KL-TTr.",
        number="12/QĐ-UBND",
        signed_on=datetime.date(2026, 1, 5),
        signer="Y Đôn",
    )


def test_the_revocation_reads_as_a_person_has_read_it() -> None:
    compare_golden("thu-hoi.txt", docx_text(render_revocation(revocation(), ("docx",))["docx"]))


def test_without_a_number_it_is_a_draft() -> None:
    text = docx_text(render_revocation(evolve(revocation(), number="", signed_on=None), ("docx",))["docx"])
    assert "(DỰ THẢO)" in text
    assert "Số: ……/QĐ-UBND" in text


def test_a_revoked_ranking_names_what_was_published() -> None:
    index = evolve(revocation(), rulebook=load_rulebook("ha-noi-2024"))
    text = docx_text(render_revocation(index, ("docx",))["docx"])
    assert "thu hồi kết quả xếp hạng chỉ số chuyển đổi số" in text
    assert "Điểm và thứ hạng đã công bố" in text


def test_the_list_stands_on_a_wide_page_of_its_own() -> None:
    need("pdftotext")
    pages = pdf_pages(render_revocation(revocation(), ("pdf",))["pdf"])
    assert "PHỤ LỤC I" in pages[-1]
    assert "CHỦ TỊCH" in pages[-2]
