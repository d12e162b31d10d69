"""Revocations as documents: rows become what the report takes."""

import datetime
from collections.abc import Collection

from certification.store.assessments import rulebook_of, units_of
from certification.store.drafts import Group
from certification.store.models.acts import Act
from reports.documents import KINDS
from reports.revocation import Revocation, Revoked, render_revocation


def draft_revocation(
    group: Group,
    earlier: Act,
    number: str,
    signed_on: datetime.date | None,
    signer: str,
    why: str,
    kinds: Collection[str] = KINDS,
) -> dict[str, bytes]:
    """The documents of the act that revokes ``earlier`` for ``group``, by file name; without ``number`` a draft."""
    units = units_of(group.cycle)
    issuer = units[group.body.code]
    stated = dict(earlier.units.values_list("dossier__unit__code", "level"))
    revocation = Revocation(
        rulebook=rulebook_of(group.cycle),
        cycle=group.cycle.year,
        issuer=issuer,
        superior=None if issuer.parent is None else units[issuer.parent],
        tier=group.tier,
        units=tuple(Revoked(units[code], stated.get(code)) for code in group.codes),
        earlier=earlier.number,
        earlier_on=earlier.signed_on,
        why=why,
        number=number,
        signed_on=signed_on,
        signer=signer,
    )
    stem = f"thu-hoi-{group.body.code}-{group.tier}-{group.cycle.year}"
    return {f"{stem}.{kind}": content for kind, content in render_revocation(revocation, kinds).items()}
