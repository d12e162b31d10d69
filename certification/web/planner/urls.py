"""The addresses of the planner's screens."""

from django.urls import path

from certification.web.planner import budgets, chances, home, plans, scenarios, what_if

app_name = "planner"
urlpatterns = [
    path("", home.show_home, name="home"),
    path("<int:cycle>/<int:unit>/prices/", home.take_prices, name="prices"),
    path("<int:cycle>/<int:unit>/prices.csv", home.send_prices, name="prices_file"),
    path("<int:cycle>/<int:unit>/budget/", budgets.show_budget, name="budget"),
    path("<int:dossier>/plan/", plans.show_plan, name="plan"),
    path("<int:dossier>/chances/", chances.show_chances, name="chances"),
    path("<int:dossier>/what-if/", what_if.show_what_if, name="what_if"),
    path("<int:dossier>/what-if/effect/", what_if.show_effect, name="effect"),
    path("<int:cycle>/scenarios/", scenarios.list_scenarios, name="scenarios"),
    path("<int:cycle>/scenarios/compare/", scenarios.compare_scenarios, name="compare"),
    path("<int:cycle>/scenarios/<int:scenario>/delete/", scenarios.delete_scenario, name="delete_scenario"),
]
