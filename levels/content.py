"""The plain content of a framework: what its file, its digest and a sealed bundle hold.

``content`` and ``build`` are inverse: a framework built from its own content is the same framework.
Requirements and kinds are not content, they are read from the cells.
"""

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any

import attrs
import rfc8785

from levels.framework import (
    Act,
    CriteriaSet,
    Criterion,
    Deadline,
    Exemption,
    Framework,
    Group,
    Instrument,
    Interpretation,
    LevelName,
    NotApplicable,
    Tier,
)
from levels.requirements import read_requirement


def content(framework: Framework) -> dict[str, Any]:
    """The canonical plain content of ``framework``: text, whole numbers, lists and mappings."""
    acts = {str(act.tier): _act_content(act) for act in framework.acts}
    return {
        "id": framework.id,
        "version": framework.version,
        "kind": "recognition",
        "instrument": plain_of(framework.instrument),
        "recognise": framework.recognise,
        "levels": [plain_of(level) for level in framework.levels],
        "deadlines": [_deadline_content(deadline) for deadline in framework.deadlines],
        "sets": {str(tier): _set_content(criteria_set) for tier, criteria_set in framework.sets.items()},
        "interpretations": [plain_of(interpretation) for interpretation in framework.interpretations],
        **({"acts": acts} if acts else {}),
    }


def digest(data: Mapping[str, Any]) -> str:
    """``sha256:…`` over the canonical JSON (RFC 8785) of a framework's content."""
    return "sha256:" + hashlib.sha256(rfc8785.dumps(dict(data))).hexdigest()


def framework_as_json(framework: Framework) -> dict[str, Any]:
    """What ``certify framework show --format json`` prints: the decision's own words and what was read from them."""
    return {
        "id": framework.id,
        "version": framework.version,
        "instrument": plain_of(framework.instrument),
        "sets": {
            str(tier): {
                "groups": [{"code": group.code, "name": group.name} for group in criteria_set.groups],
                "criteria": [_criterion_as_json(criterion) for criterion in criteria_set.criteria],
            }
            for tier, criteria_set in framework.sets.items()
        },
        "interpretations": [
            {"id": i.id, "clause": i.clause, "reading": i.reading, "alternative": i.alternative}
            for i in framework.interpretations
        ],
    }


def _criterion_as_json(criterion: Criterion) -> dict[str, Any]:
    return {
        "code": criterion.code,
        "name": criterion.name,
        "unit": criterion.measure,
        "cells": list(criterion.cells),
        "requirements": [requirement.as_json() for requirement in criterion.requirements],
        "method": criterion.method,
        "basis": list(criterion.basis),
    }


def plain_of(value: Any) -> dict[str, Any]:
    """A frozen value as a mapping: dates as text, tuples as lists, what may be left out left out."""
    result: dict[str, Any] = {}
    for attribute in attrs.fields(type(value)):
        item = getattr(value, attribute.name)
        if item == attribute.default:
            continue
        if isinstance(item, datetime.date):
            item = item.isoformat()
        result[attribute.name] = list(item) if isinstance(item, tuple) else item
    return result


def _deadline_content(deadline: Deadline) -> dict[str, Any]:
    late = {"late": deadline.late} if deadline.late else {}
    return {
        "step": deadline.step,
        "name": deadline.name,
        "before": {"day": deadline.before_day, "month": deadline.before_month},
        "clause": deadline.clause,
        **late,
    }


def _act_content(act: Act) -> dict[str, Any]:
    plain = plain_of(act)
    del plain["tier"]
    return plain


def _set_content(criteria_set: CriteriaSet) -> dict[str, Any]:
    return {
        "annex": criteria_set.annex,
        "title": criteria_set.title,
        "stated_count": criteria_set.stated_count,
        "appraised_by": str(criteria_set.appraised_by),
        "groups": [
            {
                **plain_of(group),
                "criteria": [_criterion_content(c) for c in criteria_set.criteria if c.group == group.code],
            }
            for group in criteria_set.groups
        ],
    }


def _criterion_content(criterion: Criterion) -> dict[str, Any]:
    plain = plain_of(attrs.evolve(criterion, exemption=None))
    del plain["requirements"], plain["kind"]
    return plain if criterion.exemption is None else {**plain, "exemption": plain_of(criterion.exemption)}


def build(data: Mapping[str, Any]) -> Framework:
    """The framework of content that the loader has found free of faults."""
    levels = tuple(LevelName(**plain) for plain in data["levels"])
    instrument = data["instrument"]
    framework = Framework(
        id=data["id"],
        version=data["version"],
        instrument=Instrument(
            **{
                **instrument,
                "signed_on": datetime.date.fromisoformat(instrument["signed_on"]),
                "in_force": datetime.date.fromisoformat(instrument["in_force"]),
                "basis": tuple(instrument["basis"]),
            }
        ),
        recognise=data["recognise"],
        levels=levels,
        sets={Tier(tier): _build_set(Tier(tier), plain, levels) for tier, plain in data["sets"].items()},
        interpretations=tuple(
            Interpretation(**{**plain, "criteria": tuple(plain.get("criteria", ()))})
            for plain in data["interpretations"]
        ),
        deadlines=tuple(_build_deadline(plain) for plain in data["deadlines"]),
        acts=tuple(
            Act(**{**plain, "tier": Tier(tier), "recipients": tuple(plain["recipients"])})
            for tier, plain in data.get("acts", {}).items()
        ),
    )
    return attrs.evolve(framework, digest=digest(content(framework)))


def _build_deadline(plain: Mapping[str, Any]) -> Deadline:
    before = plain["before"]
    return Deadline(
        plain["step"], plain["name"], before["day"], before["month"], plain["clause"], plain.get("late", "")
    )


def _build_set(tier: Tier, plain: Mapping[str, Any], levels: tuple[LevelName, ...]) -> CriteriaSet:
    return CriteriaSet(
        tier=tier,
        annex=plain["annex"],
        title=plain["title"],
        stated_count=plain["stated_count"],
        appraised_by=Tier(plain["appraised_by"]),
        groups=tuple(Group(group["code"], group["name"], group["stated_count"]) for group in plain["groups"]),
        criteria=tuple(
            _build_criterion(criterion, levels) for group in plain["groups"] for criterion in group["criteria"]
        ),
    )


def _build_criterion(plain: Mapping[str, Any], levels: tuple[LevelName, ...]) -> Criterion:
    requirements = tuple(read_requirement(cell, levels) for cell in plain["cells"])
    exemption = plain.get("exemption")
    return Criterion(
        code=plain["code"],
        name=plain["name"],
        measure=plain["measure"],
        cells=tuple(plain["cells"]),
        requirements=requirements,
        method=plain["method"],
        basis=tuple(plain["basis"]),
        kind=next(requirement.kind for requirement in requirements if not isinstance(requirement, NotApplicable)),
        valid_cycles=plain.get("valid_cycles", 1),
        exemption=None if exemption is None else Exemption(**exemption),
    )
