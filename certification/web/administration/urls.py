"""The addresses of the administrator's screens."""

from django.urls import path

from certification.web.administration import changes, cycles, home, rulebooks, unit_import, units

app_name = "administration"
urlpatterns = [
    path("", home.show_home, name="home"),
    path("units/", units.show_units, name="units"),
    path("units/import/", unit_import.choose_directory, name="import"),
    path("units/import/take/", unit_import.take_over, name="import_take"),
    path("units/changes/", changes.list_changes, name="changes"),
    path("units/changes/new/", changes.enter_change, name="change"),
    path("units/changes/file/", changes.upload_changes, name="changes_file"),
    path("units/changes/make/", changes.make, name="changes_make"),
    path("cycles/", cycles.list_cycles, name="cycles"),
    path("cycles/open/", cycles.open_cycle, name="cycle_open"),
    path("cycles/<int:cycle>/", cycles.show_cycle, name="cycle"),
    path("cycles/<int:cycle>/close/", cycles.close, name="cycle_close"),
    path("cycles/<int:cycle>/reopen/", cycles.reopen, name="cycle_reopen"),
    path("cycles/<int:cycle>/add/", cycles.add_units, name="cycle_add"),
    path("rulebooks/", rulebooks.list_rulebooks, name="rulebooks"),
    path("rulebooks/add/", rulebooks.add, name="rulebook_add"),
    path("rulebooks/bundled/", rulebooks.take_bundled, name="rulebook_bundled"),
    path("rulebooks/<int:rulebook>/", rulebooks.show_rulebook, name="rulebook"),
    path("rulebooks/<int:rulebook>/download/", rulebooks.download, name="rulebook_download"),
]
