from django.urls import path

from courses.progress import views

app_name = "progress"
urlpatterns = [
    path("my-learning/", views.my_learning, name="my_learning"),
    path("courses/<uuid:course_key>/enrol/", views.enrol_in_course, name="enrol"),
    path("activities/<uuid:activity_key>/complete/", views.complete_activity, name="complete"),
    path("join/<slug:programme>/<slug:course_code>/", views.join_programme, name="join"),
]
