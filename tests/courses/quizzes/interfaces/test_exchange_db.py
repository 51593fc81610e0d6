"""Questions of files in the bank: what is new, what changes, what stays, and nothing half-written."""

import base64

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupCollectionPermission

from courses.plugin_api.packages import key_for
from courses.quizzes.interfaces.exchange.detect import Format
from courses.quizzes.interfaces.exchange_bank import latest
from courses.quizzes.interfaces.exchange_db import Fate, Intake, preview, take
from courses.quizzes.interfaces.exchange_export import Selection, export
from courses.quizzes.interfaces.exchange_files import read_candidates
from courses.quizzes.models import Question, QuestionCategory
from tests.courses.interfaces.packages.trees import picture
from tests.factories.accounts import UserFactory, make_trainer
from tests.factories.quizzes import choice_id, make_objective, make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("locales")]

WITH_ID = """// [id:Q-1] [tag:Bank] [tag:droit]
$CATEGORY: $course$/top/Law/Registers

::Q-1::Who signs?{
=The president#Right.
~The cook
####Art. 6
}
"""
WITHOUT_ID = "How many days?{#30:2}\n\nIs it free?{TRUE}\n"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def candidates(text, language="fr"):
    return read_candidates(text.encode(), format="gift", language=language)[1]


def taken(text, *, language="fr", chosen=None, **options):
    return take(candidates(text, language), Intake(**options), chosen=chosen)


def fates(verdicts):
    return [verdict.fate for verdict in verdicts]


def remarks(verdict):
    return [str(remark) for remark in verdict.remarks]


ID_FIRST = WITH_ID.replace("// [id:Q-1] [tag:Bank] [tag:droit]\n", "").replace(
    "::Q-1::", "// [id:Q-1] [tag:Bank] [tag:droit]\n::Q-1::"
)


def test_a_new_question_is_a_draft_with_author_category_and_tags():
    trainer = make_trainer()
    (verdict,) = taken(ID_FIRST, user=trainer, own_categories=True)
    question = Question.objects.get()
    assert (verdict.fate, verdict.question) == (Fate.NEW, question)
    assert (question.live, question.has_unpublished_changes, question.author) == (False, True, trainer)
    assert (question.package_id, question.translation_key) == ("Q-1", key_for("Q-1"))
    assert str(question.category) == "Law › Registers"
    assert sorted(tag.name for tag in question.tags.all()) == ["Bank", "droit"]
    assert [(block.value["text"], block.value["correct"]) for block in question.choices] == [
        ("The president", True),
        ("The cook", False),
    ]
    assert question.latest_revision.user == trainer


def test_a_file_with_ids_taken_twice_changes_nothing():
    taken(ID_FIRST, own_categories=True)
    first = Question.objects.get().latest_revision_id
    (verdict,) = taken(ID_FIRST, own_categories=True)
    assert verdict.fate is Fate.UNCHANGED
    assert Question.objects.get().latest_revision_id == first
    assert QuestionCategory.objects.count() == 2


def test_a_file_without_ids_adds_and_says_that_the_same_is_there():
    assert fates(taken(WITHOUT_ID)) == [Fate.NEW, Fate.NEW]
    again = taken(WITHOUT_ID)
    assert [verdict.twin for verdict in again] == [True, True]
    assert "already" in remarks(again[0])[0]
    assert Question.objects.count() == 4


def test_a_changed_question_gets_a_draft_and_its_published_words_stay():
    taken(ID_FIRST)
    question = Question.objects.get()
    question.latest_revision.publish()
    ids = [block.id for block in Question.objects.get().choices]
    changed = ID_FIRST.replace("~The cook", "~The accountant\n~The cook").replace(
        "Who signs?", "Who must sign?"
    )
    (verdict,) = taken(changed)
    assert verdict.fate is Fate.CHANGED
    question = Question.objects.get()
    draft = question.get_latest_revision_as_object()
    assert (question.stem, question.live, question.has_unpublished_changes) == ("Who signs?", True, True)
    assert draft.stem == "Who must sign?"
    found = {block.value["text"]: block.id for block in draft.choices}
    assert [found["The president"], found["The cook"]] == ids
    assert found["The accountant"] not in ids


def test_the_words_of_another_language_become_its_variant():
    taken(ID_FIRST)
    arabic = (
        ID_FIRST.replace("Who signs?", "من يوقّع؟")
        .replace("The president", "الرئيس")
        .replace("The cook", "الطبّاخ")
    )
    (verdict,) = taken(arabic, language="ar")
    assert verdict.fate is Fate.CHANGED
    french = Question.objects.get(locale__language_code="fr")
    variant = Question.objects.get(locale__language_code="ar")
    assert (variant.translation_key, variant.live, variant.package_id) == (
        french.translation_key,
        False,
        "Q-1",
    )
    assert [block.id for block in variant.choices] == [block.id for block in french.choices]
    assert [block.value["text"] for block in variant.choices] == ["الرئيس", "الطبّاخ"]
    assert fates(taken(arabic, language="ar")) == [Fate.UNCHANGED]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (ID_FIRST.replace("~The cook", "~The cook\n~Both"), "doesn't fit"),
        (ID_FIRST.replace("=The president#Right.\n~The cook", "~The cook\n=The president"), "doesn't fit"),
        ("// [id:Q-1]\nIs it free?{TRUE}\n", "another type"),
    ],
)
def test_another_language_cannot_change_what_is_right(text, word):
    taken(ID_FIRST)
    (verdict,) = taken(text, language="ar")
    assert verdict.fate is Fate.LEFT_OUT
    assert word in remarks(verdict)[0]
    assert Question.objects.count() == 1


def test_an_id_twice_in_a_file_counts_once():
    verdicts = taken(f"{ID_FIRST}\n{ID_FIRST}")
    assert fates(verdicts) == [Fate.NEW, Fate.LEFT_OUT]
    assert "twice" in remarks(verdicts[1])[0]


def test_an_id_that_packages_cannot_have_is_known_again_all_the_same():
    text = "// [id:Frage 1 (neu)]\nIs it free?{TRUE}\n"
    assert fates(taken(text)) == [Fate.NEW]
    assert Question.objects.get().package_id == ""
    assert fates(taken(text)) == [Fate.UNCHANGED]


def test_a_bad_question_does_not_stop_the_rest():
    verdicts = taken("Broken {=a\n\nIs it free?{TRUE}\n\nTwo right{=a =b ~c}\n")
    assert fates(verdicts) == [Fate.LEFT_OUT, Fate.NEW, Fate.LEFT_OUT]
    assert [verdict.candidate.line for verdict in verdicts] == [1, 3, 5]


def test_only_chosen_questions_are_taken():
    verdicts = taken(WITHOUT_ID, chosen={2})
    assert [verdict.candidate.number for verdict in verdicts] == [2]
    assert Question.objects.get().type == "true_false"


def test_what_a_type_asks_for_is_asked_of_files_too():
    (verdict,) = taken("Capital?{=*}")
    assert verdict.fate is Fate.LEFT_OUT
    assert "would accept any answer" in remarks(verdict)[0]


def test_who_may_only_add_changes_nothing():
    taken(ID_FIRST)
    (verdict,) = taken(ID_FIRST.replace("The cook", "The clerk"), may_change=False)
    assert (
        verdict.fate,
        Question.objects.get().get_latest_revision_as_object().choices[1].value["text"],
    ) == (
        Fate.LEFT_OUT,
        "The cook",
    )


def test_the_category_of_the_file_is_named_where_it_is_not_taken():
    chosen = QuestionCategory.objects.create(name="Here")
    (verdict,) = taken(ID_FIRST, category=chosen)
    assert verdict.question.category == chosen
    assert remarks(verdict) == ["The category of the file is not taken: Law › Registers"]
    assert QuestionCategory.objects.count() == 1


def test_a_preview_writes_nothing_and_says_the_same():
    text = f"{ID_FIRST}\n{WITHOUT_ID}\nBroken {{=a\n"
    seen = preview(candidates(text), Intake(own_categories=True))
    assert (Question.objects.count(), QuestionCategory.objects.count()) == (0, 0)
    done = taken(text, own_categories=True)
    assert [(one.fate, one.type, one.remarks) for one in seen] == [
        (one.fate, one.type, one.remarks) for one in done
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_preview_asks_the_database_the_same_for_one_and_for_three(django_assert_num_queries, count):
    text = "".join(
        f"// [id:Q-{n}]\nIs it {n}?{{TRUE}}\n\nIs it free of {n}?{{TRUE}}\n\n" for n in range(count)
    )
    found = candidates(text)
    with django_assert_num_queries(3):
        preview(found, Intake())


PNG_BASE64 = base64.b64encode(picture()).decode()
MOODLE = f"""<quiz><question type="truefalse"><name><text>Stamp</text></name>
<questiontext format="html"><text><![CDATA[<p>Is it round? <img src="@@PLUGINFILE@@/stamp.png" alt="A stamp"></p>]]></text>
<file name="stamp.png" path="/" encoding="base64">{PNG_BASE64}</file></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>"""


def moodle(text=MOODLE):
    return read_candidates(text.encode(), language="fr")[1]


def test_a_picture_is_kept_once_and_shown_by_each_question_that_brings_it():
    for _time in range(2):
        (verdict,) = take(moodle(), Intake())
        assert not any("picture" in remark for remark in remarks(verdict))
    [image] = get_image_model().objects.all()
    assert image.title == "Stamp – stamp.png"
    for question in Question.objects.all():
        assert question.stem == "Is it round?"
        [block] = latest(question).pictures
        assert (block.value["image"], block.value["alt"]) == (image, "A stamp")


def test_a_picture_without_words_waits_as_a_draft_for_its_description():
    (verdict,) = take(moodle(MOODLE.replace(' alt="A stamp"', "")), Intake())
    assert "stamp.png has no description" in remarks(verdict)[-1]
    question = latest(Question.objects.get())
    assert not question.pictures[0].value["alt"]
    with pytest.raises(ValidationError) as refused:
        question.full_clean()
    assert list(refused.value.message_dict) == ["pictures"]


def test_a_picture_of_a_choice_is_the_choice_s_and_one_in_a_remark_stays_words():
    image = f'<file name="stamp.png" path="/" encoding="base64">{PNG_BASE64}</file>'
    text = """<quiz><question type="multichoice"><name><text>Stamp</text></name>
<questiontext format="html"><text>Which one?</text></questiontext><single>true</single>
<answer fraction="100" format="html"><text><![CDATA[<p>This <img src="@@PLUGINFILE@@/stamp.png" alt="A stamp"></p>]]></text>IMAGE
<feedback format="html"><text><![CDATA[Look: <img src="@@PLUGINFILE@@/stamp.png" alt="again">]]></text></feedback></answer>
<answer fraction="0"><text>None</text></answer></question></quiz>""".replace("IMAGE", image)
    take(moodle(text), Intake())
    shown, plain = latest(Question.objects.get()).choices
    assert (shown.value["text"], shown.value["alt"]) == ("This", "A stamp")
    assert shown.value["picture"] == get_image_model().objects.get()
    assert shown.value["feedback"] == "Look: [again]"
    assert plain.value["picture"] is None


def test_whoever_may_add_no_images_gets_words_in_their_place():
    nobody = UserFactory()
    (verdict,) = take(moodle(), Intake(user=nobody))
    assert "you may not add images" in remarks(verdict)[-1]
    assert Question.objects.get().stem == "Is it round?\n\n[A stamp]"
    assert not get_image_model().objects.exists()


def test_an_image_that_somebody_may_not_choose_isn_t_taken_for_theirs():
    """The same file lies in a collection that this trainer has no right to: they get one of their own."""
    hidden = Collection.get_first_root_node().add_child(name="Hidden")
    take(moodle(), Intake())
    Question.objects.all().delete()
    get_image_model().objects.update(collection=hidden)
    own = Collection.get_first_root_node().add_child(name="Own")
    person = UserFactory(is_staff=True)
    group = Group.objects.create(name="Illustrators")
    person.groups.add(group)
    for codename in ("add_image", "choose_image"):
        permission = Permission.objects.get(codename=codename)
        GroupCollectionPermission.objects.create(group=group, collection=own, permission=permission)
    take(moodle(), Intake(user=person))
    assert {image.collection.name for image in get_image_model().objects.all()} == {"Hidden", "Own"}
    assert latest(Question.objects.get()).pictures[0].value["image"].collection == own


def test_a_damaged_picture_is_not_kept():
    _format, found = read_candidates(MOODLE.replace(PNG_BASE64, PNG_BASE64[:60]).encode(), language="fr")
    (verdict,) = take(found, Intake())
    assert verdict.fate is Fate.NEW
    assert "is damaged" in remarks(verdict)[0]
    assert not get_image_model().objects.exists()


def test_nothing_half_written_is_left(monkeypatch):
    """A question that fails at the last moment leaves no row, no category, no image and no file."""

    def fail(*args, **kwargs):
        raise ValidationError("too late")

    _format, found = read_candidates(MOODLE.encode(), language="fr")
    monkeypatch.setattr(get_image_model(), "save", fail)
    (verdict,) = take(found, Intake(category=None))
    assert (verdict.fate, remarks(verdict)) == (Fate.LEFT_OUT, ["It can't be kept: too late"])
    assert not Question.objects.exists()


# There and back


def test_hints_provisions_objective_and_pictures_go_through_moodle_xml_and_come_back():
    objective = make_objective(key=key_for("O-1"), package_id="O-1")
    take(moodle(), Intake())
    image = get_image_model().objects.get()
    Question.objects.all().delete()
    for number, kind in enumerate(KINDS):
        variants = make_question(kind, correct=(0, 2) if kind == "multiple_choice" else (1,), languages=("fr",),
                                 translation_key=key_for(f"Q-{number}"), package_id=f"Q-{number}", objective=objective,
                                 hints="One < two.\nThree & four.", provisions="Art. 38\nDécret-loi 88")  # fmt: skip
        question = variants["fr"]
        question.pictures = [{"type": "picture", "id": choice_id(key_for(f"Q-{number}"), 9), "value": {
            "image": image.pk, "alt": 'A "round" stamp', "package_id": ""}}]  # fmt: skip
        if "choice" in kind:
            blocks = question.choices.get_prep_value()
            blocks[0]["value"] |= {"picture": image.pk, "alt": "A small stamp"}
            question.choices = blocks
        question.save()
    first = export(Selection(), Format.MOODLE_XML, language="fr")
    assert [outcome.remarks for outcome in first.outcomes] == [()] * len(KINDS)
    _format, found = read_candidates(first.data, language="fr")
    assert fates(take(found, Intake())) == [Fate.UNCHANGED] * len(KINDS)

    Question.objects.all().delete()
    get_image_model().objects.all().delete()
    _format, found = read_candidates(first.data, language="fr")
    assert fates(take(found, Intake())) == [Fate.NEW] * len(KINDS)
    Question.objects.update(live=True)
    for question in Question.objects.all():
        assert question.hints == "One < two.\nThree & four."
        assert question.provisions == "Art. 38\nDécret-loi 88"
        assert question.objective == objective
        assert question.pictures[0].value["alt"] == 'A "round" stamp'
    assert export(Selection(), Format.MOODLE_XML, language="fr").data == first.data


@pytest.mark.parametrize("format", [Format.GIFT, Format.AIKEN])
def test_what_a_text_format_has_no_place_for_is_said(format):
    take(moodle(), Intake())
    image = get_image_model().objects.get()
    Question.objects.all().delete()
    question = make_question(
        languages=("fr",), hints="One.", provisions="Art. 38", objective=make_objective()
    )["fr"]
    question.pictures = [
        {
            "type": "picture",
            "id": choice_id(question.translation_key, 9),
            "value": {"image": image.pk, "alt": "A"},
        }
    ]
    question.save()
    written = export(Selection(), format, language="fr")
    assert written.written == 1
    said = " ".join(str(remark) for remark in written.outcomes[0].remarks)
    for word in ("hints", "provisions", "learning objective", "pictures"):
        assert word in said


def test_an_objective_that_is_not_here_is_said_and_takes_nothing_away():
    objective = make_objective(key=key_for("O-1"), package_id="O-1")
    make_question("true_false", languages=("fr",), translation_key=key_for("Q-1"), package_id="Q-1", hints="One.",
                  objective=objective)  # fmt: skip
    data = export(Selection(), Format.MOODLE_XML, language="fr").data
    other = data.replace(b"objective:O-1", b"objective:O-2").replace(b"One.", b"")
    _format, found = read_candidates(other, language="fr")
    (verdict,) = take(found, Intake())
    assert "The learning objective O-2 is not here" in " ".join(remarks(verdict))
    assert verdict.fate is Fate.UNCHANGED
    question = Question.objects.get()
    assert (question.hints, question.objective) == ("One.", objective)


def test_a_tag_that_moodle_would_shorten_is_said():
    make_question(
        "true_false", languages=("fr",), provisions="Art. 38 du décret-loi n° 2011-88 du 24 septembre 2011"
    )
    written = export(Selection(), Format.MOODLE_XML, language="fr")
    assert "Moodle itself keeps 50 characters each" in str(written.outcomes[0].remarks[0])


KINDS = ("single_choice", "multiple_choice", "true_false", "numeric", "short_text", "matching", "ordering")


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("format", [Format.MOODLE_XML, Format.GIFT])
def test_what_is_exported_is_read_back_identically(format, language):
    for number, kind in enumerate(KINDS):
        make_question(kind, correct=(0, 2) if kind == "multiple_choice" else (1,), package_id=f"Q-{number}",
                      translation_key=key_for(f"Q-{number}"), points=3, case="First.\n\nThen.")  # fmt: skip
    written = export(Selection(), format, language=language)
    expected = KINDS if format is Format.MOODLE_XML else KINDS[:-1]
    _format, found = read_candidates(written.data, language=language)
    verdicts = take(found, Intake())
    assert [(verdict.fate, verdict.type) for verdict in verdicts] == [
        (Fate.UNCHANGED, kind) for kind in expected
    ]
    assert not any(question.latest_revision_id for question in Question.objects.all())


@pytest.mark.parametrize("format", [Format.MOODLE_XML, Format.GIFT])
def test_on_another_site_the_same_questions_come_out_as_went_in(format):
    for number, kind in enumerate(KINDS):
        make_question(kind, correct=(0, 2) if kind == "multiple_choice" else (1,), package_id=f"Q-{number}",
                      translation_key=key_for(f"Q-{number}"), languages=("fr",), points=1)  # fmt: skip
    first = export(Selection(), format, language="fr").data
    Question.objects.all().delete()
    _format, found = read_candidates(first, language="fr")
    take(found, Intake())
    Question.objects.update(live=True)
    assert export(Selection(), format, language="fr").data == first
