"""A year in a real browser: one commune's dossier from its target to the published decision, and a complaint.

Every role does its own part on its own screen; what each page looks like is kept, and none may keep anybody out.
"""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.browsing import Visitors, inspect

COMMUNE = "Xã Ngok Réo"
OFFICER, OFFICE, COMMITTEE = "can-bo-xa", "phong-vhkhtt", "ubnd-huyen"
CHAIR, MEMBER, SECRETARY = "hoi-dong-huyen-1", "hoi-dong-huyen-2", "hoi-dong-huyen-3"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def press(page: Page, name: str) -> None:
    """Press the button called exactly ``name`` and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).locator("visible=true").click()


def state(page: Page) -> str:
    """How far the dossier on ``page`` has got, as the page says it beside its name."""
    return page.locator(".page-head .badge").first.inner_text()


def open_dossier(page: Page, key: str) -> None:
    page.goto(f"/dossiers/{key}/")
    expect(page.locator("h1")).to_have_text(COMMUNE)


def step(page: Page, key: str, action: str, why: str = "") -> None:
    """Take a step of the year on the dossier's own page, with its reason."""
    open_dossier(page, key)
    form = page.locator(f"#step-{action}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    if why:
        form.locator("textarea[name=why]").fill(why)
    with page.expect_navigation():
        form.locator("button.button").click()


def find_key(page: Page) -> str:
    """The dossier's number, found by searching for the commune without tones."""
    page.goto("/search/?q=ngok+reo")
    page.get_by_role("link", name=re.compile("Ngok Réo")).first.click()
    expect(page.locator("h1")).to_contain_text("Ngok Réo")
    link = page.locator("main a[href*='/dossiers/']").first
    found = re.search(r"/dossiers/(\d+)/", link.get_attribute("href") or "")
    assert found
    return found[1]


def assess(visitors: Visitors, key: str) -> None:
    """The officer changes the target, enters what is missing, attaches a file and hands the dossier in."""
    page = visitors.enter(OFFICER)
    open_dossier(page, key)
    inspect(page, "year-01-assessing")
    form = page.locator("#step-register")
    form.locator("summary").click()
    form.locator("select[name=target]").select_option("1")
    form.locator("textarea[name=why]").fill("Đăng ký lại theo Công văn số 12/UBND-VX")
    with page.expect_navigation():
        form.locator("button.button").click()
    page.goto(f"/dossiers/{key}/facts/groups/III/")
    block = page.locator("article.fact-block").first
    block.locator("input[name=numerator]").fill("900")
    block.locator("input[name=denominator]").fill("1000")
    expect(block.locator(".outcome")).to_contain_text("mức 4", timeout=10_000)  # while it is typed
    inspect(page, "year-02-facts")
    block.locator("button", has_text="Lưu").first.click()
    expect(block.locator(".outcome")).to_contain_text("Đã lưu", timeout=10_000)
    block.locator("input[type=file]").set_input_files(
        {"name": "báo cáo.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    block.get_by_role("button", name=re.compile("Thêm")).click()
    expect(block.locator(".proofs")).to_contain_text("báo cáo.pdf")
    block.locator("input[type=file]").set_input_files(
        {"name": "tài liệu.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 a program"}
    )
    block.get_by_role("button", name=re.compile("Thêm")).click()
    expect(block.locator(".proofs .errors").first).to_be_visible()
    page.goto(f"/dossiers/{key}/facts/groups/III/")
    assert "tài liệu.pdf" not in page.locator("article.fact-block").first.inner_text()
    step(page, key, "submit")
    assert state(page) == "Đã nộp"


def appraise(visitors: Visitors, key: str) -> None:
    """The council accepts what is proven, rejects one value, hears the commune, and takes its word in round two."""
    member = visitors.enter(MEMBER)
    member.goto(f"/appraisal/{key}/")
    inspect(member, "year-04-docket")
    member.goto(f"/appraisal/{key}/accept/")
    member.locator("input[name=matter][value^='I.2@']").uncheck()
    press(member, "Chấp nhận những tiêu chí đã chọn")
    member.goto(f"/appraisal/{key}/at/III.1/")  # far from last year's value: it is not accepted with the others
    member.locator("input[name=ruling][value=accept]").check()
    press(member, "Lưu")
    member.goto(f"/appraisal/{key}/at/I.2/")
    member.locator("input[name=ruling][value=reject]").check()
    expect(member.locator("#effects")).to_contain_text("Không chấp nhận", timeout=10_000)
    inspect(member, "year-05-ruling")
    press(member, "Lưu")
    assert member.locator(".errors, .alert.bad").count() > 0, "a rejection without a reason was saved"
    member.locator("textarea[name=reason]").fill("Số liệu không khớp với hệ thống giám sát")
    press(member, "Lưu")
    step(member, key, "close_round", "Đề nghị giải trình tiêu chí I.2")

    officer = visitors.enter(OFFICER)
    officer.goto(f"/appraisal/{key}/explanations/")
    officer.locator("textarea[name='text.I.2']").fill("Hệ thống giám sát thiếu tháng 11, kèm bảng kê")
    inspect(officer, "year-06-explanation")
    press(officer, "Lưu giải trình")
    step(officer, key, "submit", "Đã giải trình")

    member.goto(f"/appraisal/{key}/at/I.2/")
    assert "Hệ thống giám sát thiếu tháng 11" in member.locator("main").inner_text()
    member.locator("input[name=ruling][value=accept]").check()
    press(member, "Lưu")
    step(member, key, "close_appraisal", "Đã thẩm định xong")
    assert state(member) == "Đã thẩm định"


def minute(visitors: Visitors, key: str) -> None:
    """The secretary keeps the minutes: who is present, how each voted, who may not for a conflict of interest."""
    page = visitors.enter(SECRETARY)
    open_dossier(page, key)
    page.get_by_role("link", name=re.compile("Hội đồng, biên bản")).first.click()
    page.get_by_role("link", name=re.compile("Lập biên bản")).click()
    for box in page.locator("input[name^=present-]").all():
        box.check()
    for box in page.locator("input[name^=item-]").all():
        box.set_checked(box.get_attribute("name") == f"item-{key}")
    for number, vote in enumerate(page.locator(f"select[name^=vote-{key}-]").all()):
        vote.select_option("against" if number == 1 else "for")
    inspect(page, "year-07-minutes")
    press(page, "Lưu bản nháp")
    press(page, "Chốt biên bản")
    open_dossier(page, key)
    assert state(page) == "Đã có biên bản hội đồng"


def sign(visitors: Visitors, key: str, why: str = "") -> str:
    """The office submits the dossier, the committee looks at the draft and signs; the number of the decision."""
    step(visitors.enter(OFFICE), key, "propose", "Trình Ủy ban nhân dân huyện")
    page = visitors.enter(COMMITTEE)
    page.goto("/decisions/waiting/")
    inspect(page, "year-08-waiting")
    page.get_by_role("link", name=re.compile("Xem dự thảo và ký")).first.click()
    for box in page.locator("input[name=dossier][form=choose]").all():
        box.set_checked(box.get_attribute("value") == key)
    press(page, "Xem dự thảo với các hồ sơ đã chọn")
    page.locator("input[name=signer]").fill("Y Đôn")
    if why:
        page.locator("[name=why][form=sign]").fill(why)
    inspect(page, "year-09-draft")
    press(page, "Ký và niêm phong")
    found = re.search(r"\d+/QĐ-UBND", page.locator("h1").inner_text())
    assert found, page.locator("main").inner_text()
    inspect(page, "year-10-signed")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Công bố")).first.click()
    return found[0]


def verify(visitors: Visitors, number: str, tmp_path: Path) -> None:
    """Anybody finds the decision in the public portal and verifies its sealed bundle, and notices a forged one."""
    page = visitors()
    page.goto("/public/decisions/?q=ngok+reo")
    page.get_by_role("link", name=number).first.click()
    inspect(page, "year-11-public")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("bundle.json")).click()
    bundle = tmp_path / "quyet-dinh.bundle.json"
    waiting.value.save_as(bundle)
    assert json.loads(bundle.read_text("utf-8"))
    for content, answer in (
        (bundle.read_bytes(), "Đúng bản đã niêm phong"),
        (bundle.read_bytes().replace("Đôn".encode(), b"Kia"), "KHÔNG khớp"),
    ):
        page.goto("/public/verify/")
        page.locator("input[type=file]").set_input_files(
            {"name": "a.bundle.json", "mimeType": "application/json", "buffer": content}
        )
        press(page, "Kiểm tra")
        expect(page.locator("main")).to_contain_text(answer)
    inspect(page, "year-12-verify")


def test_a_year(visitors: Visitors, tmp_path: Path) -> None:
    office = visitors.enter(OFFICE)
    key = find_key(office)
    assess(visitors, key)
    step(office, key, "return", "Thiếu tài liệu của tiêu chí III.2")
    step(visitors.enter(OFFICER), key, "submit", "Đã bổ sung")
    step(office, key, "receive", "Đủ thành phần")
    inspect(office, "year-03-received")
    appraise(visitors, key)
    minute(visitors, key)
    first = sign(visitors, key)
    verify(visitors, first, tmp_path)

    step(visitors.enter(OFFICER), key, "complain", "Đề nghị xem lại tiêu chí III.1")
    step(visitors.enter(COMMITTEE), key, "reopen", "Khiếu nại có cơ sở")
    council = visitors.enter(CHAIR)
    council.goto(f"/appraisal/{key}/at/III.1/")
    council.locator("input[name=ruling][value=adjust]").check()
    council.locator("input[name*=numerator]").first.fill("950")
    council.locator("textarea[name=reason]").fill("Theo bảng kê mới")
    press(council, "Lưu")
    step(council, key, "close_appraisal", "Thẩm định lại xong")
    minute(visitors, key)
    second = sign(visitors, key, "Thay thế theo khiếu nại")
    assert second != first
    page = visitors()
    page.goto("/public/decisions/?q=ngok+reo")
    page.get_by_role("link", name=first).first.click()
    expect(page.locator("main")).to_contain_text(second)  # the first shows what took its place

    auditor = visitors.enter("thanh-tra")
    auditor.goto("/audit/")
    inspect(auditor, "year-13-log")
    assert visitors.server.call("audit", "verify").returncode == 0
