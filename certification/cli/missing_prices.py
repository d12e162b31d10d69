"""What a file of costs lacks for a plan, as the rows to be added to it."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from certification.cli.speech import say

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from evidence.costs import Costs
    from levels.framework import Framework, Tier


def rows_missing(framework: "Framework", tiers: "Iterable[Tier]", costs: "Costs") -> list[str]:
    """The rows, without their sums, of all criteria of ``tiers`` that can be bought and have no price."""
    return [
        f"{tier},{criterion.code},,"
        for tier in dict.fromkeys(tiers)
        for criterion in framework.sets[tier].criteria
        if criterion.kind != "members" and (tier, criterion.code) not in costs
    ]


def tell_missing(path: str | None, rows: Iterable[str]) -> None:
    """Say on standard error how many prices are missing in the file ``path``, and print the rows to add."""
    lacking = list(rows)
    if path is None or not lacking:  # nobody adds rows to the sample
        return
    print(
        say(
            f"Lưu ý: {path} thiếu giá của {len(lacking)} mục; hãy thêm các dòng sau và điền số tiền"
            " (tier,criterion,fixed,per_unit):",
            f"Note: {path} lacks {len(lacking)} prices; add these rows and fill in the sums"
            " (tier,criterion,fixed,per_unit):",
        ),
        *lacking,
        sep="\n",
        file=sys.stderr,
    )
