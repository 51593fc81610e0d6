"""Papers of quizzes that draw: what the database offers, what an attempt keeps."""

from uuid import uuid4

import pytest
from django.utils import timezone

from courses.quizzes.domain.attempts import start, submit
from courses.quizzes.domain.composition import freeze_quiz, offered_to, problems_of, question_count, rows_of
from courses.quizzes.domain.drawing import Row
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.queries import seen_questions
from courses.quizzes.domain.quiz_statistics import compute
from courses.quizzes.enums import AttemptPurpose
from courses.quizzes.models import Attempt, Question, QuestionCategory, QuizItem, QuizPage, Scenario
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import add_draw, make_objective, make_question, make_quiz, start_quiz


def keys(made):
    return {question["fr"].translation_key for question in made}


def asked(frozen):
    return [question.key for question in frozen.load().questions]


def of_objective(count, objective, **fields):
    return [make_question("numeric", objective=objective, **fields) for _number in range(count)]


@pytest.fixture
def objective(db):
    return make_objective(critical=True, lesson_key=uuid4())


@pytest.fixture
def drawing(course, objective):
    """A quiz that draws two of five questions of an objective, after one that it names."""
    made = of_objective(5, objective)
    quiz = make_quiz(course, "single_choice")
    add_draw(quiz, 2, draw_objective=objective)
    return quiz, keys(made)


def test_a_paper_holds_what_was_drawn_with_its_objective(drawing, objective):
    quiz, pool = drawing
    frozen = freeze_quiz(quiz.key, seed="x")
    first, *drawn = frozen.load().questions
    assert first.key == quiz.question_key(0)
    assert {question.key for question in drawn} < pool
    assert len(drawn) == 2
    assert {question.objective for question in drawn} == {str(objective.key)}
    assert first.objective is None
    assert frozen.paper["objectives"] == {
        str(objective.key): {
            "statement": objective.statement,
            "lesson": str(objective.lesson_key),
            "critical": True,
        }
    }
    assert set(frozen.answer_key) == {row["key"] for row in frozen.paper["questions"]}
    assert question_count(quiz.pages["fr"]) == 3


def test_the_same_seed_gives_the_same_paper_and_another_another(drawing):
    quiz, _pool = drawing
    papers = {seed: freeze_quiz(quiz.key, seed=seed) for seed in "abcdef"}
    assert all(freeze_quiz(quiz.key, seed=seed).hash == paper.hash for seed, paper in papers.items())
    assert len({paper.hash for paper in papers.values()}) > 1


def test_an_attempt_keeps_its_paper_on_every_device(drawing):
    quiz, _pool = drawing
    user = UserFactory()
    attempt = start_quiz(user, quiz)
    again = start_quiz(user, quiz, language="ar")
    assert again.pk == attempt.pk
    assert again.paper == Attempt.objects.get().paper
    # The attempt's own number is the seed.
    assert freeze_quiz(quiz.key, seed=str(attempt.uuid)).paper == attempt.paper


def test_the_next_attempt_asks_what_the_learner_has_not_seen(drawing):
    quiz, pool = drawing
    user = UserFactory()
    papers = []
    for _attempt in range(2):
        attempt = start_quiz(user, quiz)
        papers.append({question.key for question in Paper.load(attempt.paper).questions} & pool)
        submit(user, attempt.uuid, at=timezone.now())
    assert papers[0].isdisjoint(papers[1])
    assert seen_questions(user.pk, quiz.key) == {quiz.question_key(0), *papers[0], *papers[1]}
    # What somebody else saw, or this person in another quiz, is nothing to this one.
    assert seen_questions(UserFactory().pk, quiz.key) == set()
    # The five are used up: one unseen, and one of the others.
    third = {question.key for question in Paper.load(start_quiz(user, quiz).paper).questions} & pool
    assert third - papers[0] - papers[1] == pool - papers[0] - papers[1]
    assert len(third) == 2


def test_attempts_of_every_purpose_count_as_seen(drawing):
    quiz, _pool = drawing
    user = UserFactory()
    attempt = start_quiz(user, quiz)
    Attempt.objects.update(purpose=AttemptPurpose.BEFORE)
    assert seen_questions(user.pk, quiz.key) == {
        question.key for question in Paper.load(attempt.paper).questions
    }


def test_conditions_are_read_from_the_published_canonical_variant(course, objective):
    wanted = of_objective(1, objective, difficulty="hard")
    by_arabic, draft, retired = (
        make_question("numeric", objective=objective, difficulty="hard") for _ in "abc"
    )
    Question.objects.filter(pk=by_arabic["fr"].pk).update(difficulty="easy")
    Question.objects.filter(translation_key=draft["fr"].translation_key).update(live=False)
    Question.objects.filter(pk=retired["fr"].pk).update(retired=True)
    quiz = make_quiz(course, questions=[])
    add_draw(quiz, 4, draw_objective=objective, draw_difficulty="hard")
    assert set(asked(freeze_quiz(quiz.key))) == keys(wanted)


def test_a_category_stands_for_what_lies_below_it(course):
    money = QuestionCategory.objects.create(name="Argent")
    cash = QuestionCategory.objects.create(name="Espèces", parent=money)
    deep = QuestionCategory.objects.create(name="Seuils", parent=cash)
    other = QuestionCategory.objects.create(name="Autre")
    inside = [make_question("numeric", category=category) for category in (money, cash, deep)]
    make_question("numeric", category=other)
    quiz = make_quiz(course, questions=[])
    add_draw(quiz, 9, draw_category=money)
    assert set(asked(freeze_quiz(quiz.key))) == keys(inside)


def test_a_tag_counts_on_the_canonical_variant_whatever_its_case(course):
    tagged, other, arabic = (make_question("numeric") for _ in "abc")
    tagged["fr"].tags.add("Banque")
    other["fr"].tags.add("caisse")
    arabic["ar"].tags.add("banque")
    quiz = make_quiz(course, questions=[])
    add_draw(quiz, 9, draw_tag="banque")
    assert asked(freeze_quiz(quiz.key)) == [tagged["fr"].translation_key]


def test_a_draw_does_without_types_that_are_not_there(course, objective):
    one, other = of_objective(2, objective)
    Question.objects.filter(translation_key=one["fr"].translation_key).update(type="gone")
    quiz = make_quiz(course, questions=[])
    add_draw(quiz, 2, draw_objective=objective)
    assert asked(freeze_quiz(quiz.key)) == [other["fr"].translation_key]


def test_retired_questions_are_asked_no_more(course):
    quiz = make_quiz(course, "numeric", "true_false")
    Question.objects.filter(pk=quiz.questions[0]["fr"].pk).update(retired=True)
    assert asked(freeze_quiz(quiz.key)) == [quiz.question_key(1)]
    assert question_count(quiz.pages["fr"]) == 1


def test_queries_do_not_grow_with_rows_draws_or_questions(course, django_assert_num_queries):
    category = QuestionCategory.objects.create(name="Argent")
    quizzes = []
    for module, count in ((0, 1), (1, 3)):
        quiz = make_quiz(course, *["numeric"] * count, module=module)
        for _row in range(count):
            objective = make_objective()
            case = Scenario.objects.create(title="Cas", text="Un cas.", locale=quiz.pages["fr"].locale)
            made = of_objective(count, objective, category=category, scenario=case)
            for question in made:
                question["fr"].tags.add("banque")
            add_draw(quiz, count, draw_objective=objective, draw_category=category, draw_tag="banque")
        quizzes.append(quiz)
    for quiz in quizzes:
        # Pages, rows, categories, questions, tags; then the drawn ones whole, and their cases.
        with django_assert_num_queries(7):
            freeze_quiz(quiz.key, seed="x")
        with django_assert_num_queries(4):
            question_count(quiz.pages["fr"])
    assert len(asked(freeze_quiz(quizzes[1].key))) == 12


# Order and words


def test_choices_are_shuffled_for_each_paper_and_the_version_stays(course):
    types = ("single_choice", "multiple_choice", "true_false", "matching", "ordering")
    quiz = make_quiz(course, *types, shuffle_choices=True)
    plain = make_quiz(course, questions=quiz.questions, module=1)
    bodies = {kind: set() for kind in types}
    original = {question.type: question for question in freeze_quiz(plain.key).load().questions}
    for seed in "abcdefgh":
        for question in freeze_quiz(quiz.key, seed=seed).load().questions:
            bodies[question.type].add(str(question.body))
            assert question.version == original[question.type].version
            assert question.answer == original[question.type].answer
            for part, ids in question.body.items():
                assert sorted(ids) == sorted(original[question.type].body[part])
    assert len(bodies.pop("true_false")) == 1
    assert all(len(orders) > 1 for orders in bodies.values())


def test_questions_of_a_section_are_shuffled_among_themselves(course):
    quiz = make_quiz(course, *["numeric"] * 6, shuffle_questions=True)
    items = QuizItem.objects.filter(page=quiz.pages["fr"])
    items.filter(sort_order=3).update(section={"fr": "Suite", "ar": "تتمّة"})
    named = [quiz.question_key(number) for number in range(6)]
    orders = {tuple(asked(freeze_quiz(quiz.key, seed=seed))) for seed in "abcdefgh"}
    assert len(orders) > 1
    assert all(set(order[:3]) == set(named[:3]) for order in orders)
    assert freeze_quiz(quiz.key).load().sections == {4: {"fr": "Suite", "ar": "تتمّة"}}


def test_a_case_is_frozen_in_its_languages(course):
    locale = {language: page.locale for language, page in make_quiz(course, "numeric").pages.items()}
    case = Scenario.objects.create(title="Une caisse", text="Salma trouve…", locale=locale["fr"])
    Scenario.objects.create(
        title="صندوق", text="وجدت سلمى…", locale=locale["ar"], translation_key=case.translation_key
    )
    quiz = make_quiz(course, questions=[make_question("numeric", scenario=case)], module=1)
    paper = freeze_quiz(quiz.key).paper
    assert paper["questions"][0]["scenario"] == str(case.translation_key)
    assert paper["scenarios"] == {
        str(case.translation_key): {
            "language": "fr",
            "texts": {
                "fr": {"title": "Une caisse", "text": "Salma trouve…"},
                "ar": {"title": "صندوق", "text": "وجدت سلمى…"},
            },
        }
    }


def test_hints_and_provisions_stay_with_the_key(course):
    quiz = make_quiz(course, questions=[make_question("numeric", hints="Un\n\n Deux ", provisions="Art. 38")])
    frozen = freeze_quiz(quiz.key)
    remarks = frozen.answer_key[str(quiz.question_key(0))]["remarks"]["fr"]
    assert (remarks["hints"], remarks["provisions"]) == (["Un", "Deux"], ["Art. 38"])
    assert "Art. 38" not in str(frozen.paper)


def test_papers_of_the_first_format_are_read_still(quiz):
    old = freeze_quiz(quiz.key).paper
    for name in ("policy", "objectives", "scenarios", "sections"):
        del old[name]
    for row in old["questions"]:
        for name in ("revision", "objective", "scenario"):
            del row[name]
    paper = Paper.load(old | {"format": 1})
    assert [question.key for question in paper.questions] == [
        quiz.question_key(number) for number in range(len(quiz.questions))
    ]
    assert (paper.objectives, paper.sections, paper.policy.penalty_percent) == ({}, {}, 0)


# Enough of them


def test_a_draw_that_cannot_be_met_is_named_with_what_there_is(drawing, objective):
    quiz, _pool = drawing
    rows = rows_of(quiz.pages["fr"])
    assert problems_of(rows) == []
    QuizItem.objects.filter(draw_count=2).update(draw_count=6)
    [problem] = problems_of(rows_of(quiz.pages["fr"]))
    assert "2" in str(problem)
    assert "6" in str(problem)
    assert "5" in str(problem)
    # An attempt takes what there is.
    assert len(asked(freeze_quiz(quiz.key))) == 6
    assert len(problems_of([])) == 1
    assert len(problems_of([Row(count=1, objective=make_objective().pk)])) == 2


def test_statistics_hold_though_every_attempt_has_a_paper_of_its_own(drawing, django_assert_max_num_queries):
    quiz, pool = drawing
    QuizPage.objects.update(shuffle_choices=True)
    for _person in range(6):
        user = UserFactory()
        attempt = start_quiz(user, quiz)
        submit(user, attempt.uuid, at=timezone.now())
    assert Attempt.objects.values("paper_hash").distinct().count() > 1
    with django_assert_max_num_queries(15):
        row = compute(quiz.key, at=timezone.now())
    assert row.summary["attempts"] == 6
    asked_of = {item["key"]: item for item in row.questions}
    assert asked_of[str(quiz.question_key(0))]["asked"] == 6
    # One that was drawn earlier and may be drawn again isn't an earlier version.
    assert all(item["current"] for item in row.questions)
    assert {*asked_of} <= {str(key) for key in {quiz.question_key(0), *pool}}


def test_offered_questions_are_the_same_for_saved_and_unsaved_rows(drawing):
    quiz, pool = drawing
    assert set(offered_to(rows_of(quiz.pages["fr"]))) == {quiz.question_key(0), *pool}
    assert offered_to([]) == {}


def test_a_start_without_anything_to_ask_is_refused_as_before(course, objective):
    from courses.progress.domain.recording import enrol
    from courses.quizzes.domain.refusals import Refusal, Refused

    quiz = make_quiz(course, questions=[])
    add_draw(quiz, 1, draw_objective=objective)
    user, at = UserFactory(), timezone.now()
    enrolment = enrol(user, course.key, locale="fr", at=at)
    with pytest.raises(Refused) as refused:
        start(enrolment, quiz.key, locale="fr", at=at)
    assert refused.value.reason == Refusal.NO_QUESTIONS
