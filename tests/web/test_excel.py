"""Excel of every table: whatever page shows a table offers it as a workbook, which says what the page says."""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from lxml import html

from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.decisions import publish
from certification.store.loading import Province
from certification.store.models import Act, Appointment, Council, CouncilMember, Dossier, PriceList, Scenario
from certification.store.tokens import issue_token
from certification.web.formats import day_text, number_text
from evidence.samples import sample_paths
from tests.web.conftest import dossier_of
from tests.web.decisions.conftest import ready
from tests.web.matrix import Place, Reader, allows, asked, told, visits
from tests.web.workbooks import Row, sheets_of

FIRST = (
    Role.DEPARTMENT, Role.DISTRICT_OFFICE, Role.DISTRICT_COUNCIL, Role.DISTRICT_COMMITTEE, Role.PLANNER,
    Role.COMMUNE_OFFICER, Role.AGENCY_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR,
)  # fmt: skip
"""Of those who may see a page, who looks at it here."""

TABLES = frozenset(
    {
        "waiting-for-me", "overdue", "levels-N-commune", "years", "required", "beside", "members", "sides", "places",
        "values", "effects-table", "groups", "differences", "registrations", "together", "votes-N", "dossiers", "rows",
        "states", "sessions", "cycles", "waiting", "tokens", "roles", "units-N", "scenarios", "part-N", "pillars",
        "rounds", "comparison", "ranking", "shortcuts", "op-N-parameters",
    }
)  # fmt: skip
"""Tables that pages write themselves, which the walk below must come by; numbers in their names told apart no more."""

_MARKS = frozenset({"–", "·", ",", "▲", "▼", "="})
"""What stands for nothing, between two things that a workbook has in columns of their own, or for a number's sign."""
_SILENT = (
    "//svg|//script|//template|//form[ancestor::table]|//button|//select|//*[@hidden]|//*[@aria-hidden='true']"
    "|//*[contains(concat(' ',@class,' '),' button ')][ancestor::table]|//details[.//form][ancestor::table]"
    "|//tbody//*[contains(concat(' ',@class,' '),' unseen ')]|//*[@class='level-name']"
)


@pytest.fixture
def lively(province: Province, readers: list[Reader], places: list[Place]) -> list[Place]:
    """The places, with what else a page may show: members, prices, a scenario, a token, sessions, something public."""
    actors = {reader.name: reader.actor for reader in readers if reader.actor is not None}
    council = Council.objects.get(cycle=province.cycle, body=province.units["613"])
    member = actors[Role.DISTRICT_COUNCIL]
    CouncilMember.objects.create(council=council, account_id=member.account, name=member.name)
    PriceList.objects.create(
        cycle=province.cycle, unit=province.cycle.root, name="costs.csv", content=sample_paths().costs.read_bytes()
    )
    Scenario.objects.create(
        cycle=province.cycle,
        unit=province.units["23473"],
        owner_id=actors[Role.PLANNER].account,
        name="=1+1",
        content='{"name": "=1+1", "set": []}',
        shared=True,
    )
    department = actors[Role.DEPARTMENT]
    issue_token(department, Appointment.objects.get(account=department.account).pk, "Cổng dịch vụ công", 30)
    browser = next(reader.client for reader in readers if reader.name == Role.DEPARTMENT)
    UserSession.objects.create(
        user_id=department.account, ip="10.0.0.1", session_key=browser.session.session_key, user_agent="Firefox"
    )
    publish(actors[Role.DISTRICT_OFFICE], Act.objects.earliest("pk"))
    ready(province.cycle, ["23476"], datetime.date(province.cycle.year, 12, 13))
    Dossier.objects.filter(pk=dossier_of(province, "23464").pk).update(state=State.APPRAISED)
    return places


@pytest.mark.whole
def test_every_table_of_every_page_goes_to_excel_and_says_there_what_it_says_on_the_page(
    readers: list[Reader], lively: list[Place], province: Province, index_province: Province
) -> None:
    wrong: list[str] = []
    seen: set[str] = set()
    done: set[tuple[str, str]] = set()
    for name, address, reader in _walk(readers, lively, (province, index_province)):
        reader.client.raise_request_exception = False
        answer = reader.client.get(address)
        if answer.status_code >= 500:
            wrong.append(f"{address} ({name} by {reader.name}) is broken")
        page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        if not page or "Content-Disposition" in answer.headers:
            continue
        tree = html.document_fromstring(answer.content)
        links = {
            parse_qs(urlsplit(link).query).get("table", [""])[0]: link for link in tree.xpath("//a[@download]/@href")
        }
        for table in tree.xpath("//table[.//tbody/tr]"):
            kind = re.sub(r"\d+", "N", table.get("id") or "")
            if (name, kind) in done:
                continue
            done.add((name, kind))
            seen.add(kind)
            fault = _compare(reader.client, address, table, links)
            if fault:
                wrong.append(f"{address} ({name} by {reader.name}), table {table.get('id')}: {fault}")
    assert not wrong, "\n".join(wrong)
    assert seen >= TABLES, f"not come by: {sorted(TABLES - seen)}, of {sorted(seen)}"


def _walk(
    readers: list[Reader], places: list[Place], of: tuple[Province, Province]
) -> Iterator[tuple[str, str, Reader]]:
    """Every page that somebody may see, and the desks of all; what needs a question in its address is asked it."""
    by_role = {reader.name: reader for reader in readers}
    for reader in readers:
        yield "looking:home", reverse("looking:home"), reader
    questions = asked()
    for page, place, address in visits(places):
        question = questions.get(page.name, told(page.gate))
        for role in FIRST:
            if allows(question, by_role[role].actor, place.dossier):
                yield page.name, address, by_role[role]
                break
        else:
            if question == "public":
                yield page.name, address, readers[0]
    yield from _asking(by_role, *of)


def _asking(by_role: dict[str, Reader], province: Province, index: Province) -> Iterator[tuple[str, str, Reader]]:
    """Pages that show their tables only when asked something, or about the right place."""
    commune, district, cycle = dossier_of(province, "23473"), dossier_of(province, "613"), province.cycle.pk
    department, office, planner = by_role[Role.DEPARTMENT], by_role[Role.DISTRICT_OFFICE], by_role[Role.PLANNER]
    auditor, rated = by_role[Role.AUDITOR], {"cycle": index.cycle.pk}
    asked_of = (
        ("looking:map", [], {"by": "place"}, department),
        ("looking:compare", [], {"unit": [commune.unit_id, dossier_of(province, "23476").unit_id]}, department),
        ("looking:graph", [district.unit_id], {}, department),
        ("procedure:registrations", [district.unit_id, cycle], {}, office),
        ("procedure:council", [district.unit_id, cycle], {}, office),
        ("procedure:members", [district.unit_id, cycle], {}, office),
        ("procedure:together", [district.unit_id, cycle, "receive"], {}, office),
        ("procedure:new_minutes", [district.unit_id, cycle], {}, by_role[Role.DISTRICT_COUNCIL]),
        ("decisions:draft", [cycle, district.unit_id, "commune"], {}, office),
        ("portal:cycle", [cycle], {}, by_role["stranger"]),
        ("indexes:ranking", [], rated, auditor),
        ("indexes:compare", [], {**rated, "unit": ["01-SNV", "01-VP"]}, auditor),
        ("planner:plan", [commune.pk], {"level": 3}, planner),
        ("planner:chances", [commune.pk], {"draws": 100}, planner),
        ("planner:scenarios", [cycle], {}, planner),
        ("planner:compare", [cycle], {"pick": Scenario.objects.earliest("pk").pk}, planner),
    )
    for name, parts, query, reader in asked_of:
        yield name, f"{reverse(name, args=parts)}?{urlencode(query, doseq=True)}", reader


def _compare(client: Client, address: str, table: html.HtmlElement, links: dict[str, str]) -> str:
    """What is wrong with the workbook of a table; "": nothing."""
    link = links.get(table.get("id"))
    if link is None:
        return "has no link to Excel"
    answer = client.get(urljoin(address, link))
    if "spreadsheet" not in answer.headers["Content-Type"]:
        return f"its link {link} answers {answer.status_code} {answer.headers['Content-Type']}"
    (rows,) = sheets_of(answer.content).values()
    shown = _rows(table)
    if len(rows) < len(shown):
        return f"{len(rows)} rows in the workbook, {len(shown)} on the page"
    for row, words in zip(rows, shown, strict=False):
        if missing := _missing(row, words):
            return f"the workbook lacks {sorted(missing)} of {' '.join(words.elements())!r}: {row}"
    return ""


def _rows(table: html.HtmlElement) -> list[Counter[str]]:
    """The words that are seen in every row of a table, those of a column apart that is only there to be pressed."""
    for element in table.xpath(_SILENT):
        element.drop_tree()
    rows = [row.xpath("./td|./th") for row in table.xpath(".//tr")]
    body = [row for row in rows if row[0].getparent().getparent().tag != "thead" and len(row) == len(rows[0])]
    idle = {at for at in range(len(rows[0])) if not any(_words(row[at]) for row in body)}
    return [sum((_words(cell) for at, cell in enumerate(row) if at not in idle), Counter()) for row in rows]


def _words(cell: html.HtmlElement) -> Counter[str]:
    return Counter(each for each in _split(" ".join(cell.itertext())) if each not in _MARKS)


def _split(text: str) -> list[str]:
    """Words, numbers and signs, without what a page says for nothing, and for reasons that a workbook has in full."""
    return re.findall(r"\w+|[^\w\s]", re.sub(r"không có hạn|và \d+ yêu cầu khác", "", text))


def _missing(row: Row, words: Counter[str]) -> Counter[str]:
    """The words of a page's row that are in none of the cells of a workbook's."""
    missing = words.copy()
    for value in row:
        missing -= Counter(word for form in _forms(value) for word in _split(form))
    return missing


def _forms(value: object) -> list[str]:
    """How a page may write a value: a number as rounded as it likes, a day."""
    match value:
        case None:
            return []
        case int():
            return [str(value), number_text(value)]
        case float():
            return [str(value), *(number_text(Decimal(str(value)), places) for places in range(3))]
        case datetime.date():
            return [day_text(value)]
        case _:
            return [str(value)]
