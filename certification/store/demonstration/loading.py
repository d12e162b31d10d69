"""Loading the demonstration: everything or nothing, into a store in which nobody works yet."""

import datetime
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from attrs import frozen
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from certification.procedure.roles import Role
from certification.store.accounts import actor_of
from certification.store.demonstration import reform
from certification.store.demonstration.cast import (
    CAST,
    COMMUNE,
    DISTRICT,
    MERGED,
    appoint,
    appoint_officers,
    hire,
    hire_officers,
    make_up_password,
    people_of,
    tell_where,
)
from certification.store.demonstration.past import rank_year_before, walk_year_before
from certification.store.demonstration.samples import before_appraisal, read_sample, reported
from certification.store.demonstration.year import walk
from certification.store.loading import Province, load_assessment, load_units
from certification.store.models import Account
from certification.store.planning import keep_prices
from certification.store.results import results_of
from evidence.samples import FRAMEWORK, sample_ids, sample_paths
from levels.faults import Text

RANKED = "bac-ninh-1187-2023"
"""The index whose ranking of the year before is published."""

Progress = Callable[[str], AbstractContextManager[None]]


@frozen
class Entrance:
    """How one of the demonstration's people logs in; the password is nowhere else."""

    role: Role
    username: str
    password: str
    told: Text


def load_demonstration(progress: Progress, today: datetime.date | None = None) -> tuple[Entrance, ...]:
    """Load everything, all of it or nothing; how its people log in.

    ``progress`` is opened around each part with its name.
    """
    day = today or timezone.localdate()
    # Hashes take their time on purpose, outside of Python: they are made while the facts are read.
    with ThreadPoolExecutor(max_workers=1) as beside, transaction.atomic():
        passwords = {seat.username: make_up_password() for seat in CAST}
        hashes = {name: beside.submit(make_password, password) for name, password in passwords.items()}
        with progress("Tỉnh Kon Tum"):
            units, evidence = read_sample(FRAMEWORK, day.year)
            officers = hire_officers(units.values())
            ours = {DISTRICT, *(unit.code for unit in units.children(DISTRICT))}
            province = load_assessment(FRAMEWORK, units, before_appraisal(evidence, ours, COMMUNE), entered_by=officers)
        records, provinces = dict(province.units), {FRAMEWORK: province}
        for framework_id in sample_ids():
            if framework_id != FRAMEWORK:
                with progress(framework_id):
                    provinces[framework_id] = load_assessment(framework_id, *read_sample(framework_id, day.year))
                    records |= provinces[framework_id].units
        with progress("Tỉnh Mẫu"):
            made_up = reform.draw_up_units()
            own = load_units(made_up)
            records |= own
            their = hire_officers(made_up.values())
            before = reform.load_before(
                province.rulebook, own, {code: reported(rows) for code, rows in evidence.facts.items()}, their
            )
        with progress("Tài khoản"):
            appoint_officers({**officers, **their}, records)
            cast = {seat.username: hire(seat, hashes[seat.username].result(), officers, records) for seat in CAST}
        with progress("Sắp xếp từ 01/7/2025"):
            administrator = actor_of(cast["quan-tri"])
            made = reform.reform(administrator, before)
            heirs = {MERGED: cast["can-bo-xa"], **hire_officers([reform.OTHER])}
            for code, account in heirs.items():
                appoint(account, Role.COMMUNE_OFFICER, made[code])
            their |= heirs
            reform.begin_anew(administrator, {code: actor_of(their[code]) for code in made}, before, day)
        people = people_of(cast, officers)
        with progress("Huyện Đắk Hà, năm trước"):
            walk_year_before(province, people, DISTRICT)
        with progress("Xếp hạng năm trước"):
            rank_year_before(provinces[RANKED], people)
        with progress("Hồ sơ huyện Đắk Hà"):
            walk(province, people, day)
        _price(cast["ke-hoach"], provinces)
        with progress("Kết quả"):
            results_of(province.cycle)
    names = {code: record.name for code, record in {**records, **made}.items()}
    return tuple(Entrance(seat.role, seat.username, passwords[seat.username], tell_where(seat, names)) for seat in CAST)


def _price(planner: Account, provinces: Mapping[str, Province]) -> None:
    """Keep the samples' made-up prices for all that is below a root: plans and budgets ask for some."""
    for framework_id, province in provinces.items():
        costs = sample_paths(framework_id).costs
        if costs is not None:
            cycle = province.cycle
            keep_prices(actor_of(planner), cycle, cycle.root, "don-gia-gia-dinh.csv", costs.read_bytes())
