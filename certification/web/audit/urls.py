"""The addresses of the log."""

from django.urls import path

from certification.web.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.list_entries, name="home"),
    path("verification/", views.verify_log, name="verification"),
    path("log.jsonl", views.send_log, name="log"),
    path("<int:sequence>/", views.show_entry, name="entry"),
]
