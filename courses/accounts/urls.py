from django.urls import path

from courses.accounts.views import associations, data, decisions, profile

app_name = "accounts"
urlpatterns = [
    path("account/profile/", profile.profile, name="profile"),
    path("account/certificate-name/", profile.certificate_name, name="certificate_name"),
    path("account/association/", associations.association, name="association"),
    path("account/memberships/<int:pk>/leave/", associations.leave, name="leave"),
    path("account/consents/<slug:kind>/", profile.consent, name="consent"),
    path("account/confirm-address/", profile.confirm_address, name="confirm_address"),
    path("account/data/", data.data, name="data"),
    path("account/data/download/", data.download, name="download"),
    path("account/close/", data.close, name="close"),
    path("account/privacy/", profile.privacy, name="privacy"),
    path("associations/pending/", decisions.pending, name="pending"),
    path("associations/pending/<int:pk>/", decisions.decide_association, name="decide_association"),
    path("associations/memberships/", decisions.decide_membership, name="decide_membership"),
]
