import base64
import tracemalloc
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from courses.quizzes.interfaces.exchange import api, xmltree
from courses.quizzes.interfaces.exchange.entries import (
    Between,
    Choice,
    ChoicesGap,
    Cloze,
    Entry,
    Gap,
    Image,
    Matching,
    MultipleChoice,
    Near,
    NumberGap,
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
    TextGap,
    TrueFalse,
)
from courses.quizzes.interfaces.exchange.report import ExchangeError, State
from tests.courses.quizzes.interfaces.exchange.strategies import GIF, PNG

HTML, PLAIN, AUTO = TextFormat.HTML, TextFormat.PLAIN, TextFormat.AUTO
FULL, NONE = Fraction(1), Fraction(0)


def html(text):
    return Text(text, HTML)


def quiz(*questions):
    return '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>\n"


def question(type, inside, *, stem="<p>Q</p>", head=""):
    return (
        f'<question type="{type}"><name><text>N</text></name>'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text>{head}</questiontext>\n{inside}</question>'
    )


def answer(fraction, text, feedback="", more=""):
    return (
        f'<answer fraction="{fraction}" format="html"><text>{text}</text>{more}'
        f'<feedback format="html"><text>{feedback}</text></feedback></answer>'
    )


TWO = answer(100, "a") + answer(0, "b")


def read(*questions):
    return api.read(quiz(*questions).encode())


def one(type, inside, **more):
    """The only entry of a question that loses nothing."""
    reading = read(question(type, inside, **more))
    assert [(outcome.state, *map(str, outcome.remarks)) for outcome in reading.outcomes] == [(State.TAKEN,)]
    return reading.entries[0]


def reason(*questions):
    [outcome] = read(*questions).outcomes
    return outcome.state, [(remark.line, str(remark)) for remark in outcome.remarks]


SAMPLE = quiz(
    """  <question type="category">
    <category><text>$course$/top/Par défaut/الدفاتر</text></category>
    <info format="html"><text>Ce qu'il faut savoir</text></info>
  </question>
  <!-- question: 12 -->
  <question type="multichoice">
    <name><text>Registre</text></name>
    <questiontext format="html">
      <text><![CDATA[<p dir="rtl">من يمسك <b>الدفتر</b>؟ <img src="@@PLUGINFILE@@/d%C3%A9p%C3%B4t.png" alt=""></p>]]></text>
<file name="dépôt.png" path="/" encoding="base64">PNG</file>
    </questiontext>
    <generalfeedback format="markdown"><text>انظر **الفصل** 44 &amp; suivants</text></generalfeedback>
    <defaultgrade>2.5000000</defaultgrade>
    <penalty>0.3333333</penalty>
    <hidden>0</hidden>
    <idnumber>REG-1</idnumber>
    <single>false</single>
    <shuffleanswers>true</shuffleanswers>
    <answernumbering>abc</answernumbering>
    <correctfeedback format="html"><text>Votre réponse est correcte.</text></correctfeedback>
    <partiallycorrectfeedback format="html"><text><![CDATA[<p>Your answer is partially correct.</p>]]></text></partiallycorrectfeedback>
    <incorrectfeedback format="html"><text></text></incorrectfeedback>
    <answer fraction="33.33333" format="html"><text>الكاتب العام</text>
      <feedback format="plain_text"><text>أحسنت</text></feedback></answer>
    <answer fraction="66.66667" format="html"><text>الرئيس</text><feedback format="html"><text></text></feedback></answer>
    <answer fraction="-100" format="moodle_auto_format"><text>البنك</text></answer>
    <tags><tag><text>registre</text></tag><tag><text>دفتر</text></tag></tags>
  </question>"""
).replace(">PNG<", f">{base64.b64encode(PNG).decode()}<")


def test_sample():
    reading = api.read(SAMPLE.encode())

    assert [outcome.state for outcome in reading.outcomes] == [State.TAKEN]
    [entry] = reading.entries
    assert entry.line == 8
    assert entry == Entry(
        name="Registre",
        identifier="REG-1",
        category=("Par défaut", "الدفاتر"),
        tags=("registre", "دفتر"),
        stem=html(
            '<p dir="rtl">من يمسك <b>الدفتر</b>؟ <img src="@@PLUGINFILE@@/d%C3%A9p%C3%B4t.png" alt=""></p>'
        ),
        feedback=Text("انظر **الفصل** 44 & suivants", TextFormat.MARKDOWN),
        points=Decimal("2.5"),
        images=(Image("dépôt.png", "image/png", PNG),),
        kind=MultipleChoice(
            (
                Choice(html("الكاتب العام"), Fraction(1, 3), Text("أحسنت")),
                Choice(html("الرئيس"), Fraction(2, 3)),
                Choice(Text("البنك", AUTO), Fraction(-1)),
            )
        ),
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256"])
def test_encodings_and_line_ends(encoding):
    source = quiz(question("truefalse", answer(100, "true", "نعم") + answer(0, "false")))
    plain = api.read(source.encode())
    declared = source.replace("UTF-8", encoding.replace("-sig", "")).replace("\n", "\r\n")

    assert api.read(declared.encode(encoding)) == plain


@pytest.mark.parametrize(
    ("type", "inside", "kind"),
    [
        ("multichoice", "<single>true</single>" + TWO, SingleChoice((Choice(html("a"), FULL), Choice(html("b"), NONE)))),
        ("multichoice", TWO, SingleChoice((Choice(html("a"), FULL), Choice(html("b"), NONE)))),
        ("truefalse", answer(0, "true", "t") + answer(100, "false", "f"), TrueFalse(False, html("t"), html("f"))),
        ("truefalse", answer(100, "false", "f") + answer(0, "true", "t"), TrueFalse(False, html("t"), html("f"))),
        ("truefalse", answer(100, "Vrai", "t") + answer(0, "Faux", "f"), TrueFalse(True, html("t"), html("f"))),
        (
            "shortanswer",
            "<usecase>1</usecase>" + answer(100, "Tunis*", "oui") + answer(50, "  تونس "),
            ShortText((TextAnswer("Tunis*", FULL, html("oui")), TextAnswer("تونس", Fraction(1, 2))), True),
        ),
        (
            "numerical",
            answer(100, "500", "oui", "<tolerance>0.5</tolerance>")
            + answer(50, "1.5E3", "", "<tolerance></tolerance>")
            + answer(0, "*", "non", "<tolerance>0</tolerance>")
            + "<units><unit><multiplier>1</multiplier><unit_name>دينار</unit_name></unit></units>",
            Numeric(
                (
                    NumericAnswer(Near(Decimal(500), Decimal("0.5")), FULL, html("oui")),
                    NumericAnswer(Near(Decimal(1500)), Fraction(1, 2)),
                    NumericAnswer(None, NONE, html("non")),
                ),
                "دينار",
            ),
        ),
        (
            "matching",
            "".join(
                f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'
                for left, right in (("a", "1"), ("b", "2"), ("", "3"))
            ),
            Matching((Pair(html("a"), "1"), Pair(html("b"), "2")), ("3",)),
        ),
        (
            "ordering",
            "<layouttype>VERTICAL</layouttype>" + answer("2.0000000", "b") + answer("10.0", "c") + answer("1.0000000", "a"),
            Ordering((html("a"), html("b"), html("c"))),
        ),
        (
            "essay",
            '<responseformat>editor</responseformat><graderinfo format="html"><text><![CDATA[<p>g</p>]]></text></graderinfo>'
            "<responsetemplate><text></text></responsetemplate>",
            Open(html("<p>g</p>")),
        ),
    ],
)  # fmt: skip
def test_kinds(type, inside, kind):
    assert one(type, inside) == Entry(html("<p>Q</p>"), kind, name="N")


class TestCloze:
    def test_every_sort_of_gap(self):
        passage = (
            "<p>Dans {2:MULTICHOICE:le siège#Non~=la banque#Oui~%50%les deux}, "
            "تونس {:SA:=Tunis~%33.333%Tun*#presque}, {1:NUMERICAL:=500:0.5#ok~%50%1,5~*#non} "
            "{3:MULTIRESPONSE_H:~=a~=b~%-100%c} {1:MWC:=DIN}.</p>"
        )

        entry = one("cloze", "<penalty>0</penalty>", stem=passage)

        assert entry.stem == Text("")
        assert entry.points == 8
        assert entry.kind == Cloze(
            (
                "<p>Dans ",
                Gap(
                    ChoicesGap(
                        (
                            Choice(html("le siège"), NONE, html("Non")),
                            Choice(html("la banque"), FULL, html("Oui")),
                            Choice(html("les deux"), Fraction(1, 2)),
                        )
                    ),
                    2,
                ),
                ", تونس ",
                Gap(TextGap((TextAnswer("Tunis"), TextAnswer("Tun*", Fraction(1, 3), html("presque"))))),
                ", ",
                Gap(
                    NumberGap(
                        (
                            NumericAnswer(Near(Decimal(500), Decimal("0.5")), FULL, html("ok")),
                            NumericAnswer(Near(Decimal("1.5")), Fraction(1, 2)),
                            NumericAnswer(None, NONE, html("non")),
                        )
                    )
                ),
                " ",
                Gap(
                    ChoicesGap(
                        (Choice(html("a"), FULL), Choice(html("b"), FULL), Choice(html("c"), Fraction(-1))),
                        True,
                    ),
                    3,
                ),
                " ",
                Gap(TextGap((TextAnswer("DIN"),), case_sensitive=True)),
                ".</p>",
            ),
            HTML,
        )

    def test_escapes(self):
        passage = r"{1:SA:=a\}b\#c\~d\/e &amp; f &#125;&eacute;\x#r \} &lt;b&gt;} {ordinary} {1:XX:=a}"

        entry = one("cloze", "", stem=passage)

        gap = Gap(TextGap((TextAnswer("a}b#c~d/e & f }é\\x", FULL, html("r } <b>")),)))
        assert entry.kind == Cloze((gap, " {ordinary} {1:XX:=a}"), HTML)

    @pytest.mark.parametrize(
        ("passage", "word"),
        [
            ("Rien.", "no gap"),
            ("{1:SA:=a", "not closed"),
            ("{1:SA:a}", "right"),
            ("{1:SA:}", "Too few"),
            ("{1:MC:=a}", "Too few"),
            ("{1:NM:=a}", "'a'"),
            ("{1:NM:=1,500}", "1500"),
            ("{1:SA:%200%a}", "%200%"),
            ("{999:SA:=a} {999:SA:=a}", "points"),
        ],
    )
    def test_defects(self, passage, word):
        state, [(line, said)] = reason(question("cloze", "", stem=passage))

        assert (state, line) == (State.LEFT_OUT, 3)
        assert word in said

    def test_text_that_looks_like_a_gap_cannot_be_written(self):
        entry = Entry(
            Text(""),
            Cloze(("Écrivez {1:SA:=x} ici : ", Gap(TextGap((TextAnswer("a"),)))), HTML),
            points=Decimal(1),
        )

        with pytest.raises(ExchangeError, match="looks like a gap"):
            api.write([entry], api.Format.MOODLE_XML)


class TestPictures:
    def file(self, data, name="a.png", path="/"):
        encoded = base64.b64encode(data).decode()
        return f'<file name="{name}" path="{path}" encoding="base64">{encoded}</file>'

    def test_the_same_name_in_two_texts_is_two_pictures(self):
        entry = one(
            "truefalse",
            f'<generalfeedback format="html"><text>&lt;img src="@@PLUGINFILE@@/a.png"&gt;</text>{self.file(GIF)}'
            f"</generalfeedback>" + answer(100, "true") + answer(0, "false"),
            stem='<img src="@@PLUGINFILE@@/a.png">',
            head=self.file(PNG),
        )

        assert {image.name: (image.mime, image.data) for image in entry.images} == {
            "a.png": ("image/png", PNG),
            "a-2.png": ("image/gif", GIF),
        }
        assert entry.feedback == html('<img src="@@PLUGINFILE@@/a-2.png">')

    def test_a_folder_is_no_part_of_the_name(self):
        entry = one(
            "essay",
            "",
            stem='<img src="@@PLUGINFILE@@/un/deux/a%20b.png?x=1">',
            head=self.file(PNG, "../a b.png", "/un/deux/").replace("../", ""),
        )

        assert entry.images == (Image("a b.png", "image/png", PNG),)
        assert entry.stem == html('<img src="@@PLUGINFILE@@/a%20b.png">')

    @pytest.mark.parametrize(
        ("file", "word"),
        [
            ("", "missing"),
            ('<file name="a.png" encoding="base64">pas du base64 !</file>', "no picture"),
            (
                '<file name="a.png" encoding="base64">' + base64.b64encode(b"<svg/>").decode() + "</file>",
                "no picture",
            ),
            ('<file name="a.png" encoding="base64"></file>', "no picture"),
        ],
    )
    def test_what_cannot_be_shown_is_a_loss(self, file, word):
        state, remarks = reason(question("essay", "", stem='<img src="@@PLUGINFILE@@/a.png">', head=file))

        assert state is State.WITH_LOSSES
        assert any(word in said for _line, said in remarks)
        assert all(line == 3 for line, _said in remarks)

    def test_each_is_written_where_it_is_shown(self):
        entry = Entry(
            html("<p>Q</p>"),
            TrueFalse(True, when_false=html('<img src="@@PLUGINFILE@@/f.gif">')),
            images=(Image("f.gif", "image/gif", GIF), Image("libre.png", "image/png", PNG)),
        )

        data = api.write([entry], api.Format.MOODLE_XML).decode()

        assert data.index('name="libre.png"') < data.index("</questiontext>")
        assert (
            data.index("false</text>") < data.index('name="f.gif"') < data.index("</answer>\n  </question>")
        )
        assert api.read(data.encode()).entries == (entry,)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (question("multichoice", answer(100, "a")), "Too few"),
        (question("multichoice", answer(0, "a") + answer(0, "b")), "right"),
        (question("multichoice", answer(100, "a") + answer(0, "")), "empty"),
        (question("multichoice", answer("beaucoup", "a") + answer(0, "b")), "beaucoup"),
        (question("multichoice", answer(150, "a") + answer(0, "b")), "150"),
        (question("multichoice", TWO, stem=" "), "question text"),
        (question("truefalse", answer(100, "true")), "two answers"),
        (question("truefalse", answer(100, "true") + answer(100, "false")), "Either"),
        (question("shortanswer", ""), "Too few"),
        (question("numerical", answer(100, "cinq")), "cinq"),
        (question("numerical", answer(100, "5", "", "<tolerance>-1</tolerance>")), "negative"),
        (question("numerical", answer(100, "*")), "right"),
        (question("matching", ""), "Too few"),
        (question("ordering", answer(1, "a")), "Too few"),
        (question("essay", "<defaultgrade>deux</defaultgrade>"), "deux"),
        (question("essay", "<defaultgrade>5000</defaultgrade>"), "points"),
        (question("essay", "", stem="x" * 20_001), "20000"),
        (question("description", ""), "description"),
        (question("calculated", TWO), "calculated"),
        ("<question/>", "''"),
    ],
)
def test_defects_stop_nothing(source, word):
    good = question("multichoice", TWO)

    first, second = read(source, good).outcomes

    assert (first.state, second.state) == (State.LEFT_OUT, State.TAKEN)
    assert word in str(first.remarks[0])
    assert first.remarks[0].line in (3, 4)


@pytest.mark.parametrize(
    ("inside", "word"),
    [
        ("<correctfeedback><text>Bravo</text></correctfeedback>", "whole answer"),
        ("<responsetemplate><text>Cher…</text></responsetemplate>", "template"),
        ("<image_base64>AAAA</image_base64>", "old form"),
    ],
)
def test_losses(inside, word):
    state, [(line, said)] = reason(question("multichoice", f"{TWO}\n{inside}"))

    assert state is State.WITH_LOSSES
    assert word in said
    assert line == 5 if "whole" in said else line >= 3


def test_other_units_are_a_loss():
    units = "".join(
        f"<unit><multiplier>{by}</multiplier><unit_name>{name}</unit_name></unit>"
        for by, name in (("0.001", "km"), ("1", "m"))
    )

    [outcome] = read(question("numerical", answer(100, "5") + f"<units>{units}</units>")).outcomes

    assert outcome.state is State.WITH_LOSSES
    assert outcome.entry.kind.unit == "m"


def test_markup_that_somebody_forgot_to_escape_is_kept():
    source = question("essay", "").replace("<![CDATA[<p>Q</p>]]>", "<p>Q &amp; <b class='x'>R</b><br/></p>")

    assert read(source).entries[0].stem == html('<p>Q &amp; <b class="x">R</b><br/></p>')


BOMB = """<?xml version="1.0"?>
<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<quiz><question type="essay"><questiontext><text>&c;</text></questiontext></question></quiz>"""


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (BOMB, 2),
        ('<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', 1),
        ('<?xml version="1.0"?>\n\n<!DOCTYPE quiz SYSTEM "http://127.0.0.1:1/x.dtd"><quiz/>', 3),
        ('<!DOCTYPE quiz [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x">%p;]><quiz/>', 1),
        ("<quiz>&x;</quiz>", 1),
        ("<quiz>\n<question>\n</quiz>", 3),
        ("<quiz/>", 0),
        ("<quiz></quiz><quiz></quiz>", 1),
        ("<quiz>" + "<a>" * 200, 1),
        ("<quiz>\x01</quiz>", 1),
        ('<?xml version="1.0" encoding="UTF-16"?><quiz/>', 1),
    ],
)
def test_files_that_cannot_be_read_at_all(source, line):
    with pytest.raises(ExchangeError) as refused:
        api.read(source.encode(), format=api.Format.MOODLE_XML)

    assert refused.value.line == line
    assert str(refused.value)


def test_another_xml_file_is_named():
    with pytest.raises(ExchangeError, match="'html'"):
        api.read(b"<html/>", format=api.Format.MOODLE_XML)


def test_a_bomb_costs_no_memory():
    tracemalloc.start()
    with pytest.raises(ExchangeError):
        api.read(BOMB.encode(), format=api.Format.MOODLE_XML)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 5_000_000


def test_elements_are_counted(monkeypatch):
    monkeypatch.setattr(xmltree, "MAX_NODES", 10)

    with pytest.raises(ExchangeError, match="too big"):
        read(question("multichoice", TWO))


def test_written_sample():
    entry = Entry(
        html("<p>Q ]]> &amp;</p>"),
        Numeric((NumericAnswer(Between(Decimal(1), Decimal(2)), FULL, Text("a & b")),), "km"),
        name="N <1>",
        tags=("t",),
        category=("A/B",),
    )

    data = api.write([entry], api.Format.MOODLE_XML)

    assert (
        data.decode()
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<quiz>
  <question type="category">
    <category><text>$course$/top/A//B</text></category>
  </question>
  <question type="numerical">
    <name><text><![CDATA[N <1>]]></text></name>
    <questiontext format="html">
      <text><![CDATA[<p>Q ]]]]><![CDATA[> &amp;</p>]]></text>
    </questiontext>
    <generalfeedback format="html">
      <text></text>
    </generalfeedback>
    <defaultgrade>1</defaultgrade>
    <idnumber></idnumber>
    <answer fraction="100" format="plain_text">
      <text>1.5</text>
      <tolerance>0.5</tolerance>
      <feedback format="plain_text">
        <text><![CDATA[a & b]]></text>
      </feedback>
    </answer>
    <units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>
    <unitgradingtype>0</unitgradingtype>
    <tags>
      <tag><text>t</text></tag>
    </tags>
  </question>
</quiz>
"""
    )
    near = replace(
        entry, kind=Numeric((NumericAnswer(Near(Decimal("1.5"), Decimal("0.5")), FULL, Text("a & b")),), "km")
    )
    assert api.read(data).entries == (near,)


@pytest.mark.parametrize(
    "entry",
    [
        Entry(html("Q"), SingleChoice((Choice(html("a"), Fraction(17, 97)), Choice(html("b"), FULL)))),
        Entry(Text(""), Cloze((Gap(TextGap((TextAnswer("a"),)), 2),)), points=Decimal(1)),
        Entry(
            Text(""),
            Cloze((Gap(ChoicesGap((Choice(Text("a"), Fraction(17, 97)), Choice(Text("b"), FULL)))),)),
            points=Decimal(1),
        ),
    ],
)
def test_what_it_would_lose_is_told(entry):
    [outcome] = api.outcomes_of_writing([entry], api.Format.MOODLE_XML)

    assert outcome.state is State.WITH_LOSSES
    assert api.read(api.write([entry], api.Format.MOODLE_XML, allow_losses=True)).entries
