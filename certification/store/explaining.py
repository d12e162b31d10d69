"""Explaining: what a unit answers to the council's rulings between two rounds of appraisal."""

import unicodedata
from collections.abc import Mapping

from attrs import frozen

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.procedure.states import State
from certification.store.changes import Overtaken, change_dossier
from certification.store.matters import Docket, Matter, docket_of
from certification.store.models.dossiers import Dossier, Explanation
from certification.store.rounds import round_of_ruling
from certification.store.unfit import Unfit
from evidence.rulings import Ruling
from evidence.values import CONTROL
from levels.faults import Text

LONGEST = 8000


@frozen
class Answer:
    """What is to stand as the explanation of one criterion, and what stood there when the page was made."""

    text: str
    seen: str = ""


def contested(docket: Docket) -> tuple[Matter, ...]:
    """What a unit is asked to explain: whatever the council has not taken as it was reported, or not ruled on."""
    return tuple(
        matter
        for matter in docket.matters
        if not matter.derived and matter.ruling not in (Ruling.ACCEPT, Ruling.EXEMPT)
    )


def explanations_of(dossier: Dossier) -> dict[str, Explanation]:
    """The explanations of the round that is open for them, by the code of what they explain."""
    found = dossier.explanations.filter(round=_round(dossier)).select_related("by")
    return {each.criterion: each for each in found}


def explain(actor: Actor, dossier: int, answers: Mapping[str, Answer]) -> int:
    """Keep the explanations of a dossier, by the codes of what they explain; how many changed. An empty text takes
    an explanation back.

    Raises ``Refused``; ``Unfit`` for a code that is none or a text that cannot be kept, with the code as its field;
    ``Overtaken`` with the explanation that somebody else has written meanwhile: then nothing is kept.
    """
    texts = {
        code: unicodedata.normalize("NFC", answer.text.replace("\r\n", "\n")).strip()
        for code, answer in answers.items()
    }
    with change_dossier(actor, Action.EXPLAIN, dossier) as made:
        known = docket_of(made.dossier).by_code
        held = explanations_of(made.dossier)
        before: dict[str, str] = {}
        after: dict[str, str] = {}
        for code, text in texts.items():
            _check(code, text, known)
            old = held[code].text if code in held else ""
            if text == old:
                continue
            if answers[code].seen.replace("\r\n", "\n").strip() != old:
                raise Overtaken(
                    Text(
                        vi=f"{code}: người khác vừa viết giải trình khác; hãy xem cả hai rồi lưu lại",
                        en=f"{code}: somebody else has just written another explanation; look at both, then save",
                    ),
                    held.get(code),
                )
            before[code], after[code] = old, text
            _keep(actor, made.dossier, code, text)
        if after:
            made.before, made.after = before, after
    return len(after)


def _round(dossier: Dossier) -> str:
    """The round of rulings that is explained: the first, whatever has been opened since."""
    return round_of_ruling(dossier.cycle, State.APPRAISING)


def _check(code: str, text: str, known: Mapping[str, Matter]) -> None:
    if code not in known:
        raise Unfit(
            Text(vi=f"Không có «{code[:40]}» để giải trình.", en=f"There is no “{code[:40]}” to explain."), code
        )
    if len(text) > LONGEST:
        raise Unfit(
            Text(
                vi=f"{code}: giải trình dài {len(text)} ký tự; tối đa {LONGEST}, phần còn lại hãy nộp thành tài liệu.",
                en=f"{code}: {len(text)} characters; at most {LONGEST}, hand the rest in as a document.",
            ),
            code,
        )
    if CONTROL.search(text):
        raise Unfit(
            Text(
                vi=f"{code}: có ký tự điều khiển hoặc ký tự ẩn; hãy gõ lại.",
                en=f"{code}: there are control or invisible characters; type it again.",
            ),
            code,
        )


def _keep(actor: Actor, dossier: Dossier, code: str, text: str) -> None:
    if not text:
        Explanation.objects.filter(dossier=dossier, criterion=code, round=_round(dossier)).delete()
        return
    Explanation.objects.update_or_create(
        dossier=dossier, criterion=code, round=_round(dossier), defaults={"text": text, "by_id": actor.account}
    )
