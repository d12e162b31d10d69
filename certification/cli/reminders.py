"""``certify remind``: tells everybody what waits for him; by mail where a mail server is configured."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from certification.cli.app import app
from certification.cli.inputs import refuse, refusing
from certification.cli.options import Plain, describe, print_json
from certification.cli.speech import language, say, tell

if TYPE_CHECKING:  # importing it would make «certify --help» slow
    from certification.store.reminding import Letter


@app.command(
    "remind",
    help=describe(
        "Nhắc việc từng người theo thời hạn của bộ tiêu chí: gửi thư nếu có máy chủ thư, nếu không thì in ra.",
        "Remind everybody of what waits, by the rulebook's dates: by mail where there is a mail server, else printed.",
        "certify remind --days 7",
    ),
)
def remind_all(
    days: Annotated[
        int,
        typer.Option("--days", min=0, max=366, help=say("Nhắc trước bao nhiêu ngày.", "How many days ahead.")),
    ] = 14,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Chỉ in, không gửi thư.", "Print only, send no mail."))
    ] = False,
    shape: Annotated[Plain, typer.Option("--format")] = Plain.TEXT,
) -> None:
    """Write today's letters and send them; exit 1 where somebody could not be reached by mail."""
    with refusing():
        from certification.store.opening import Unopened, open_store

        try:
            open_store()
        except Unopened as error:
            raise refuse(tell(error.text)) from error
        from certification.store.reminding import can_mail, letters, send

        written = letters(within=days)
        mailing = can_mail() and not dry_run
        try:
            sent = send(written) if mailing else []
        except OSError as error:  # smtplib's errors are OSErrors too
            raise refuse(
                say(f"Máy chủ thư không nhận: {error}", f"The mail server does not accept the letters: {error}"), 1
            ) from error
        reached = {letter.account.pk for letter in sent}
        if shape is Plain.JSON:
            print_json([_as_json(letter, letter.account.pk in reached) for letter in written])
        else:
            _print(written, reached, mailing)
        if mailing and len(reached) < len(written):
            raise typer.Exit(1)


def _print(written: "list[Letter]", reached: set[int], mailing: bool) -> None:
    if not written:
        print(say("Hôm nay không có việc gì phải nhắc.", "There is nothing to remind anybody of today."))
    for letter in written:
        if letter.account.pk in reached:
            count = letter.count
            print(say(f"Đã gửi {letter.account.email}: {count} việc", f"Sent to {letter.account.email}: {count} tasks"))
            continue
        print(letter.text(language()))
        print()
        if mailing:
            print(say(f"{letter.account} chưa có địa chỉ thư", f"{letter.account} has no address"), file=sys.stderr)
    if written:
        print(_summary(written, len(reached)))


def _summary(written: "list[Letter]", reached: int) -> str:
    people, tasks, late = len(written), sum(each.count for each in written), sum(each.late for each in written)
    line = say(
        f"Cộng: {people} người, {tasks} việc, trong đó {late} quá hạn; đã gửi thư cho {reached} người.",
        f"In all: {people} people, {tasks} tasks, {late} of them overdue; mails sent to {reached}.",
    )
    from certification.store.reminding import can_mail

    if reached or can_mail():
        return line
    return line + say(
        " Chưa đặt CERTIFY_EMAIL_URL nên chỉ in ra, không gửi thư.",
        " CERTIFY_EMAIL_URL is not set: printed only, no mail was sent.",
    )


def _as_json(letter: "Letter", sent: bool) -> dict[str, object]:
    return {
        "account": letter.account.username,
        "email": letter.account.email,
        "sent": sent,
        "late": letter.late,
        "waiting": [
            {
                "unit": each.dossier.unit.code,
                "year": each.dossier.cycle.year,
                "state": each.dossier.state,
                "action": each.reminder.wait.action.value,
                "last_day": each.reminder.due.last_day.isoformat()
                if each.reminder.due and each.reminder.due.last_day
                else None,
                "days_left": each.reminder.days_left,
            }
            for each in letter.waiting
        ],
        "councils": [{"unit": body.code, "year": cycle.year} for body, cycle in letter.councils],
        "summaries": [{"year": cycle.year, "last_day": last.isoformat()} for cycle, last in letter.summaries],
    }
