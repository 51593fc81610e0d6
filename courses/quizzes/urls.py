from django.urls import path

from courses.quizzes.views import asking, objecting, practising, refreshing, reviewing, taking

app_name = "quizzes"
urlpatterns = [
    path("quizzes/<uuid:quiz_key>/start/", taking.start_attempt, name="start"),
    path("quizzes/<uuid:quiz_key>/before/", refreshing.start_before_form, name="before"),
    path("quizzes/<uuid:quiz_key>/refresh/", refreshing.refresh, name="refresh"),
    path("quizzes/<uuid:quiz_key>/practice/", practising.practice, name="practice"),
    path("quizzes/attempts/<uuid:attempt>/", taking.attempt_home, name="attempt"),
    path("quizzes/attempts/<uuid:attempt>/questions/<int:position>/", asking.question, name="question"),
    path("quizzes/attempts/<uuid:attempt>/answers/", taking.answers, name="answers"),
    path("quizzes/attempts/<uuid:attempt>/summary/", asking.summary, name="summary"),
    path("quizzes/attempts/<uuid:attempt>/submit/", taking.submit_attempt, name="submit"),
    path(
        "quizzes/attempts/<uuid:attempt>/questions/<int:position>/contest/",
        objecting.contest_question,
        name="contest",
    ),
    path("quizzes/attempts/<uuid:attempt>/review/", reviewing.review, name="review"),
]
