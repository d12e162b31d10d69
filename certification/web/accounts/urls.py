"""The addresses of one's own account and of the administrator's pages; logging in has its own (``sign_in``)."""

from django.urls import path

from certification.web.accounts import administration, invitations, own, vouching

app_name = "accounts"
urlpatterns = [
    path("account/", own.profile, name="profile"),
    path("account/language/", own.set_language, name="set_language"),
    path("account/sign-out-everywhere/", own.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/roles/", own.take_up_roles, name="take_up"),
    path("vouching/", vouching.show_waiting, name="vouching"),
    path("vouching/<int:account>/", vouching.vouch_for, name="vouch"),
    path("invitation/<str:token>/", invitations.accept_invitation, name="invitation"),
    path("invitation/<str:token>/sign-on/", invitations.accept_by_sign_on, name="invitation_sign_on"),
    path("accounts/", administration.account_list, name="list"),
    path("accounts/new/", administration.invite_person, name="invite"),
    path("accounts/<int:account>/", administration.account_page, name="account"),
    path("accounts/<int:account>/correct/", administration.correct_account, name="correct"),
    path("accounts/<int:account>/appoint/", administration.appoint_account, name="appoint"),
    path("accounts/<int:account>/end/<int:appointment>/", administration.end_role, name="end"),
    path("accounts/<int:account>/link/", administration.renew, name="renew"),
    path("accounts/<int:account>/second-factor/", administration.forget_factor, name="forget_factor"),
    path("accounts/<int:account>/deactivate/", administration.shut_out, name="deactivate"),
    path("accounts/<int:account>/reactivate/", administration.let_in, name="reactivate"),
]
