from django.urls import path

from courses.quizzes import views

app_name = "quizzes"
urlpatterns = [
    path("quizzes/<uuid:quiz_key>/start/", views.start_attempt, name="start"),
    path("quizzes/<uuid:quiz_key>/practice/", views.practice, name="practice"),
    path("quizzes/attempts/<uuid:attempt>/", views.attempt_home, name="attempt"),
    path("quizzes/attempts/<uuid:attempt>/questions/<int:position>/", views.question, name="question"),
    path("quizzes/attempts/<uuid:attempt>/answers/", views.answers, name="answers"),
    path("quizzes/attempts/<uuid:attempt>/summary/", views.summary, name="summary"),
    path("quizzes/attempts/<uuid:attempt>/submit/", views.submit_attempt, name="submit"),
    path("quizzes/attempts/<uuid:attempt>/review/", views.review, name="review"),
]
