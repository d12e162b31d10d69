"""The addresses under which facts are entered and proved."""

from django.urls import path

from certification.web.facts import documents, entry

app_name = "facts"
urlpatterns = [
    path("<int:dossier>/facts/", entry.show_dossier, name="dossier"),
    path("<int:dossier>/facts/groups/<str:group>/", entry.show_group, name="group"),
    path("<int:dossier>/facts/enter/<str:criterion>/", entry.enter, name="enter"),
    path("<int:dossier>/facts/try/<str:criterion>/", entry.attempt, name="try"),
    path("<int:dossier>/proofs/<int:use>/", documents.send, name="proof"),
    path("<int:dossier>/proofs/<int:use>/remove/", documents.remove, name="remove_proof"),
    path("<int:dossier>/facts/proofs/<str:criterion>/", documents.attach, name="attach"),
]
