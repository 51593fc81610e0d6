from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("untranslated/<uuid:key>/", views.untranslated, name="untranslated"),
]
