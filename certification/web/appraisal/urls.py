"""The addresses of the appraisal."""

from django.urls import path

from certification.web.appraisal import accepting, dockets, explaining, home, rulings

app_name = "appraisal"

urlpatterns = [
    path("", home.show_home, name="home"),
    path("<int:dossier>/", dockets.show_docket, name="dossier"),
    path("<int:dossier>/accept/", accepting.accept, name="accept"),
    path("<int:dossier>/explanations/", explaining.show_explanations, name="explanations"),
    path("<int:dossier>/at/<str:code>/", rulings.show_matter, name="matter"),
    path("<int:dossier>/at/<str:code>/effect/", rulings.show_effect, name="effect"),
]
