from django.urls import path

from courses.reports import views

app_name = "reports"
urlpatterns = [
    path("reports/", views.index, name="index"),
    path("reports/regions/", views.regions, name="regions"),
    path("reports/regions/totals.csv", views.regions_csv, name="regions_csv"),
    path("reports/regions/<slug:code>/", views.region, name="region"),
    path("reports/regions/<slug:code>/totals.csv", views.region_csv, name="region_csv"),
    path("reports/regions/<slug:code>/associations.csv", views.associations_csv, name="associations_csv"),
    path("reports/regions/<slug:code>/names/", views.region_names, name="region_names"),
    path("reports/associations/<uuid:uuid>/", views.association, name="association"),
    path("reports/associations/<uuid:uuid>/names/", views.association_names, name="association_names"),
    path("reports/people/", views.people, name="people"),
    path("reports/name-exports/", views.name_exports, name="name_exports"),
]
