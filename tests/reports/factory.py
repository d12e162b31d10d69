"""Verdicts and decisions for the tests of this room, decided by the real rule base on the real rulebook."""

import datetime
import functools
from collections.abc import Mapping

from attrs import evolve

from evidence.facts import SYNTHETIC, Amount, Document, Fact, Status
from evidence.units import Unit
from levels.faults import Text
from levels.framework import Count, Criterion, Framework, Interpretation, NotApplicable, Ratio, Tier
from levels.loader import load_framework
from rules.decide import decide
from rules.verdict import Decision, Member, Verdict, recognise

CYCLE = 2025
PROVINCE = Unit("62", "Tỉnh Kon Tum", Tier.PROVINCE)
DISTRICT = Unit("615", "Huyện Đắk Hà", Tier.DISTRICT, "62", registered=3)
CITY = Unit("608", "Thành phố Kon Tum", Tier.DISTRICT, "62", registered=4)


@functools.cache
def framework() -> Framework:
    """The real rulebook, with two short readings in place of its own, so that printed ones can be compared."""
    return evolve(
        load_framework("kon-tum-121-2025"),
        interpretations=(
            Interpretation("unit-level-lowest", "Mục II.2", "Mức của đơn vị là mức thấp nhất.", "Mức trung bình."),
            Interpretation("ocop", "Phụ lục 01, II.3", "(nếu có): được miễn.", "Tính là chưa đạt.", ("commune/II.3",)),
            Interpretation("members", "Phụ lục 02, I.1", "Một nửa của 7 xã là 4.", "Là 3.", ("district/I.1",)),
        ),
    )


def commune(code: str = "23503", name: str = "Xã Đắk Hring", registered: int | None = 3) -> Unit:
    return Unit(code, name, Tier.COMMUNE, DISTRICT.code, registered)


def enough(criterion: Criterion, level: int) -> Amount:
    """A value that meets ``level`` of a criterion and, where levels differ, no higher one."""
    requirement = criterion.requirements[level - 1]
    if isinstance(requirement, Ratio):
        return Amount(100 * requirement.numerator // requirement.denominator, 100)
    if isinstance(requirement, Count):
        return Amount(requirement.at_least, 9 if criterion.needs_total else None)
    if isinstance(requirement, NotApplicable):
        return Amount(0, {"ratio": 100, "count": 9 if criterion.needs_total else None}.get(criterion.kind))
    return Amount(1)


def dossier(
    unit: Unit, level: int, status: Status = Status.VERIFIED, source: str = "Cổng dịch vụ công cấp tỉnh"
) -> dict[str, Fact]:
    """Facts that bring a unit to exactly ``level``, each with a document."""
    return {
        criterion.code: Fact(
            unit.code,
            criterion.code,
            status,
            amount=enough(criterion, level),
            documents=(Document(f"Báo cáo số {index:02d}/BC-UBND", "ab" * 32 if index == 1 else None),),
            source=source,
            cycle=CYCLE,
        )
        for index, criterion in enumerate(framework().sets[unit.tier].criteria, start=1)
        if criterion.kind != "members"
    }


def verdict(unit: Unit, facts: Mapping[str, Fact], members: tuple[Member, ...] = ()) -> Verdict:
    return decide(framework(), unit, facts, CYCLE, members)


def fact(unit: Unit, code: str, status: Status, numerator: int | None = None, denominator: int | None = None,
         **more: object) -> Fact:  # fmt: skip
    amount = None if numerator is None else Amount(numerator, denominator)
    return Fact(unit.code, code, status, amount=amount, **{"cycle": CYCLE, **more})  # type: ignore[arg-type]


def every_kind(unit: Unit) -> Verdict:
    """One commune in whose dossier every kind of knowing and not-knowing occurs."""
    facts = dossier(unit, 3)
    facts["I.2"] = fact(unit, "I.2", Status.VERIFIED, 74, 104)
    facts["I.3"] = fact(unit, "I.3", Status.SELF_REPORTED, 95, 100)
    facts["I.6"] = fact(unit, "I.6", Status.SELF_REPORTED, 6, 9)
    facts["I.7"] = fact(unit, "I.7", Status.ADJUSTED, 1, reported=Amount(2), note="một người đã chuyển công tác")
    facts["I.8"] = fact(unit, "I.8", Status.REJECTED, 20, 20, note="không có biên bản bàn giao máy tính")
    facts["I.11"] = fact(unit, "I.11", Status.VERIFIED, 3, 3, measured_on=datetime.date(2023, 5, 9))
    facts["II.3"] = fact(unit, "II.3", Status.EXEMPT, note="địa phương không có sản phẩm OCOP")
    facts["III.1"] = fact(unit, "III.1", Status.VERIFIED, 6996, 10_000)
    facts["III.7"] = fact(unit, "III.7", Status.VERIFIED, 0, 0)
    del facts["I.10"]
    facts["I.18"] = fact(unit, "I.18", Status.VERIFIED, 0)
    return verdict(unit, facts)


def member(unit: Unit, level: int, recognised: str | None = None, *, provisional: bool = False) -> Member:
    computed = verdict(unit, dossier(unit, level) if level else {})
    recognition = (
        recognise(
            unit.code,
            computed.levels,
            level,
            recognised,
            "12/QĐ-UBND",
            datetime.date(2025, 12, 18),
            final=not provisional,
        )
        if recognised
        else None
    )
    return Member(unit, computed.levels, recognition)


def district_decision(
    *, synthetic: bool = False, provisional: tuple[Text, ...] = (), name: str | None = None, open_number: bool = True
) -> Decision:
    """A district's people's committee recognises four communes, one of which has reached nothing."""
    source = f"{SYNTHETIC}; Cổng dịch vụ công" if synthetic else "Cổng dịch vụ công"
    units = (
        commune("23500", "Thị trấn Đắk Hà", 4),
        commune("23503", name or "Xã Đắk Hring", 3),
        commune("23504", "Xã Ngọk Réo", None),
        commune("23506", "Xã Đăk Pxi", 1),
    )
    reached = (4, 3, 3, 0)
    verdicts = tuple(
        verdict(unit, dossier(unit, level, source=source) if level else _little(unit))
        for unit, level in zip(units, reached, strict=True)
    )
    return Decision(
        framework=framework(),
        cycle=CYCLE,
        issuer=DISTRICT,
        superior=PROVINCE,
        tier=Tier.COMMUNE,
        verdicts=verdicts,
        provisional=provisional,
        number="" if open_number else "1234",
        signed_on=None if open_number else datetime.date(2025, 12, 18),
        signer="" if open_number else "Nguyễn Văn Đông",
        minutes=""
        if open_number
        else "Biên bản số 05/BB-HĐTĐ ngày 12 tháng 12 năm 2025 của Hội đồng thẩm định cấp huyện",
        synthetic=synthetic,
    )


def _little(unit: Unit) -> dict[str, Fact]:
    return dossier(unit, 2) | {
        "I.1": fact(unit, "I.1", Status.VERIFIED, 49, 100),
        "I.2": fact(unit, "I.2", Status.REJECTED, 30, 100, note="không khớp hệ thống giám sát"),
        "III.4": fact(unit, "III.4", Status.SELF_REPORTED, 300, 500),
        "III.6": Fact(unit.code, "III.6", Status.UNKNOWN),
    }


def district_verdict(levels: tuple[int, ...] = (4, 3, 3, 1), own: int = 4) -> Verdict:
    names = ("Thị trấn Đắk Hà", "Xã Đắk Hring", "Xã Ngọk Réo", "Xã Đăk Pxi", "Xã Đăk La", "Xã Hà Mòn")
    units = [commune(f"235{index:02d}", name) for index, name in enumerate(names[: len(levels)])]
    members = tuple(
        member(unit, level, "sha256:" + "0123456789abcdef" * 4 if index == 0 else None)
        for index, (unit, level) in enumerate(zip(units, levels, strict=True))
    )
    return verdict(DISTRICT, dossier(DISTRICT, own), members)


def province_decision(*, provisional: tuple[Text, ...] = ()) -> Decision:
    """The provincial people's committee recognises two districts."""
    return Decision(
        framework=framework(),
        cycle=CYCLE,
        issuer=PROVINCE,
        superior=None,
        tier=Tier.DISTRICT,
        verdicts=(
            district_verdict(),
            verdict(CITY, dossier(CITY, 4), (member(commune("23281", "Phường Quang Trung"), 4),)),
        ),
        provisional=provisional,
        number="900/QĐ-UBND",
        signed_on=datetime.date(2025, 2, 5),
        signer="Trần Thị Ưng",
        minutes="Biên bản số 02/BB-HĐTĐ ngày 14 tháng 12 năm 2025 của Hội đồng thẩm định cấp tỉnh;",
    )
