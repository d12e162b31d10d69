"""Revocations as documents: rows become what the report takes."""

import datetime
from collections.abc import Collection, Mapping

from certification.bundle import digest
from certification.issuing import software
from certification.revocation_bundle import FORMAT, SUFFIX, SealedRevocation, Withdrawn, seal_revocation
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
    return {f"{_stem(group)}.{kind}": content for kind, content in render_revocation(revocation, kinds).items()}


def seal_revocation_of(
    group: Group, earlier: Act, files: Mapping[str, bytes], number: str, signed_on: datetime.date, signer: str, why: str
) -> tuple[str, dict[str, bytes]]:
    """The seal of a signed revocation whose documents are ``files``, and these with its bundle."""
    units, rulebook = units_of(group.cycle), rulebook_of(group.cycle)
    stated = dict(earlier.units.values_list("dossier__unit__code", "level"))
    mark, bundle = seal_revocation(
        SealedRevocation(
            format=FORMAT,
            software=software(),
            rulebook=rulebook.id,
            rulebook_digest=rulebook.digest,
            cycle=group.cycle.year,
            issuer=units[group.body.code],
            number=number,
            signed_on=signed_on.isoformat(),
            signer=signer.strip(),
            why=why.strip(),
            earlier=earlier.number,
            earlier_on=earlier.signed_on.isoformat(),
            earlier_seal=earlier.seal,
            units=tuple(Withdrawn(units[code], stated.get(code)) for code in group.codes),
            documents={name: digest(content) for name, content in files.items()},
        )
    )
    return mark, {**files, f"{_stem(group)}{SUFFIX}": bundle}


def _stem(group: Group) -> str:
    return f"thu-hoi-{group.body.code}-{group.tier}-{group.cycle.year}"
