"""The addresses of the year's procedure."""

from django.urls import path

from certification.web.procedure import (
    calendars,
    councils,
    dossiers,
    history,
    meetings,
    minutes_forms,
    record,
    registrations,
    together,
)

app_name = "procedure"
urlpatterns = [
    path("calendar/", calendars.show_calendar, name="calendar"),
    path("calendar/<int:cycle>.ics", calendars.export_calendar, name="export"),
    path("dossiers/<int:dossier>/", dossiers.show_dossier, name="dossier"),
    path("dossiers/<int:dossier>/history/", history.show_history, name="history"),
    path("dossiers/<int:dossier>/record/", record.show_record, name="record"),
    path("dossiers/<int:dossier>/steps/<str:action>/", dossiers.take, name="step"),
    path("registrations/<int:unit>/<int:cycle>/", registrations.show_registrations, name="registrations"),
    path("councils/<int:unit>/<int:cycle>/", councils.show_council, name="council"),
    path("councils/<int:unit>/<int:cycle>/members/", councils.edit_council, name="members"),
    path("councils/<int:unit>/<int:cycle>/steps/<str:action>/", together.take_together, name="together"),
    path("councils/<int:unit>/<int:cycle>/minutes/new/", minutes_forms.edit_minutes, name="new_minutes"),
    path("councils/<int:unit>/<int:cycle>/minutes/<int:minutes>/", meetings.show_minutes, name="minutes"),
    path(
        "councils/<int:unit>/<int:cycle>/minutes/<int:minutes>/edit/", minutes_forms.edit_minutes, name="edit_minutes"
    ),
    path("councils/<int:unit>/<int:cycle>/minutes/<int:minutes>/close/", meetings.close, name="close_minutes"),
    path("councils/<int:unit>/<int:cycle>/minutes/<int:minutes>/vote/", meetings.vote, name="vote"),
    path(
        "councils/<int:unit>/<int:cycle>/minutes/<int:minutes>/document.<str:ending>",
        meetings.send_document,
        name="document",
    ),
]
