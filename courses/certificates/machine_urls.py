"""Addresses that programs read: without a language, and written in badges for ever."""

from django.urls import path

from courses.certificates.views import badges

app_name = "badges"
urlpatterns = [
    path("badges/issuer/did.json", badges.issuer, name="issuer"),
    path("badges/status/<int:number>.json", badges.status, name="status"),
]
