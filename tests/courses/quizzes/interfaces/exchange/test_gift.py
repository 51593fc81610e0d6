from decimal import Decimal
from fractions import Fraction

import pytest

from courses.quizzes.interfaces.exchange import api
from courses.quizzes.interfaces.exchange.entries import (
    Between,
    Choice,
    Entry,
    Matching,
    MultipleChoice,
    Near,
    Numeric,
    NumericAnswer,
    Open,
    Ordering,
    Pair,
    ShortText,
    SingleChoice,
    Text,
    TextAnswer,
    TextFormat,
    TrueFalse,
)
from courses.quizzes.interfaces.exchange.report import ExchangeError, State

HTML, PLAIN, AUTO = TextFormat.HTML, TextFormat.PLAIN, TextFormat.AUTO
FULL, NONE = Fraction(1), Fraction(0)


def read(text):
    return api.read(text.encode(), format=api.Format.GIFT)


def one(text):
    """The only entry of a text that loses nothing."""
    reading = read(text)
    assert [(outcome.state, *map(str, outcome.remarks)) for outcome in reading.outcomes] == [(State.TAKEN,)]
    return reading.entries[0]


def auto(text):
    return Text(text, AUTO)


def reasons(text):
    return [
        (outcome.name, outcome.state, [(remark.line, str(remark)) for remark in outcome.remarks])
        for outcome in read(text).outcomes
        if outcome.state is not State.TAKEN
    ]


SAMPLE = """\
// Questions on the register of members
// of an association

$CATEGORY: $course$/top/Obligations/Registre \\ الدفتر

// [id:REG-1] [tag:registre] [tag:الدفاتر]
::Qui tient le registre ?::[html]<p>Qui tient le <b>registre</b>\\: le bureau\\n ou la banque ?</p>{
    =le bureau#[plain]Oui, c'est le bureau.
    ~%-50%la banque #Non.
    // two more
    ~%33.33333%[moodle]le trésorier
    ~%0%personne
    ####[markdown]Voir **la loi**.
}

::عدد:: كم عدد الأيام للإعلام؟ {#30:0 #صحيح}

ما هو أجل الإيداع؟ {#
  =%100%30:1 #أحسنت
  =%50%25..35 #تقريبا
  ~ #بعيد
}

$CATEGORY: Obligations//Lois/Banque
Le compte est {~fermé =ouvert} à la banque.

Le plafond est de 500 dinars.{TRUE#Si, 500.#Bien.####Article 44.}
"""


class TestSample:
    def test_everything_is_taken_with_its_line(self):
        reading = read(SAMPLE)

        assert [outcome.state for outcome in reading.outcomes] == [State.TAKEN] * 5
        assert [entry.line for entry in reading.entries] == [7, 16, 18, 25, 27]

    def test_choice(self):
        entry = read(SAMPLE).entries[0]

        assert entry == Entry(
            name="Qui tient le registre ?",
            identifier="REG-1",
            tags=("registre", "الدفاتر"),
            category=("Obligations", "Registre \\ الدفتر"),
            stem=Text("<p>Qui tient le <b>registre</b>: le bureau\n ou la banque ?</p>", HTML),
            feedback=Text("Voir **la loi**.", TextFormat.MARKDOWN),
            kind=SingleChoice(
                (
                    Choice(Text("le bureau", HTML), FULL, Text("Oui, c'est le bureau.", PLAIN)),
                    Choice(Text("la banque", HTML), Fraction(-1, 2), Text("Non.", HTML)),
                    Choice(Text("le trésorier", AUTO), Fraction(1, 3)),
                    Choice(Text("personne", HTML), NONE),
                )
            ),
        )

    def test_numbers(self):
        first, second = read(SAMPLE).entries[1:3]

        assert first.name == "عدد"
        assert first.kind == Numeric((NumericAnswer(Near(Decimal(30)), FULL, auto("صحيح")),))
        assert second.kind == Numeric(
            (
                NumericAnswer(Near(Decimal(30), Decimal(1)), FULL, auto("أحسنت")),
                NumericAnswer(Between(Decimal(25), Decimal(35)), Fraction(1, 2), auto("تقريبا")),
                NumericAnswer(None, NONE, auto("بعيد")),
            )
        )

    def test_missing_word_and_its_category(self):
        entry = read(SAMPLE).entries[3]

        assert entry.category == ("Obligations/Lois", "Banque")
        assert entry.stem == auto("Le compte est _____ à la banque.")
        assert entry.kind == SingleChoice((Choice(auto("fermé"), NONE), Choice(auto("ouvert"), FULL)))

    def test_true_or_false(self):
        entry = read(SAMPLE).entries[4]

        assert entry.kind == TrueFalse(True, when_true=auto("Bien."), when_false=auto("Si, 500."))
        assert entry.feedback == auto("Article 44.")

    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends_and_marks_change_nothing(self, end, mark):
        data = (mark + SAMPLE.replace("\n", end)).encode()

        assert api.read(data) == read(SAMPLE)
        assert [e.line for e in api.read(data).entries] == [e.line for e in read(SAMPLE).entries]

    def test_written_and_read_again(self):
        entries = read(SAMPLE).entries

        data = api.write(entries, api.Format.GIFT)

        assert api.read(data).entries == entries


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Q{T}", TrueFalse(True)),
        ("Q{ F # a }", TrueFalse(False, when_true=auto("a"))),
        ("Q{FALSE#a#b}", TrueFalse(False, when_true=auto("a"), when_false=auto("b"))),
        ("Q{TRUE##b}", TrueFalse(True, when_true=auto("b"))),
        ("Q{true}", TrueFalse(True)),
        ("Q{=true}", ShortText((TextAnswer("true"),))),
        ("Q{dinar}", ShortText((TextAnswer("dinar"),))),
        (
            "Q{=dinar =%50%din* #presque}",
            ShortText((TextAnswer("dinar"), TextAnswer("din*", Fraction(1, 2), auto("presque")))),
        ),
        ("Q{}", Open()),
        ("Q{ }", Open()),
        ("Q{#3,14}", Numeric((NumericAnswer(Near(Decimal("3.14"))),))),
        ("Q{#٣٠}", Numeric((NumericAnswer(Near(Decimal(30))),))),
        ("Q{#-2.5..1e1}", Numeric((NumericAnswer(Between(Decimal("-2.5"), Decimal(10))),))),
        (
            "Q{=A->1 = [html]<b>B</b> -> 2 \\= deux = -> 3}",
            Matching((Pair(auto("A"), "1"), Pair(Text("<b>B</b>", HTML), "2 = deux")), ("3",)),
        ),
        (
            "Q{~%50%a ~%50%b ~%-100%c}",
            MultipleChoice(
                (
                    Choice(auto("a"), Fraction(1, 2)),
                    Choice(auto("b"), Fraction(1, 2)),
                    Choice(auto("c"), Fraction(-1)),
                )
            ),
        ),
        ("Q{>3 none\nun\ndeux\n}", Ordering((auto("un"), auto("deux")))),
    ],
)
def test_kinds(source, kind):
    assert one(source).kind == kind


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        (r"a \= b \~ \# \{c\} \: \\ \n d{T}", "a = b ~ # {c} : \\ \n d"),
        (r"\\n \x \frac\{1\}\{2\}{T}", "\\n \\x \\frac{1}{2}"),
        ("un\ndeux\n// note\ntrois{T}", "un\ndeux\n\ntrois"),
        ("[inconnu] x{T}", "[inconnu] x"),
        ("[moodle][html] x{T}", "[html] x"),
        ("::a b\\: c:: x : y{T}", "x : y"),
        ("2 // 3 = ?{T}", "2 // 3 = ?"),
    ],
)
def test_escapes_and_formats(source, stem):
    assert one(source).stem == auto(stem)


@pytest.mark.parametrize(
    ("source", "line", "word"),
    [
        ("Q{=a ~b", 1, "brace"),
        ("Q =a}", 1, "brace"),
        ("Q\nR}{T", 2, "brace"),
        ("Q{T} x {F}", 1, "second brace"),
        ("Q{=a ~%200%b}", 1, "%200%"),
        ("Q{a ~b =c}", 1, "'a'"),
        ("Q{=a}{T}", 1, "second"),
        ("Q{=a->b =c}", 1, "'c'"),
        ("Q{=a->b = ->c}", 1, "2"),
        ("Q{#abc}", 1, "abc"),
        ("Q{#1,500}", 1, "1500"),
        ("Q{#5..1}", 1, "5..1"),
        ("Q{#5:-1}", 1, "negative"),
        ("Q{~a ~b}", 1, "right"),
        ("Q{=a ~}", 1, "empty"),
        ("Q{#=*#x}", 1, "right"),
        ("{=a ~b}", 1, "question text"),
        ("Une explication.", 1, "description"),
    ],
)
def test_defects(source, line, word):
    found = reasons("Avant{T}\n\n" + source + "\n\nAprès{F}")

    assert [(name, state) for name, state, _remarks in found] == [("", State.LEFT_OUT)]
    [(said_line, said)] = found[0][2]
    assert said_line == line + 2
    assert word in said
    assert len(read("Avant{T}\n\n" + source + "\n\nAprès{F}").entries) == 2


def test_blank_line_in_braces_is_one_outcome_and_names_that_line():
    source = "::Une:: Q{\n=a\n\n~b\n\n~c\n}\n\nAprès{F}"

    assert reasons(source) == [
        (
            "Une",
            State.LEFT_OUT,
            [(3, "A blank line stands between its braces, where it ends the question.")],
        )
    ]
    assert len(read(source).entries) == 1


def test_pictures_that_the_file_only_names_are_a_loss():
    [(name, state, remarks)] = reasons('::X::[html]<img src\\="@@PLUGINFILE@@/a.png">{T}')

    assert (name, state, len(remarks)) == ("X", State.WITH_LOSSES, 1)


def test_written_sample():
    entries = [
        Entry(
            Text("Combien ? {1} = ~2~", PLAIN),
            SingleChoice(
                (Choice(Text("100 %", PLAIN), FULL), Choice(Text("%50% de 2", PLAIN), NONE, Text("Non")))
            ),
            name="N: 1",
            category=("A", "B/C"),
            tags=("x]y",),
        ),
        Entry(
            auto("ما هي الولاية؟"),
            ShortText(
                (TextAnswer("تونس"), TextAnswer("[x]")),
            ),
            category=("A", "B/C"),
        ),
        Entry(
            auto("Q"),
            Numeric(
                (NumericAnswer(Near(Decimal("1.50"), Decimal(0))), NumericAnswer(None, NONE, auto("non")))
            ),
            feedback=Text("<p>a</p>", HTML),
        ),
        Entry(auto("// R"), TrueFalse(False, when_false=auto("oui"))),
    ]

    assert api.write(entries, api.Format.GIFT).decode() == (
        "$CATEGORY: $course$/top/A/B//C\n"
        "\n"
        "// [tag:x\\]y]\n"
        "::N\\: 1::[plain]Combien ? \\{1\\} \\= \\~2\\~{\n"
        "\t=100 %\n"
        "\t~[plain]%50% de 2#Non\n"
        "}\n"
        "\n"
        "ما هي الولاية؟{\n"
        "\t=%100%تونس\n"
        "\t=%100%[moodle][x]\n"
        "}\n"
        "\n"
        "$CATEGORY: $course$/top\n"
        "\n"
        "Q{#\n"
        "\t=%100%1.5:0\n"
        "\t~#non\n"
        "\t####[html]<p>a</p>\n"
        "}\n"
        "\n"
        "[moodle]// R{FALSE##oui}\n"
    )


def test_choices_that_are_all_right_stay_choices():
    entry = Entry(auto("Q"), SingleChoice((Choice(auto("a"), FULL), Choice(auto("b"), FULL))))

    data = api.write([entry], api.Format.GIFT)

    assert data == b"Q{\n\t=a\n\t~%100%b\n}\n"
    assert api.read(data).entries == (entry,)


class TestWhatGiftCannotSay:
    @pytest.mark.parametrize(
        ("entry", "word"),
        [
            (Entry(auto("Q"), TrueFalse(True), points=Decimal("2.50")), "points"),
            (Entry(auto("Q"), Numeric((NumericAnswer(Near(Decimal(1))),), "km")), "km"),
            (Entry(auto("Q"), ShortText((TextAnswer("a"),), case_sensitive=True)), "capital"),
            (Entry(auto("Q"), Open(Text("Notes"))), "notes"),
            (
                Entry(
                    auto("Q"), MultipleChoice((Choice(auto("a"), Fraction(17, 97)), Choice(auto("b"), FULL)))
                ),
                "17.52577",
            ),
        ],
    )
    def test_losses(self, entry, word):
        [outcome] = api.outcomes_of_writing([entry], api.Format.GIFT)

        assert outcome.state is State.WITH_LOSSES
        assert word in str(outcome.remarks[0])
        with pytest.raises(ExchangeError, match=word):
            api.write([entry], api.Format.GIFT)
        assert api.write([entry], api.Format.GIFT, allow_losses=True)

    @pytest.mark.parametrize(
        "entry",
        [
            Entry(auto("Q"), Ordering((auto("a"), auto("b")))),
            Entry(auto("Q"), Matching((Pair(auto("a->b"), "1"), Pair(auto("c"), "2")))),
            Entry(auto("Q"), ShortText((TextAnswer("a->b"),))),
            Entry(auto("Q"), SingleChoice((Choice(auto("a"), Fraction(1, 2)), Choice(auto("b"), NONE)))),
            Entry(Text(""), TrueFalse(True)),
        ],
    )
    def test_left_out(self, entry):
        other = Entry(auto("Autre"), TrueFalse(True))

        outcomes = api.outcomes_of_writing([entry, other], api.Format.GIFT)

        assert [outcome.state for outcome in outcomes] == [State.LEFT_OUT, State.TAKEN]
        with pytest.raises(ExchangeError):
            api.write([entry, other], api.Format.GIFT)
        assert api.write([entry, other], api.Format.GIFT, allow_losses=True) == b"Autre{TRUE}\n"
