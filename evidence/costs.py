"""Costs: what raising a criterion costs, as ``costs.csv`` states it.

``costs.csv``: ``tier,criterion,fixed,per_unit`` and optionally ``office`` (who would do it). Raising a
criterion costs ``fixed`` once plus ``per_unit`` for every unit of its numerator that is missing; of a
presence one is missing. Amounts are exact decimals of đồng from 0 up.

Of an index ``criterion`` is the code of one input, as evidence writes it (``II.6.5:c``): a number costs
``per_unit`` for every unit more of it, a council's score for every point more, another option or a yes
``fixed + per_unit``. What stands only below the line of a quotient is a base: no plan raises it.
"""

import os
import re
from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from evidence.facts import Amount
from evidence.files import FilePath, read_rows, write_rows
from evidence.index_values import read_decimal, write_decimal
from evidence.inputs import find_quantities, name_inputs
from evidence.values import (
    MAX_DECIMALS,
    ONE_SEPARATOR,
    Flaw,
    Unreadable,
    fold,
    make_plain,
    quote,
    suggest_in,
    thousands_or_decimal,
)
from levels.faults import Findings, Text
from levels.framework import Criterion, Framework, Tier
from levels.index import Index, Indicator, IndicatorSet

COST_REQUIRED = ("tier", "criterion", "fixed", "per_unit")
COST_COLUMNS = (*COST_REQUIRED, "office")

Money = int | Fraction
"""An exact sum; whole ones are ``int``, for adding fractions is slow."""

_EXPECTED = Text(
    vi="cần số không âm, ví dụ 5000000 hoặc 12,5", en="expected a number from 0 up, such as 5000000 or 12.5"
)


@frozen
class Price:
    """What one criterion costs to raise, and the office that would do it ("" where the file names none)."""

    fixed: Money
    per_unit: Money
    office: str = ""

    def of(self, missing: Money) -> Money:
        """The cost of ``missing`` more of the numerator (of an index: of the input); nothing costs nothing."""
        return self.fixed + self.per_unit * missing if missing else 0


Costs = Mapping[tuple[Tier, str], Price]
"""Prices by tier and code of criterion (of an index: of input); one that is not there has none."""


def read_costs(path: FilePath, rulebook: Framework | Index) -> Costs:
    """The prices of a file under ``rulebook``.

    Raises ``Faulty`` with all faults: tiers and criteria that the rulebook does not have, criteria that
    follow from the member units and cannot be bought, an indicator of several inputs without the key of
    one, inputs that are bases, one priced twice, amounts that are missing, negative, no numbers, or can
    be read in two ways.
    """
    findings = Findings(os.fspath(path))
    prices: dict[tuple[Tier, str], Price] = {}
    rows: dict[tuple[Tier, str], int] = {}
    for row, (tier, code, fixed, per_unit, office) in read_rows(findings, COST_COLUMNS, COST_REQUIRED):
        amounts = [read_money(findings, row, *cell) for cell in (("fixed", fixed), ("per_unit", per_unit))]
        priced = _find_priced(findings, row, tier.casefold(), code, rulebook)
        if priced is None:
            continue
        key = Tier(tier.casefold()), priced
        if key in prices:
            first = rows[key]
            found = Text(vi=f"{code} đã có giá ở dòng {first}", en=f"{code} already has its costs in row {first}")
            findings.error(
                row, "criterion", found=found, expected=Text(vi="mỗi tiêu chí một dòng", en="expected it once")
            )
            continue
        prices[key] = Price(amounts[0], amounts[1], " ".join(office.split()))
        rows[key] = row
    findings.stop()
    return prices


def write_costs(path: FilePath, costs: Costs) -> None:
    """Write ``costs`` so that ``read_costs`` gives them back; the offices only where there are any."""
    columns = COST_COLUMNS if any(price.office for price in costs.values()) else COST_REQUIRED
    rows = (
        (str(tier), code, _write_amount(price.fixed), _write_amount(price.per_unit), price.office)[: len(columns)]
        for (tier, code), price in costs.items()
    )
    write_rows(path, columns, rows)


def _find_priced(findings: Findings, row: int, tier: str, code: str, rulebook: Framework | Index) -> str | None:
    """The code of what a row prices; None, with the fault noted."""
    if isinstance(rulebook, Index):
        return find_input(findings, row, tier, code, rulebook)
    criterion = find_criterion(findings, row, tier, code, rulebook)
    return None if criterion is None else criterion.code


def find_input(findings: Findings, row: int, tier: str, code: str, index: Index) -> str | None:
    """The code of the input that a row prices; None, with the fault noted, where there is none or it is a base."""
    if not _has_tier(findings, row, tier, index):
        return None
    criteria_set = index.sets[Tier(tier)]
    found = Text(vi=f"không có số liệu đầu vào {quote(code)}", en=f"there is no input {quote(code)}")
    if code in criteria_set.by_input:
        entry, key = criteria_set.by_input[code]
        if key not in bases(entry):
            return code
        found = Text(
            vi=f"{code} nằm ở mẫu số, kế hoạch không thay đổi mẫu số",
            en=f"{code} stands below the line of a quotient, and no plan changes a base",
        )
        expected = Text(vi="hãy xóa dòng này", en="remove this row")
    elif code in criteria_set.by_code:
        entry = criteria_set.by_code[code]
        count, inputs = len(entry.inputs), name_inputs(entry)
        found = Text(vi=f"{code} có {count} số liệu đầu vào", en=f"{code} has {count} inputs")
        expected = Text(vi=f"hãy ghi giá cho từng số liệu: {inputs}", en=f"price each of them: {inputs}")
    elif criteria_set.bonus is not None and code == criteria_set.bonus.code:
        found = Text(
            vi=f"{code} là điểm khuyến khích do Hội đồng quyết định, không có giá",
            en=f"{code} is a bonus that the council gives and has no price",
        )
        expected = Text(vi="hãy xóa dòng này", en="remove this row")
    else:
        expected = suggest_in(findings, f"criterion {tier}", code, lambda: _buyable(criteria_set))
    findings.error(row, "criterion", found=found, expected=expected)
    return None


def _buyable(criteria_set: IndicatorSet) -> list[str]:
    """The codes of the inputs that are no bases."""
    return [code for code, (entry, key) in criteria_set.by_input.items() if key not in bases(entry)]


def bases(indicator: Indicator) -> frozenset[str]:
    """The keys of the inputs that stand below the line of a quotient: no plan changes them."""
    return frozenset(key for quantity in find_quantities(indicator.scoring) for key in quantity.denominator)


def _has_tier(findings: Findings, row: int, tier: str, rulebook: Framework | Index) -> bool:
    """Whether the rulebook speaks of ``tier``; the fault is noted where it does not."""
    if tier in rulebook.sets:
        return True
    found = Text(vi=f"không có bộ tiêu chí cho cấp {quote(tier)}", en=f"there are no criteria for {quote(tier)}")
    findings.error(row, "tier", found=found, expected=suggest_in(findings, "tier", tier, lambda: rulebook.sets))
    return False


def find_criterion(findings: Findings, row: int, tier: str, code: str, framework: Framework) -> Criterion | None:
    """The criterion that a row prices; None, with the fault noted, where there is none or it cannot be bought."""
    if not _has_tier(findings, row, tier, framework):
        return None
    criteria = framework.sets[Tier(tier)].by_code
    if code not in criteria:
        found = Text(vi=f"không có tiêu chí {quote(code)}", en=f"there is no criterion {quote(code)}")
        findings.error(
            row, "criterion", found=found, expected=suggest_in(findings, f"criterion {tier}", code, lambda: criteria)
        )
        return None
    if criteria[code].kind == "members":
        found = Text(
            vi=f"{code} được tính từ mức của các đơn vị trực thuộc, không có giá riêng",
            en=f"{code} follows from the levels of the member units and has no costs of its own",
        )
        expected = Text(vi="hãy xóa dòng này", en="remove this row")
        findings.error(row, "criterion", found=found, expected=expected)
        return None
    return criteria[code]


def read_money(findings: Findings, row: int, column: str, text: str) -> Money:
    """The sum in a cell, exact and from 0 up; 0, with the fault noted, where there is none."""
    try:
        if not text:
            raise Unreadable([Flaw(column, Text(vi="ô trống", en="the cell is empty"), _EXPECTED)])
        return read_sum(text, _EXPECTED, column)
    except Unreadable as unreadable:
        for flaw in unreadable.flaws:
            findings.error(row, flaw.column, found=flaw.found, expected=flaw.expected)
        return 0


def read_sum(text: str, expected: Text, column: str) -> Money:
    """An exact sum from 0 up. Raises ``Unreadable`` for what is none, is written in words (``5 triệu``) or, as
    ``500.000`` does, could mean thousands or decimals; it says how to write what is meant.
    """
    plain = make_plain(text)
    if match := ONE_SEPARATOR.fullmatch(plain):
        raise Unreadable([thousands_or_decimal(column, text, match, _either_way(*match.groups()))])
    if _IN_WORDS.fullmatch(fold(text)):
        found = Text(vi=f"{quote(text)} viết bằng chữ", en=f"{quote(text)} is written in words")
        digits = Text(vi="hãy viết đủ các chữ số, ví dụ 5000000", en="write all digits, such as 5000000")
        raise Unreadable([Flaw(column, found, digits)])
    amount = read_decimal(text, expected, column=column)
    value = Fraction(amount.numerator, amount.denominator or 1)
    return value.numerator if value.denominator == 1 else value


_IN_WORDS = re.compile(r"[0-9][0-9.,]* ?(?:k|nghìn|ngàn|triệu|tr|tỷ|tỉ|million|billion|thousand)\b.*")


def _either_way(whole: str, _: str, rest: str) -> Text:
    """How to write the two readings of ``500.000``: 500000, or 500,0."""
    short = rest.rstrip("0") or "0"
    decimal = f"{whole},{short}{'0' if len(short) == len(rest) else ''}"
    thousands = Text(vi=f" ({whole} nghìn)", en=f" ({whole} thousand)") if not int(rest) else Text(vi="", en="")
    return Text(
        vi=f"hãy viết {whole}{rest}{thousands.vi} hoặc {decimal}",
        en=f"write {whole}{rest}{thousands.en} or {decimal.replace(',', '.')}",
    )


def _write_amount(amount: Money) -> str:
    return write_decimal(Amount(int(amount * 10**MAX_DECIMALS), 10**MAX_DECIMALS))
