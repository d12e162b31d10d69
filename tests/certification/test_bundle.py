"""A sealed decision is recomputed from what it holds; whatever was changed in it is found."""

import datetime
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from attrs import evolve

import rules.decide
from certification.bundle import (
    SUFFIX,
    FoundLevel,
    Sealed,
    bundles_beside,
    bundles_in,
    converter,
    digest,
    justification,
)
from certification.decisions import NotRecognisable, Signing, unsettled
from certification.hierarchy import Assessment, evaluate
from certification.issuing import Issued, file_stem, issue
from certification.verification import read_recognitions, verify
from evidence.facts import SYNTHETIC, Amount
from levels.faults import Faulty
from levels.loader import framework_from_content
from rules import engine
from rules.verdict import Decision, as_triple
from tests.certification.test_hierarchy import province
from tests.rules.dossiers import CYCLE, fact, kon_tum

UNSIGNED = Signing()
SIGNED = Signing(number="12/QĐ-UBND", signed_on=datetime.date(CYCLE, 12, 18))
UNITS = province([3, 4]).units
COMMUNES, DISTRICTS = "quyet-dinh-610-commune-2025", "quyet-dinh-62-district-2025"


def render(decision: Decision, _: object) -> dict[str, bytes]:
    return {f"{file_stem(decision)}.html": f"<p>{decision.issuer.name} {len(decision.verdicts)}</p>".encode()}


def decided(assessment: Assessment, codes: list[str] | None = None, signing: Signing = SIGNED) -> list[Issued]:
    verdicts = {verdict.unit.code: verdict for verdict in evaluate(assessment)}
    return list(issue(assessment, verdicts, codes or list(verdicts), signing, render))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The decisions on a small province: one on its communes, one on its district."""
    for name, content in small_province().items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@cache
def small_province() -> dict[str, bytes]:
    return {name: content for issued in decided(province([3, 4])) for name, content in issued.files.items()}


def doubts(path: Path) -> list[str]:
    return [f.text.en for f in verify(path, path.name, bundles_beside(path, ())) if f.agrees is False]


def test_what_was_sealed_verifies_without_the_rule_engine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the verifier asked the rule engine")

    monkeypatch.setattr(engine, "conclude", refuse)
    assert doubts(folder / (COMMUNES + SUFFIX)) == []
    assert doubts(folder / (DISTRICTS + SUFFIX)) == []


def test_the_same_decision_gives_the_same_bytes() -> None:
    first, second = (
        [content for issued in decided(province([3, 4])) for content in issued.files.values()] for _ in range(2)
    )
    assert first == second


def test_the_district_s_decision_rests_on_that_of_its_communes(folder: Path) -> None:
    lower, upper = (json.loads((folder / (name + SUFFIX)).read_bytes()) for name in (COMMUNES, DISTRICTS))
    assert upper["content"]["rests_on"] == [lower["seal"]]
    assert upper["content"]["below"] == []
    (folder / (COMMUNES + SUFFIX)).unlink()
    assert doubts(folder / (DISTRICTS + SUFFIX)) == [
        f"The bundle {lower['seal']} that this decision rests on is missing: it cannot be confirmed."
    ]


def test_an_unsigned_draft_recognises_nothing_yet(tmp_path: Path) -> None:
    lower, upper = decided(province([3, 4]), signing=UNSIGNED)
    assert lower.decision.provisional == ()  # nothing is open but the signature
    [member, _] = upper.decision.verdicts[0].members
    assert member.provisional
    assert [text.en for text in upper.decision.provisional] == [
        "Huyện 0 (610): no final decision of this cycle yet on Xã 0, Xã 1"
    ]
    for issued in (lower, upper):
        for name, content in issued.files.items():
            (tmp_path / name).write_bytes(content)
    assert doubts(tmp_path / (DISTRICTS + SUFFIX)) == []


def test_a_provisional_draft_takes_nothing_from_what_is_claimed_or_possible() -> None:
    assessment = province([3, 4])
    own = {code: known for code, known in assessment.facts["23000"].items() if code != "I.2"}
    lower, upper = decided(evolve(assessment, facts={**assessment.facts, "23000": own}))
    assert lower.decision.provisional
    assert as_triple(upper.decision.verdicts[0].levels) == (0, 0, 4)


def test_a_district_decided_before_its_communes_carries_their_facts(tmp_path: Path) -> None:
    [issued] = decided(province([3, 4]), ["610"])
    assert [text.en for text in issued.decision.provisional] == [
        "Huyện 0 (610): no final decision of this cycle yet on Xã 0, Xã 1"
    ]
    path = tmp_path / (DISTRICTS + SUFFIX)
    path.write_bytes(issued.files[path.name])
    assert doubts(path) == []
    assert change(path, lambda c: c["below"][0]["facts"].pop())


def change(path: Path, alter: Callable[[Any], object]) -> list[str]:
    """Alter a bundle's content and seal it again, as somebody who knows the format would."""
    bundle = json.loads(path.read_bytes())
    alter(bundle["content"])
    bundle["seal"] = digest(rfc8785.dumps(bundle["content"]))
    path.write_bytes(rfc8785.dumps(bundle))
    return doubts(path)


def fact_of(content: Any, code: str) -> Any:
    return next(known for known in content["units"][0]["facts"] if known["criterion"] == code)


def swap_communes(content: Any) -> None:
    first, second = content["units"]
    first["unit"], second["unit"] = second["unit"], first["unit"]


CHANGES: dict[str, Callable[[Any], object]] = {
    "a fact's value": lambda c: fact_of(c, "I.2")["amount"].update(numerator=1),
    "a fact's status": lambda c: fact_of(c, "I.2").update(status="rejected"),
    "a missing fact": lambda c: c["units"][0]["facts"].pop(3),
    "a fact twice": lambda c: c["units"][0]["facts"].append(c["units"][0]["facts"][0]),
    "a fact of another unit": lambda c: fact_of(c, "I.2").update(unit="23001"),
    "a fact on an unknown criterion": lambda c: fact_of(c, "I.2").update(criterion="IX.9"),
    "a document": lambda c: fact_of(c, "I.2")["documents"][0].update(reference="other"),
    "no document": lambda c: fact_of(c, "I.2").update(documents=[]),
    "the level": lambda c: c["units"][0]["levels"].update(level=4),
    "a criterion's level": lambda c: c["units"][0]["criteria"][0]["levels"].update(level=2),
    "a criterion's standing": lambda c: c["units"][0]["criteria"][0].update(standing="exempt"),
    "a criterion left out": lambda c: c["units"][0]["criteria"].pop(0),
    "a criterion too many": lambda c: c["units"][0]["criteria"].append(
        c["units"][0]["criteria"][0] | {"criterion": "IX.9"}
    ),
    "a rule that fired": lambda c: c["units"][0]["criteria"][0]["rules"].__setitem__(0, "I.1/L0"),
    "the rulebook's text": lambda c: c["framework"].update(version="9.9"),
    "the rulebook's digest": lambda c: c.update(framework_digest="sha256:00"),
    "swapped communes": swap_communes,
    "the justification graph": lambda c: c["justification"]["edges"].pop(),
    "a reason to be provisional": lambda c: c.update(provisional=[{"vi": "x", "en": "x"}]),
    "a rendered document": lambda c: c["documents"].update({COMMUNES + ".html": "sha256:00"}),
    "a decision it does not rest on": lambda c: c["rests_on"].append("sha256:00"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_bundle_is_found_even_when_it_is_sealed_again(folder: Path, what: str) -> None:
    assert change(folder / (COMMUNES + SUFFIX), CHANGES[what]), what


MEMBER_CHANGES: dict[str, Callable[[Any], object]] = {
    "a member's level": lambda c: c["units"][0]["members"][0]["levels"].update(level=5),
    "a member's recognised level": lambda c: c["units"][0]["members"][0]["recognition"]["levels"].update(level=5),
    "a member left out": lambda c: c["units"][0]["members"].pop(0),
    "a member swapped": lambda c: c["units"][0]["members"][0]["unit"].update(code="23999"),
    "a member said to be computed": lambda c: c["units"][0]["members"][0].update(recognition=None),
    "another decision": lambda c: c["units"][0]["members"][0]["recognition"].update(decision="sha256:00"),
    "a provisional recognition": lambda c: c["units"][0]["members"][0]["recognition"].update(provisional=True),
}


@pytest.mark.parametrize("what", MEMBER_CHANGES)
def test_a_district_s_members_are_those_its_communes_decision_states(folder: Path, what: str) -> None:
    assert change(folder / (DISTRICTS + SUFFIX), MEMBER_CHANGES[what]), what


def forge(path: Path, alter: Callable[[Any], object]) -> list[str]:
    """Alter a bundle and make all that follows agree again, as somebody who has this software would."""
    content = json.loads(path.read_bytes())["content"]
    alter(content)
    sealed = converter.structure(content, Sealed)
    framework = framework_from_content(sealed.framework, "forged")
    rebuilt = {}
    for part in ("below", "units"):
        for plain, assessed in zip(content[part], getattr(sealed, part), strict=True):
            facts = {fact.criterion: fact for fact in assessed.facts}
            members = assessed.members
            verdict = rules.decide.decide(framework, assessed.unit, facts, sealed.cycle, members)
            rebuilt[assessed.unit.code] = verdict
            plain["levels"] = converter.unstructure(verdict.levels)
            plain["criteria"] = converter.unstructure(
                [FoundLevel(c.code, c.levels, c.standing, c.rules) for c in verdict.criteria]
            )
    verdicts = [rebuilt[assessed.unit.code] for assessed in (*sealed.below, *sealed.units)]
    content["framework_digest"] = framework.digest
    content["justification"] = justification(verdicts)
    content["provisional"] = converter.unstructure(unsettled(verdicts[len(sealed.below) :], closed=sealed.closed))
    path.write_bytes(rfc8785.dumps({"content": content, "seal": digest(rfc8785.dumps(content))}))
    return doubts(path)


def exempt_all(content: Any) -> None:
    for known in content["units"][0]["facts"]:
        known.update(status="exempt", note="x")


def loosen(content: Any) -> None:
    for group in content["framework"]["sets"]["commune"]["groups"]:
        for criterion in group["criteria"]:
            criterion["cells"] = ["1%" if cell.endswith("%") else cell for cell in criterion["cells"]]


FORGERIES: dict[str, tuple[Callable[[Any], object], str]] = {
    "exemptions that the law does not know": (exempt_all, "I.1 cannot be exempted"),
    "a loosened law": (loosen, "is none of those known"),
    "a law of one's own": (lambda c: c["framework"].update(id="my-law"), "is none of those known"),
    "more than all": (lambda c: fact_of(c, "I.2")["amount"].update(numerator=2000), "the value 2000/1000 is imp"),
    "another committee": (lambda c: c["issuer"].update(code="611"), "is not among the units below"),
    "a unit from elsewhere": (lambda c: c["units"][0]["unit"].update(parent="611"), "is not among the units below"),
    "a unit twice": (lambda c: c["units"].append(c["units"][0]), "is counted 2 times"),
    "another unit above": (lambda c: c["superior"].update(code="63"), "the unit above it does not match"),
    "no unit at all": (lambda c: c.update(units=[]), "is about no unit"),
    "no day": (lambda c: c.update(signed_on="2025-02-30"), "is not a day"),
    "made-up facts": (lambda c: fact_of(c, "I.2").update(source=SYNTHETIC), "synthetic data without saying so"),
    "a registered level": (lambda c: c["units"][0]["unit"].update(registered=9), "registered level is impossible"),
    "a name that clears the screen": (lambda c: c["units"][0]["unit"].update(name="\x1b[2J"), "the name or the"),
    "a document elsewhere": (lambda c: c["documents"].update({"../../x": "sha256:0"}), "is no name of a file"),
    "documents left out": (lambda c: c.update(documents={}), "is not of the sealed decision"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forger_who_makes_everything_agree_is_found_by_what_the_law_does_not_allow(folder: Path, what: str) -> None:
    alter, said = FORGERIES[what]
    [*found] = forge(folder / (COMMUNES + SUFFIX), alter)
    assert any(said in text for text in found), found


MEMBER_FORGERIES: dict[str, tuple[Callable[[Any], object], str]] = {
    "a member twice": (lambda c: c["units"][0]["members"].append(c["units"][0]["members"][1]), "is counted 2 times"),
    "a member of another district": (
        lambda c: c["units"][0]["members"][0]["unit"].update(parent="611"),
        "does not belong to",
    ),
    "a renamed member": (lambda c: c["units"][0]["members"][0]["unit"].update(name="Khác"), "is not the one"),
    "no members at all": (
        lambda c: (c["units"][0].update(members=[]), c.update(rests_on=[])),
        "belongs to 610 but was left out",
    ),
}


@pytest.mark.parametrize("what", MEMBER_FORGERIES)
def test_a_forged_district_is_found_beside_the_decision_on_its_communes(folder: Path, what: str) -> None:
    alter, said = MEMBER_FORGERIES[what]
    assert any(said in text for text in forge(folder / (DISTRICTS + SUFFIX), alter))


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda c: c["units"][0]["unit"].update(tier="province"), "no criteria for this tier"),
        (lambda c: fact_of(c, "I.2").update(amount=None), "there is no value"),
        (lambda c: fact_of(c, "I.2")["amount"].update(denominator=None), "is impossible"),
        (lambda c: fact_of(c, "I.2")["amount"].update(numerator=-9, denominator=-9), "the value -9/-9 is impossible"),
        (lambda c: c["units"][0]["criteria"][0].update(rules=["x", "y", "z"]), "the rules said to have fired"),
    ],
)
def test_what_cannot_be_recomputed_is_said_in_words(folder: Path, alter: Callable[[Any], object], said: str) -> None:
    assert any(said in text for text in change(folder / (COMMUNES + SUFFIX), alter))


def test_a_pipe_or_device_is_no_bundle(tmp_path: Path) -> None:
    pipe = tmp_path / f"pipe{SUFFIX}"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(Faulty, match="not a regular file"):
            list(verify(path, path.name, {}))


def test_a_changed_bundle_below_is_found_from_above(folder: Path) -> None:
    change(folder / (COMMUNES + SUFFIX), CHANGES["a fact's value"])
    assert doubts(folder / (DISTRICTS + SUFFIX))


def test_a_bundle_that_claims_to_rest_on_itself_is_not_followed_for_ever(folder: Path) -> None:
    path = folder / (DISTRICTS + SUFFIX)
    bundle = json.loads(path.read_bytes())
    bundle["seal"] = bundle["content"]["rests_on"][0]
    (folder / (COMMUNES + SUFFIX)).unlink()
    path.write_bytes(rfc8785.dumps(bundle))
    assert doubts(path)


def test_a_changed_document_beside_the_bundle_is_found(folder: Path) -> None:
    (folder / f"{COMMUNES}.html").write_text("level 5 for everybody")
    assert doubts(folder / (COMMUNES + SUFFIX)) == [
        f"The document {COMMUNES}.html: does NOT agree, the recorded and the recomputed differ."
    ]


def test_a_document_that_is_not_there_is_said_to_be_not_looked_at(folder: Path) -> None:
    (folder / f"{COMMUNES}.html").unlink()
    path = folder / (COMMUNES + SUFFIX)
    told = [finding.text.en for finding in verify(path, path.name, {})]
    assert f"The document {COMMUNES}.html: not beside the bundle, not looked at." in told


def test_any_changed_byte_is_found(folder: Path) -> None:
    path = folder / (COMMUNES + SUFFIX)
    whole = path.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 100)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            found = doubts(path)
        except Faulty:
            continue
        assert found, place


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b"null",
        b'{"content":{},"seal":"x"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"content":{"format":"certify-decision/1"},"seal":1}',
    ],
)
def test_a_file_that_is_no_bundle_is_refused_in_plain_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / f"x{SUFFIX}"
    path.write_bytes(content)
    with pytest.raises(Faulty, match=f"x{SUFFIX}:1:1: the content is not that of a decision bundle"):
        list(verify(path, path.name, {}))
    with pytest.raises(Faulty, match="cannot be read"):
        list(verify(tmp_path / "missing", "missing", {}))
    assert bundles_beside(path, ()) == {}


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda whole: whole + b"\n", "not canonical"),
        (lambda whole: whole.replace(b"certify-decision/1", b"certify-decision/9"), "is not known"),
        (lambda whole: whole.replace(b'"cycle":2025,', b'"cycle":"2025",', 1), "is not that of a decision bundle"),
        (lambda whole: whole.replace(b'"numerator":1000', b'"numerator":1000.0', 1), "is not that of a decision"),
        (lambda whole: whole.replace(b'"closed":false', b'"closed":0', 1), "is not that of a decision"),
        (lambda whole: whole.replace(b'"tier":"commune"', b'"tier":"hamlet"', 1), "is not that of a decision"),
    ],
)
def test_another_spelling_of_the_same_content_is_refused(
    folder: Path, alter: Callable[[bytes], bytes], said: str
) -> None:
    path = folder / (COMMUNES + SUFFIX)
    altered = alter(path.read_bytes())
    assert altered != path.read_bytes()
    path.write_bytes(altered)
    with pytest.raises(Faulty, match=said):
        list(verify(path, path.name, {}))


def test_recognised_levels_are_read_from_verified_decisions_of_the_same_cycle(folder: Path) -> None:
    found = read_recognitions([folder], kon_tum(), CYCLE, UNITS)
    assert {code: (r.levels.level, r.provisional) for code, r in found.items()} == {
        "23000": (3, False),
        "23001": (4, False),
        "610": (4, False),
    }
    assert read_recognitions([folder], kon_tum(), CYCLE + 1, UNITS) == {}
    assert read_recognitions([], kon_tum(), CYCLE, UNITS) == {}


def test_a_tampered_decision_recognises_nothing(folder: Path) -> None:
    path = folder / (COMMUNES + SUFFIX)
    change(path, CHANGES["the level"])
    with pytest.raises(Faulty, match=r"The levels of Xã 0 \(23000\)"):
        read_recognitions([folder], kon_tum(), CYCLE, UNITS)


def test_a_decision_on_a_unit_that_stands_elsewhere_recognises_nothing(folder: Path) -> None:
    moved = {**UNITS, "23000": evolve(UNITS["23000"], parent="62")}
    with pytest.raises(Faulty, match=r"23000 \(commune\) under 610; in the units file it is a commune under 62"):
        read_recognitions([folder], kon_tum(), CYCLE, moved)


def test_two_decisions_on_one_unit_are_refused(folder: Path) -> None:
    [other] = decided(province([3, 4]), ["23000"], evolve(SIGNED, number="9/QĐ-UBND"))
    (folder / f"other{SUFFIX}").write_bytes(other.files[COMMUNES + SUFFIX])
    with pytest.raises(Faulty, match="23000 is already decided"):
        read_recognitions([folder], kon_tum(), CYCLE, UNITS)


def test_bundles_are_found_by_their_seals(folder: Path) -> None:
    found = bundles_in([folder, folder / (COMMUNES + SUFFIX)])
    assert sorted(path.name for path in found.values()) == [COMMUNES + SUFFIX, DISTRICTS + SUFFIX]


def test_a_province_has_no_level_and_a_unit_without_a_parent_no_committee() -> None:
    assessment = province([3])
    with pytest.raises(NotRecognisable, match="no criteria for this tier"):
        decided(assessment, ["62"])
    alone = evolve(assessment, units=type(assessment.units)({"610": evolve(assessment.units["610"], parent=None)}))
    with pytest.raises(NotRecognisable, match="no unit above it"):
        decided(alone, ["610"])


def test_what_is_not_settled_makes_a_decision_provisional() -> None:
    assessment = province([3])
    own = dict(assessment.facts["23000"])
    unit = assessment.units["23000"]
    from evidence.facts import Status

    own["I.2"] = fact(unit, "I.2", Amount(1, 2), Status.SELF_REPORTED)
    del own["I.3"]
    own["I.6"] = evolve(own["I.6"], documents=())
    unsettled = evolve(assessment, facts={**assessment.facts, "23000": own})
    [issued] = decided(unsettled, ["23000"])
    assert [text.en for text in issued.decision.provisional] == [
        "Xã 0 (23000): reported but not appraised yet: I.2",
        "Xã 0 (23000): nothing shown yet, which may still raise the level: I.3",
        "Xã 0 (23000): accepted without a document that proves it: I.6",
    ]
    with pytest.raises(NotRecognisable, match=r"cannot be closed, I\.2 not appraised yet"):
        decided(unsettled, ["23000"], evolve(SIGNED, closed=True))
    own["I.2"] = fact(unit, "I.2", Amount(1, 2))
    [closed] = decided(
        evolve(unsettled, facts={**assessment.facts, "23000": own}), ["23000"], evolve(SIGNED, closed=True)
    )
    assert [text.en for text in closed.decision.provisional] == [
        "Xã 0 (23000): accepted without a document that proves it: I.6",
    ]
