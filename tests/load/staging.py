"""A province in the middle of its year: ``python -m tests.load.staging OFFICERS APPRAISERS FILE`` loads it.

Every commune of Kon Tum has reported its facts. Two of each district are before the council, whose members sit in
twos; officers fill in the others, some of them two to one dossier. Everybody is logged in: FILE says who does what.
"""

import itertools
import json
import os
import sys
from collections.abc import Mapping
from importlib.resources import as_file
from pathlib import Path

from attrs import evolve

from certification.home import find_home, make_home
from certification.procedure.roles import Role
from certification.procedure.states import State
from certification.store.opening import set_up
from evidence.dossiers import Evidence
from evidence.facts import Fact, Status
from evidence.samples import FRAMEWORK, sample_paths
from evidence.tables import read_evidence, read_units
from evidence.units import Unit, Units
from levels.framework import Tier
from levels.loader import load_rulebook

make_home(find_home(os.environ))  # its key signs the sessions
set_up()

from django.conf import settings  # noqa: E402 - of an application that is set up, as all below
from django.test import Client  # noqa: E402

from certification.store import installation  # noqa: E402
from certification.store.facts import asked_of  # noqa: E402
from certification.store.loading import Province, load_assessment  # noqa: E402
from certification.store.models import Account, Appointment, Council, CouncilMember, Dossier  # noqa: E402

LEAST = 10
"""A ratio with a smaller base has too few values to tell saves apart by."""


def read_sample() -> tuple[Units, Evidence]:
    """The bundled sample as its units reported it, before any council ruled."""
    sample = sample_paths(FRAMEWORK)
    with as_file(sample.units) as units_path, as_file(sample.evidence) as evidence_path:
        units = read_units(units_path)
        evidence = read_evidence(evidence_path, load_rulebook(FRAMEWORK), units)
    stated = {
        **evidence.stated,
        evidence.cycle: {code: report(rows) for code, rows in evidence.stated[evidence.cycle].items()},
    }
    facts = {code: report(rows) for code, rows in evidence.facts.items()}
    return units, evolve(evidence, stated=stated, facts=facts)


def report(rows: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts that were reported, as they were."""
    return {
        row: evolve(fact, status=Status.SELF_REPORTED, amount=fact.reported or fact.amount, reported=None, note="")
        for row, fact in rows.items()
        if fact.reported or fact.amount
    }


def load(officers: int, appraisers: int) -> dict[str, object]:
    """Fill the store; who there is to do what."""
    units, evidence = read_sample()
    districts = units.children("62")
    judged = {unit.code for district in districts for unit in units.children(district.code)[:2]}

    def stand(unit: Unit, _: Mapping[str, Fact]) -> State:
        if unit.tier is not Tier.COMMUNE:
            return State.REGISTERED
        return State.APPRAISING if unit.code in judged else State.ASSESSING

    province = load_assessment(FRAMEWORK, units, evidence, standing=stand)
    dossiers = {
        dossier.unit.code: dossier
        for dossier in Dossier.objects.filter(cycle=province.cycle).select_related("unit", "cycle__rulebook")
    }
    open_ones = itertools.cycle(code for code in dossiers if units[code].tier is Tier.COMMUNE and code not in judged)
    seats = itertools.cycle(districts)
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "officers": [
            hire(province, number, Role.COMMUNE_OFFICER, code) | offer(dossiers[code], judged=False)
            for number, code in enumerate(itertools.islice(open_ones, officers))
        ],
        "appraisers": [
            hire(province, officers + number, Role.DISTRICT_COUNCIL, district.code)
            | {
                "dossiers": [
                    offer(dossiers[unit.code], judged=True)
                    for unit in units.children(district.code)
                    if unit.code in judged
                ]
            }
            for number, district in enumerate(itertools.islice(seats, appraisers))
        ],
    }


def hire(province: Province, number: int, role: Role, unit: str) -> dict[str, object]:
    """Somebody with a role who is logged in: the value of his cookie."""
    account = Account.objects.create_user(f"load-{number}", full_name=f"Người Thứ {number} (tải thử)")
    Appointment.objects.create(account=account, role=role.value, unit=province.units[unit], basis="Tải thử")
    if role is Role.DISTRICT_COUNCIL:
        body = province.units[unit]
        council, _ = Council.objects.get_or_create(cycle=province.cycle, body=body, defaults={"decided_by": "01/QĐ"})
        CouncilMember.objects.create(council=council, account=account, name=account.full_name)
    client = Client()
    client.force_login(account)
    return {"session": client.cookies[settings.SESSION_COOKIE_NAME].value, "number": number}


def offer(dossier: Dossier, *, judged: bool) -> dict[str, object]:
    """What there is to save or to rule on in a dossier."""
    asked = asked_of(dossier)
    facts = [
        {
            "criterion": record.criterion,
            "group": record.criterion.partition(".")[0],
            "base": int(record.denominator),
            "version": record.version,
        }
        for record in dossier.facts.all()
        if record.criterion in asked
        and asked[record.criterion].kind == "ratio"
        and record.numerator is not None
        and record.denominator is not None
        and record.denominator >= LEAST
        and record.denominator == int(record.denominator)
    ]
    return {"dossier": dossier.pk, "facts": facts, "judged": judged}


def main() -> None:
    """Bring the database up to date, load it, write FILE."""
    officers, appraisers, file = sys.argv[1:]
    with installation.reached():
        installation.bring_up_to_date()
        Path(file).write_text(json.dumps(load(int(officers), int(appraisers))), "utf-8")


if __name__ == "__main__":
    main()
