"""The addresses of the decisions."""

from django.urls import path

from certification.web.decisions import acts, drafts, register, reports, revocations

app_name = "decisions"
urlpatterns = [
    path("", register.list_acts, name="home"),
    path("waiting/", drafts.list_waiting, name="waiting"),
    path("stale/", register.list_stale, name="stale"),
    path("draft/<int:cycle>/<int:unit>/<slug:tier>/", drafts.show_draft, name="draft"),
    path("draft/<int:cycle>/<int:unit>/<slug:tier>/text.<slug:kind>", drafts.send_draft, name="draft_file"),
    path("numbers/<int:unit>/", drafts.open_numbers, name="numbers"),
    path("reports/", reports.list_reports, name="reports"),
    path("reports/<int:cycle>/", reports.edit_report, name="report"),
    path("reports/<int:cycle>/text.<slug:kind>", reports.send_report, name="report_file"),
    path("<int:act>/", acts.show_act, name="act"),
    path("<int:act>/files/<int:file>/", acts.send_file, name="file"),
    path("<int:act>/publish/", acts.publish_act, name="publish"),
    path("<int:act>/revoke/", revocations.revoke_act, name="revoke"),
    path("<int:act>/revoke/text.<slug:kind>", revocations.send_draft, name="revocation_file"),
]
