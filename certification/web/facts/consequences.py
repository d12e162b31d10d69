"""Consequences: what one fact comes to, in sentences: as it stands, or as it would if what is typed were saved."""

from collections.abc import Iterator

from certification.store.trials import LevelTrial, PointTrial, Trial, lacking, line_of
from certification.web.speech import language, say
from reports.score_words import lost_sentence, points_text
from reports.words import level_name
from rules.scores import Score
from rules.verdict import Verdict


def consequences(trial: Trial, supposed: Verdict | Score | None, code: str, target: int | None) -> tuple[str, ...]:
    """What ``code`` comes to; ``supposed``: the result if another fact stood there, None: as things stand."""
    if isinstance(trial, LevelTrial):
        assert not isinstance(supposed, Score)
        return tuple(_of_levels(trial.verdict, supposed, code, target))
    assert not isinstance(supposed, Verdict)
    return tuple(_of_points(trial, supposed, code))


def _of_levels(now: Verdict, supposed: Verdict | None, code: str, target: int | None) -> Iterator[str]:
    verdict = supposed or now
    found = next(each for each in verdict.criteria if each.code == code)
    before = next(each for each in now.criteria if each.code == code)
    level, was = found.levels.claimed_level, before.levels.claimed_level
    yield say("Tiêu chí: {}", "Criterion: {}").format(_step(verdict, level, was))
    lack = None if target is None else lacking(verdict, found, target)
    if target is not None and lack is not None:
        yield say(f"Để đạt mức {target} đã đăng ký: {lack.vi}.", f"For the registered level {target}: {lack.en}.")
    if supposed is None:
        return  # the head of the page says what the dossier comes to
    own, own_was = verdict.levels.claimed_level, now.levels.claimed_level
    yield say("Cả hồ sơ, theo tự đánh giá: {}", "The dossier as self-assessed: {}").format(_step(verdict, own, own_was))


def _step(verdict: Verdict, level: int, was: int) -> str:
    name = _named(verdict, level)
    return f"{_named(verdict, was)} → {name}" if level != was else name


def _named(verdict: Verdict, level: int) -> str:
    if not level:
        return say("chưa đạt mức nào", "no level yet")
    return say("mức {} ({})", "level {} ({})").format(level, level_name(verdict.framework, level))


def _of_points(trial: PointTrial, supposed: Score | None, code: str) -> Iterator[str]:
    now, score, chosen = trial.score, supposed or trial.score, language()
    line, before = line_of(score, code), line_of(now, code)
    if line is not None:
        had = "" if before is None or before.points == line.points else f"{points_text(before.points, chosen)} → "
        yield say("Chỉ số: {}{} trên {}", "Indicator: {}{} of {}").format(
            had, points_text(line.points, chosen), line.reachable
        )
        if lost := lost_sentence(line, chosen):
            yield f"{lost}."
    if supposed is None:
        return
    had = "" if now.points == score.points else f"{points_text(now.points, chosen)} → "
    yield say("Cả hồ sơ: {}{}", "The dossier: {}{}").format(had, points_text(score.points, chosen))
