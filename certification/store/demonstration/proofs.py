"""Proofs of the demonstration: a page that says it is made up, as a picture that stands beside its value."""

from certification.procedure.actors import Actor
from certification.store.documents import receive
from certification.store.models import Dossier
from certification.store.proofs import Room, attach_files
from evidence.facts import SYNTHETIC
from reports.drawing import Canvas, Label, as_png

CRITERIA = ("I.2", "III.1")
_WIDTH, _HEIGHT = 1480, 2100  # A5, in tenths of a millimetre


def prove_some(officer: Actor, dossier: Dossier) -> None:
    """Attach a made-up page to two facts of ``dossier``, as its officer."""
    room = Room(dossier)
    for code in CRITERIA:
        name = f"bao-cao-{dossier.unit.code}-{code}.png"
        received = receive([draw_page(dossier, code)], name, room.admit)
        attach_files(officer, dossier.pk, code, [received])


def draw_page(dossier: Dossier, code: str) -> bytes:
    """One page of a made-up report on criterion ``code``, as PNG."""
    canvas = Canvas()
    lines = (
        (f"ỦY BAN NHÂN DÂN {dossier.unit.name.upper()}", 44, True),
        ("BÁO CÁO", 60, True),
        (f"Số liệu của tiêu chí {code} năm {dossier.cycle.year}", 48, False),
        (SYNTHETIC, 52, True),
        ("Trang này do phần mềm vẽ cho bản dùng thử, không phải văn bản thật.", 36, False),
    )
    for number, (text, size, bold) in enumerate(lines):
        canvas.labels.append(Label(_WIDTH // 2, 260 + 240 * number, text, size, "middle", bold=bold))
    return as_png(canvas.drawing((_WIDTH, _HEIGHT), f"Báo cáo mẫu {code}", SYNTHETIC))
