from django.urls import path

from courses.certificates import views

app_name = "certificates"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:serial>/", views.verify_serial, name="verify_serial"),
    path("certificates/<uuid:certificate_uuid>/", views.certificate, name="certificate"),
    path("certificates/<uuid:certificate_uuid>/download/", views.download, name="download"),
]
