"""The addresses of the public portal."""

from django.urls import path

from certification.web.portal import checking, opendata, pages

app_name = "portal"
urlpatterns = [
    path("", pages.show_home, name="home"),
    path("<int:cycle>/", pages.show_cycle, name="cycle"),
    path("<int:cycle>/data.csv", opendata.send_csv, name="csv"),
    path("<int:cycle>/data.json", opendata.send_json, name="json"),
    path("decisions/", pages.list_acts, name="acts"),
    path("decisions/<int:act>/", pages.show_act, name="act"),
    path("decisions/<int:act>/<int:file>/", pages.send_file, name="file"),
    path("verify/", checking.check, name="verify"),
]
