"""The sealed bundle: one decision with everything it rests on, and its verification offline.

A bundle is one file of canonical JSON (RFC 8785) under a SHA-256 seal. It holds the rulebook, the
facts with their statuses and document hashes, the verdicts with their justification graph, the
digests of the decisions it rests on and the hashes of the documents that were rendered. A bundle
proves that nothing was changed since it was sealed and that the law, applied to these facts,
gives these levels; who sealed it is a matter of signatures, which it does not carry.
"""

import contextlib
import datetime
import hashlib
import json
import stat
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import networkx as nx
import rfc8785
from attrs import frozen
from cattrs.gen import make_dict_unstructure_fn, override
from cattrs.preconf.json import make_converter

from evidence.facts import Fact
from evidence.units import Unit
from levels.faults import Fault, Faulty, Text, reason_of
from levels.framework import Tier
from levels.loader import content as framework_content
from rules.trace import trace
from rules.verdict import Decision, Levels, Member, Recognition, Standing, Verdict, recognise

FORMAT = "certify-decision/1"
MAX_BYTES = 512 * 2**20
SUFFIX = ".bundle.json"

_Content = TypeVar("_Content")


@frozen
class FoundLevel:
    """What the verdict says of one criterion."""

    criterion: str
    levels: Levels
    standing: Standing
    rules: tuple[str, str, str]


@frozen
class Assessed:
    """One unit with its facts, the members it reads, and its verdict."""

    unit: Unit
    facts: tuple[Fact, ...]
    members: tuple[Member, ...]
    levels: Levels
    criteria: tuple[FoundLevel, ...]


@frozen
class Sealed:
    """What the seal covers."""

    format: str
    software: str
    framework: dict[str, Any]  # canonical content of the rulebook
    framework_digest: str
    cycle: int
    issuer: Unit
    superior: Unit | None
    tier: Tier
    provisional: tuple[Text, ...]
    number: str
    signed_on: str
    signer: str
    minutes: str
    closed: bool
    synthetic: bool
    units: tuple[Assessed, ...]  # the units the decision is about
    below: tuple[Assessed, ...]  # members whose computed level was read: no decision of theirs existed
    rests_on: tuple[str, ...]  # seals of the decisions that recognised the members
    justification: dict[str, Any]  # the justification graph, node-link
    documents: dict[str, str]  # file name → "sha256:…" of the rendered documents


converter = make_converter(forbid_extra_keys=True)
# Rows of decisions know no rounds: what was sealed before there were any keeps its seal.
converter.register_unstructure_hook(
    Fact, make_dict_unstructure_fn(Fact, converter, round=override(omit_if_default=True))
)


def _strict(value: Any, kind: type) -> Any:
    # cattrs would turn "7" and 7.0 into 7: a decision takes no value of another type.
    if type(value) is not (str if issubclass(kind, StrEnum) else kind):
        raise TypeError(f"{value!r} is not of type {kind.__name__}")
    return kind(value)


for _kind in (int, str, bool):
    converter.register_structure_hook(_kind, _strict)


def digest(data: bytes) -> str:
    """``sha256:…`` of some bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def seal(
    decision: Decision, verdicts: Mapping[str, Verdict], documents: Mapping[str, bytes], software: str
) -> tuple[str, bytes]:
    """The seal and the bytes of a decision's bundle.

    ``verdicts`` by unit code must hold those of every member whose computed level was read;
    ``documents`` are the rendered files by name.
    """
    below = [
        verdicts[member.unit.code]
        for verdict in decision.verdicts
        for member in verdict.members
        if member.recognition is None
    ]
    rests_on = {m.recognition.decision: None for verdict in decision.verdicts for m in verdict.members if m.recognition}
    sealed = Sealed(
        format=FORMAT,
        software=software,
        framework=framework_content(decision.framework),
        framework_digest=decision.framework.digest,
        cycle=decision.cycle,
        issuer=decision.issuer,
        superior=decision.superior,
        tier=decision.tier,
        provisional=decision.provisional,
        number=decision.number,
        signed_on=decision.signed_on.isoformat() if decision.signed_on else "",
        signer=decision.signer,
        minutes=decision.minutes,
        closed=decision.closed,
        synthetic=decision.synthetic,
        units=tuple(_assessed(verdict) for verdict in decision.verdicts),
        below=tuple(_assessed(verdict) for verdict in below),
        rests_on=tuple(rests_on),
        justification=justification([*below, *decision.verdicts]),
        documents={name: digest(data) for name, data in documents.items()},
    )
    return close_bundle(sealed)


def close_bundle(covered: object) -> tuple[str, bytes]:
    """The seal of what a bundle of any kind covers, and the bytes of the bundle: canonical JSON (RFC 8785)."""
    content = converter.unstructure(covered)
    mark = digest(rfc8785.dumps(content))
    return mark, rfc8785.dumps({"content": content, "seal": mark})


def seal_of(covered: object) -> str:
    """The seal that a bundle of any kind must carry for what it covers."""
    return digest(rfc8785.dumps(converter.unstructure(covered)))


def _assessed(verdict: Verdict) -> Assessed:
    return Assessed(
        unit=verdict.unit,
        facts=tuple(found.fact for found in verdict.criteria if found.fact is not None),
        members=verdict.members,
        levels=verdict.levels,
        criteria=tuple(FoundLevel(c.code, c.levels, c.standing, c.rules) for c in verdict.criteria),
    )


def justification(verdicts: Iterable[Verdict]) -> dict[str, Any]:
    plain: dict[str, Any] = nx.node_link_data(trace(verdicts), edges="edges")
    return plain


def read_bundle(path: Path, name: str) -> tuple[str, Sealed]:
    """The seal a bundle carries and what it covers; ``name`` is how faults call the file.

    Raises ``Faulty`` where the file is no bundle of a decision. Whether it is *true* is for ``verify``.
    """
    return read_sealed(path, name, {FORMAT: Sealed})


def read_format(path: Path, name: str) -> str:
    """The format that a file states: of a decision's bundle or of a ranking's; "" where it states none.

    Raises ``Faulty`` where the file cannot be read.
    """
    try:
        stated = json.loads(_read_bytes(path, name).decode("utf-8"))["content"]["format"]
    except Faulty:
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong in a hostile file: reading it as a bundle says so
        return ""
    return stated if isinstance(stated, str) else ""


def read_sealed(path: Path, name: str, kinds: Mapping[str, type[_Content]]) -> tuple[str, _Content]:
    """The seal a file carries and what it covers: a value of the kind that ``kinds`` gives for its format.

    Raises ``Faulty`` where the file cannot be read, holds something else or is not canonical.
    """
    data = _read_bytes(path, name)
    nothing = Text(vi="nội dung không phải gói quyết định", en="the content is not that of a decision bundle")
    try:
        plain = json.loads(data.decode("utf-8"))
        stated = _strict(plain["content"]["format"], str)
    except Exception as error:  # whatever is wrong in a hostile file, it is not a bundle
        raise refuse_file(name, nothing) from error
    if stated not in kinds:
        raise refuse_file(
            name, Text(vi=f"định dạng «{stated}» không đọc được", en=f"the format «{stated}» is not known")
        )
    try:
        content = converter.structure(plain["content"], kinds[stated])
        canonical = rfc8785.dumps({"content": plain["content"], "seal": plain["seal"]})
        mark = _strict(plain["seal"], str)
    except Exception as error:  # likewise
        raise refuse_file(name, nothing) from error
    if canonical != data:
        raise refuse_file(
            name,
            Text(
                vi="các byte của tệp không ở dạng chuẩn RFC 8785: tệp đã bị sửa",
                en="the file's bytes are not canonical (RFC 8785): it was changed",
            ),
        )
    return mark, content


def refuse_file(name: str, found: Text) -> Faulty:
    """That a file is no bundle."""
    expected = Text(
        vi="cần một gói quyết định do «certify decide» hoặc «certify publish» tạo ra",
        en="a bundle written by «certify decide» or «certify publish» is expected",
    )
    return Faulty([Fault(name, 1, 1, found, expected)])


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            # would block, or never end
            raise refuse_file(name, Text(vi="không phải là tệp thường", en="this is not a regular file"))
        if found.st_size > MAX_BYTES:
            raise refuse_file(name, Text(vi="tệp quá lớn", en="the file is too large"))
        return path.read_bytes()
    except OSError as error:
        why = reason_of(error)
        unread = Text(vi=f"không đọc được tệp ({why.vi})", en=f"the file cannot be read ({why.en})")
        raise refuse_file(name, unread) from error


def bundles_in(paths: Iterable[Path]) -> dict[str, Path]:
    """The bundles among files and folders, by the seal each carries.

    Raises ``Faulty`` for a file named that is no bundle; a folder is searched for ``*.bundle.json``.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for bundle in sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]:
            found[read_bundle(bundle, str(bundle))[0]] = bundle
    return found


def bundles_beside(bundle: Path, others: Iterable[Path]) -> dict[str, Path]:
    """The bundles among ``others`` and those beside ``bundle``, by the seal each carries.

    What lies beside it by chance and is no bundle is passed over; raises ``Faulty`` for ``others``.
    """
    found: dict[str, Path] = {}
    for path in sorted(bundle.parent.glob(f"*{SUFFIX}")):
        with contextlib.suppress(Faulty):
            found[read_bundle(path, str(path))[0]] = path
    return {**found, **bundles_in(others)}


def recognitions_in(mark: str, sealed: Sealed) -> dict[str, Recognition]:
    """What a sealed decision, whose seal is ``mark``, recognises: by unit."""
    signed_on = read_day(sealed.signed_on)
    final = bool(sealed.number) and signed_on is not None and not sealed.provisional
    capped = sealed.framework["recognise"] == "at_most_registered"
    found = {}
    for assessed in sealed.units:
        unit, computed = assessed.unit, assessed.levels
        stated = min(computed.level, unit.registered) if capped and unit.registered is not None else computed.level
        found[unit.code] = recognise(unit.code, computed, stated, mark, sealed.number, signed_on, final=final)
    return found


def read_day(text: str) -> datetime.date | None:
    """The day that a bundle states, as ``seal`` writes it; None for another spelling or no day at all."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:  # a decision that is not signed, or whose date was forged
        return None
    return day if day.isoformat() == text else None
