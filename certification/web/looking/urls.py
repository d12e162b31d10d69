"""The addresses of the looking screens."""

from django.urls import path

from certification.web.looking import comparison, criterion_page, desk, graph, heat_map, searching, unit_page, units

app_name = "looking"
urlpatterns = [
    path("", desk.show_home, name="home"),
    path("units/", units.list_units, name="units"),
    path("units/compare/", comparison.compare_units, name="compare"),
    path("units/<int:unit>/", unit_page.show_unit, name="unit"),
    path("units/<int:unit>/criteria/<str:code>/", criterion_page.show_criterion, name="criterion"),
    path("units/<int:unit>/graph/", graph.show_graph, name="graph"),
    path("map/", heat_map.show_map, name="map"),
    path("search/", searching.search, name="search"),
]
