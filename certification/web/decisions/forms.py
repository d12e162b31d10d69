"""Forms of the acts: the day, the name beneath them, and why."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from certification.store.decisions import Signature
from certification.store.unfit import Unfit
from certification.web.speech import say, tell


class SignatureForm(forms.Form):
    """What the committee gives to an act; ``reason``: it replaces or revokes another, so it must say why."""

    signed_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    signer = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    why = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, signer: str = "", reason: bool = False) -> None:
        super().__init__(data, initial={"signed_on": timezone.localdate(), "signer": signer})
        day, name, why = self.fields["signed_on"], self.fields["signer"], self.fields["why"]
        day.label = say("Ngày ký", "Day of signing")
        day.help_text = say("Không sớm hơn ngày ký của số trước.", "Not before the day of the number before.")
        name.label = say("Họ và tên người ký", "Name of who signs")
        why.label = say("Lý do", "Reason")
        why.help_text = (
            say("Ghi vào sổ và cho người đọc biết vì sao.", "Kept in the register, so that readers know why.")
            if reason
            else say("Không bắt buộc.", "Optional.")
        )
        why.required = reason

    def signature(self) -> Signature:
        """What was given; only of a valid form."""
        given = self.cleaned_data
        return Signature(given["signed_on"], given["signer"], given["why"])

    def refuse(self, unfit: Unfit) -> None:
        """Say beside its field what the use case found wrong."""
        self.add_error(unfit.field if unfit.field in self.fields else None, tell(unfit.text))


def versions_in(request: HttpRequest) -> dict[int, int | None]:
    """The dossiers that were chosen, each with the version that the page showed (``dossier=12.3``)."""
    found: dict[int, int | None] = {}
    for text in (request.POST or request.GET).getlist("dossier"):
        key, _, version = text.partition(".")
        if key.isdecimal():
            found[int(key)] = int(version) if version.isdecimal() else None
    return found
