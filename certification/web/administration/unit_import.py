"""A province from the official directory: chosen, looked at beside the units that are there, and then taken over."""

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from certification.procedure.actions import Action
from certification.store.unfit import Unfit
from certification.store.unit_import import changes_of, compare_units, import_units
from certification.web.administration.carried import Expired, pack_units, unpack_units
from certification.web.administration.forms import DirectoryForm, TakingForm, sentence
from certification.web.gate import actor_in, gate
from certification.web.speech import say
from certification.web.uploads import as_file
from evidence.directories import official_directory, read_directory
from evidence.succession import Unsound
from evidence.tables import read_units
from evidence.units import Units
from levels.faults import Fault, Faulty


@gate(Action.MANAGE_UNITS)
@require_http_methods(["GET", "POST"])
def choose_directory(request: HttpRequest) -> HttpResponseBase:
    """Choose a directory and a province; what they hold is shown beside what is there, nothing is written yet."""
    form = DirectoryForm(request.POST or None, request.FILES or None)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            listed = _read(form.cleaned_data["file"], form.cleaned_data["province"].strip() or None)
        except Faulty as faulty:
            faults = faulty.faults
        else:
            return _preview(request, listed, TakingForm(initial={"units": pack_units(listed)}))
    status = 422 if faults or form.errors else 200
    return render(request, "administration/import.html", {"form": form, "faults": faults}, status=status)


@gate(Action.MANAGE_UNITS)
@require_POST
def take_over(request: HttpRequest) -> HttpResponseBase:
    """Take over what the preview showed."""
    form = TakingForm(request.POST)
    try:
        listed = unpack_units(request.POST.get("units", ""))
    except Expired:
        messages.error(
            request, say("Bản xem trước đã hết hạn, hãy chọn lại tệp.", "The preview is too old; choose again.")
        )
        return redirect("administration:import")
    if form.is_valid():
        try:
            taken = import_units(actor_in(request), listed, form.taking())
        except Unfit as unfit:
            form.refuse(unfit)
        except Unsound as unsound:
            for defect in unsound.defects:
                form.add_error(None, sentence(defect))
        else:
            new, changed = len(taken.new), len(changes_of(taken, form.taking()))
            messages.success(
                request,
                say(
                    f"Đã nhập {new} đơn vị mới, ghi nhận {changed} thay đổi.",
                    f"{new} new units are taken over, {changed} changes recorded.",
                ),
            )
            return redirect("administration:units")
    return _preview(request, listed, form, 422)


def _preview(request: HttpRequest, listed: Units, form: TakingForm, status: int = 200) -> HttpResponse:
    context = {"comparison": compare_units(listed), "form": form, "roots": listed.children(None)}
    return render(request, "administration/import_preview.html", context, status=status)


def _read(upload: "File[bytes] | None", province: str | None) -> Units:
    """The units that were chosen. Raises ``Faulty`` with all faults, naming the file as the user does."""
    if upload is None:
        return official_directory().units(province)
    content = upload.read()
    with as_file(upload.name or "", content) as path:
        # Our own table begins with the column «code»; every directory with a title or Vietnamese headings.
        if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:4].lower() == b"code":
            return read_units(path)
        return read_directory(path).units(province)
