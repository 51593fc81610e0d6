from django.urls import path

from courses.progress import views
from courses.progress.views_of_programmes import join_programme, new_programme, programme, programmes

app_name = "progress"
urlpatterns = [
    path("my-learning/", views.my_learning, name="my_learning"),
    path("courses/<uuid:course_key>/enrol/", views.enrol_in_course, name="enrol"),
    path("activities/<uuid:activity_key>/complete/", views.complete_activity, name="complete"),
    path("join/<slug:programme>/<slug:course_code>/", join_programme, name="join"),
    path("programmes/", programmes, name="programmes"),
    path("programmes/new/", new_programme, name="new_programme"),
    path("programmes/<slug:code>/", programme, name="programme"),
]
