"""The addresses of the indexes."""

from django.urls import path

from certification.web.indexes import comparison, home, offices, rankings, units

app_name = "indexes"

urlpatterns = [
    path("", home.show_home, name="home"),
    path("ranking/", rankings.show_ranking, name="ranking"),
    path("compare/", comparison.show_comparison, name="compare"),
    path("offices/", offices.show_offices, name="offices"),
    path("offices/list/", offices.show_office, name="office"),
    path("units/<int:dossier>/", units.show_unit, name="unit"),
]
