import base64
import contextlib
import io
import struct
import zipfile
from decimal import Decimal
from fractions import Fraction

import pytest

from courses.quizzes.interfaces.exchange import api, qti_package
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

HTML = TextFormat.HTML
FULL, NONE, HALF = Fraction(1), Fraction(0), Fraction(1, 2)


def html(text):
    return Text(text, HTML)


def item2(declaration, body, *, more="", title="N"):
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" '
        f'title="{title}">\n{declaration}<itemBody>{body}</itemBody>{more}</assessmentItem>'
    )


def declared(*values, cardinality="single", base="identifier", mapping="", name="RESPONSE"):
    correct = "".join(f"<value>{value}</value>" for value in values)
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{correct}</correctResponse>{mapping}</responseDeclaration>"
    )


def mapped(**worth):
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in worth.items())
    return f'<mapping defaultValue="0">{entries}</mapping>'


def choices2(*labels, most=1, prompt="<prompt>Où ?</prompt>"):
    made = "".join(
        f'<simpleChoice identifier="{chr(65 + place)}">{label}</simpleChoice>'
        for place, label in enumerate(labels)
    )
    return f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="{most}">{prompt}{made}</choiceInteraction>'


def item1(presentation, processing="", *, about="", feedback="", title="N"):
    fields = "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"
        for label, value in (pair.split("=") for pair in about.split())
    )
    return (
        f'<item ident="i1" title="{title}"><itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>'
        "<presentation><material><mattext texttype='text/html'>&lt;p&gt;Où ?&lt;/p&gt;</mattext></material>"
        f"{presentation}</presentation><resprocessing><outcomes><decvar maxvalue='100' varname='SCORE'/></outcomes>"
        f"{processing}</resprocessing>{feedback}</item>"
    )


def bank(*items):
    return (
        '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
        f'<assessment title="الدفاتر"><section ident="root_section">{"".join(items)}</section></assessment></questestinterop>'
    )


def lid(*labels, cardinality="Single", name="response1", material=""):
    made = "".join(
        f'<response_label ident="{place}"><material><mattext>{label}</mattext></material></response_label>'
        for place, label in enumerate(labels)
    )
    return f'<response_lid ident="{name}" rcardinality="{cardinality}">{material}<render_choice>{made}</render_choice></response_lid>'


def rule(condition, score=100, remark=""):
    score = "" if score is None else f"<setvar action='Set' varname='SCORE'>{score}</setvar>"
    remark = f"<displayfeedback feedbacktype='Response' linkrefid='{remark}'/>" if remark else ""
    return f"<respcondition><conditionvar>{condition}</conditionvar>{score}{remark}</respcondition>"


def equal(value, name="response1", more=""):
    return f"<varequal respident='{name}'{more}>{value}</varequal>"


def fb(name, text):
    return f"<itemfeedback ident='{name}'><flow_mat><material><mattext>{text}</mattext></material></flow_mat></itemfeedback>"


def entered(fibtype=""):
    return f"<response_str ident='response1' rcardinality='Single'><render_fib fibtype='{fibtype}'><response_label ident='a'/></render_fib></response_str>"


def outcomes(source):
    return api.read(source if isinstance(source, bytes) else source.encode()).outcomes


def one(source, *losses):
    [outcome] = outcomes(source)
    assert [str(remark) for remark in outcome.remarks] == list(losses)
    return outcome.entry


ALL = "All-or-nothing grading becomes grading choice by choice."


class TestVersion2:
    def test_single_choice_with_mapping_and_feedback(self):
        label = "au <b>siège</b><feedbackInline outcomeIdentifier='F' identifier='A'>Oui &amp; bien</feedbackInline>"
        more = (
            '<modalFeedback outcomeIdentifier="F" identifier="B" showHide="show">Non</modalFeedback>'
            '<modalFeedback outcomeIdentifier="F" identifier="general_fb" showHide="show"><p>Voir la loi</p></modalFeedback>'
        )
        score = '<outcomeDeclaration identifier="SCORE" baseType="float" normalMaximum="4"/>'
        source = item2(
            declared("A", mapping=mapped(A=4, B=-1, C=2)) + score,
            "<p>الدفتر</p>" + choices2(label, "à la banque", "les deux"),
            more=more,
            title="Registre",
        )

        assert one(source) == Entry(
            name="Registre",
            identifier="i1",
            stem=html("<p>الدفتر</p>Où ?"),
            feedback=html("<p>Voir la loi</p>"),
            points=Decimal(4),
            kind=SingleChoice(
                (
                    Choice(html("au <b>siège</b>"), FULL, Text("Oui & bien")),
                    Choice(Text("à la banque"), Fraction(-1, 4), Text("Non")),
                    Choice(Text("les deux"), HALF),
                )
            ),
        )

    def test_multiple_choice_of_all_or_nothing(self):
        entry = one(item2(declared("A", "C", cardinality="multiple"), choices2("a", "b", "c", most=0)), ALL)

        assert entry.kind == MultipleChoice(
            (Choice(Text("a"), HALF), Choice(Text("b"), -HALF), Choice(Text("c"), HALF))
        )

    def test_multiple_choice_with_mapping(self):
        source = item2(
            declared("A", "C", cardinality="multiple", mapping=mapped(A=1, B=-1, C=3)),
            choices2("a", "b", "c", most=0),
        )

        assert [choice.fraction for choice in one(source).kind.choices] == [
            Fraction(1, 4),
            Fraction(-1, 4),
            Fraction(3, 4),
        ]

    @pytest.mark.parametrize(
        ("words", "right", "answer"), [(("Vrai", "Faux"), "A", True), (("خطأ", "صواب"), "A", False)]
    )
    def test_true_or_false(self, words, right, answer):
        assert one(item2(declared(right), choices2(*words))).kind == TrueFalse(answer)

    def test_ordering(self):
        body = choices2("a", "b", "c").replace("choiceInteraction", "orderInteraction")

        assert one(item2(declared("C", "A", "B", cardinality="ordered"), body)).kind == Ordering(
            (Text("c"), Text("a"), Text("b"))
        )

    def test_matching(self):
        sets = "".join(
            "<simpleMatchSet>"
            + "".join(
                f'<simpleAssociableChoice identifier="{name}" matchMax="1">{name}!</simpleAssociableChoice>'
                for name in names
            )
            + "</simpleMatchSet>"
            for names in ("AB", "XYZ")
        )
        body = f'<matchInteraction responseIdentifier="RESPONSE"><prompt>Reliez</prompt>{sets}</matchInteraction>'

        assert one(item2(declared("A Y", "B X", base="directedPair"), body)).kind == Matching(
            (Pair(Text("A!"), "Y!"), Pair(Text("B!"), "X!")), ("Z!",)
        )

    ENTRY = '<textEntryInteraction responseIdentifier="RESPONSE" expectedLength="9"/>'

    @pytest.mark.parametrize(
        ("declaration", "more", "kind"),
        [
            (declared("تونس*", base="string"), "", ShortText((TextAnswer("تونس\\*"),), True)),
            (
                declared("Tunis", base="string", mapping=mapped(Tunis=2, Tunes=1)),
                "",
                ShortText((TextAnswer("Tunis"), TextAnswer("Tunes", HALF))),
            ),
            (declared("30", base="integer"), "", Numeric((NumericAnswer(Near(Decimal(30))),))),
            (
                declared("3.5", base="float"),
                '<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="0.5 0.5">'
                '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal></responseIf></responseCondition>'
                "</responseProcessing>",
                Numeric((NumericAnswer(Near(Decimal("3.5"), Decimal("0.5"))),)),
            ),
            (
                declared("3", base="float"),
                "<responseProcessing><responseCondition><responseIf><and>"
                '<gte><variable identifier="RESPONSE"/><baseValue baseType="float">2</baseValue></gte>'
                '<gte><baseValue baseType="float">4</baseValue><variable identifier="RESPONSE"/></gte>'
                "</and></responseIf></responseCondition></responseProcessing>",
                Numeric((NumericAnswer(Between(Decimal(2), Decimal(4))),)),
            ),
        ],
    )
    def test_typed(self, declaration, more, kind):
        entry = one(item2(declaration, f"<p>Combien ? {self.ENTRY}</p>", more=more))

        assert entry.kind == kind
        assert entry.stem == html("<p>Combien ? </p>")

    def test_gap_in_the_middle(self):
        entry = one(item2(declared("x", base="string"), f"<p>Il y a {self.ENTRY} jours</p>"))

        assert entry.stem == html("<p>Il y a _____ jours</p>")

    def test_cloze(self):
        body = (
            f"<p>À {self.ENTRY}, le "
            '<inlineChoiceInteraction responseIdentifier="R2"><inlineChoice identifier="A">chef</inlineChoice>'
            '<inlineChoice identifier="B">bureau</inlineChoice></inlineChoiceInteraction> a '
            '<textEntryInteraction responseIdentifier="R3"/> ans.</p>'
        )
        declarations = (
            declared("Tunis", base="string")
            + declared("B", name="R2")
            + declared("3", base="integer", name="R3")
        )

        entry = one(item2(declarations, body))

        assert (entry.stem, entry.points) == (Text(""), 3)
        assert entry.kind == Cloze(
            (
                "<p>À ",
                Gap(TextGap((TextAnswer("Tunis"),), True)),
                ", le ",
                Gap(ChoicesGap((Choice(Text("chef"), NONE), Choice(Text("bureau"), FULL)))),
                " a ",
                Gap(NumberGap((NumericAnswer(Near(Decimal(3))),))),
                " ans.</p>",
            ),
            HTML,
        )

    def test_open(self):
        body = (
            '<p>Pourquoi ?</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'
            '<rubricBlock view="scorer"><p>La loi</p></rubricBlock>'
        )

        assert one(item2(declared(base="string"), body)).kind == Open(html("<p>La loi</p>"))
        assert one(item2(declared(base="string"), body)).stem == html("<p>Pourquoi ?</p>")

    @pytest.mark.parametrize(
        ("source", "word"),
        [
            (item2("", choices2("a", "b")), "what is right"),
            (item2(declared("Z"), choices2("a", "b")), "right"),
            (item2(declared("A"), choices2("a")), "Too few"),
            (item2(declared("A"), "<p>Lisez</p>"), "asks nothing"),
            (item2("", "").replace("itemBody", "div"), "no body"),
            (item2(declared("A"), choices2("a", "b") * 2), "several"),
            (
                item2(declared("A"), '<hotspotInteraction responseIdentifier="RESPONSE"/>'),
                "hotspotInteraction",
            ),
            (item2(declared("A", mapping=mapped(A="x")), choices2("a", "b")), "'x'"),
            (
                item2(declared("A"), choices2("a", "b").replace("choiceInteraction", "orderInteraction")),
                "right order",
            ),
            (item2(declared("A B"), '<matchInteraction responseIdentifier="RESPONSE"/>'), "belong"),
            (item2(declared("trente", base="integer"), f"<p>Q {ENTRY}</p>"), "trente"),
        ],
    )
    def test_defects(self, source, word):
        [outcome] = outcomes(source)

        assert outcome.state is State.LEFT_OUT
        assert word in str(outcome.remarks[0])
        assert outcome.remarks[0].line > 0


class TestVersion1:
    def test_single_choice_as_canvas_writes_it(self):
        source = bank(
            item1(
                lid("au siège", "à la banque", "chez le président"),
                rule("<other/>", None, "general_fb") + rule(equal(1), None, "1_fb") + rule(equal(0)),
                about="question_type=multiple_choice_question points_possible=2.5",
                feedback=fb("general_fb", "Voir la loi") + fb("1_fb", "Non"),
            )
        )

        assert one(source) == Entry(
            name="N",
            identifier="i1",
            category=("الدفاتر",),
            stem=html("<p>Où ?</p>"),
            feedback=Text("Voir la loi"),
            points=Decimal("2.5"),
            kind=SingleChoice(
                (
                    Choice(Text("au siège"), FULL),
                    Choice(Text("à la banque"), NONE, Text("Non")),
                    Choice(Text("chez le président"), NONE),
                )
            ),
        )

    def test_multiple_answers(self):
        condition = f"<and>{equal(0)}<not>{equal(1)}</not>{equal(2)}</and>"
        entry = one(bank(item1(lid("a", "b", "c", cardinality="Multiple"), rule(condition))), ALL)

        assert [choice.fraction for choice in entry.kind.choices] == [HALF, -HALF, HALF]
        assert isinstance(entry.kind, MultipleChoice)

    def test_multiple_answers_added_up(self):
        rules = rule(equal(0), 60) + rule(equal(1), -50) + rule(equal(2), 40)
        entry = one(bank(item1(lid("a", "b", "c", cardinality="Multiple"), rules)))

        assert [choice.fraction for choice in entry.kind.choices] == [Fraction(3, 5), -HALF, Fraction(2, 5)]

    def test_true_or_false(self):
        assert one(bank(item1(lid("True", "False"), rule(equal(1))))).kind == TrueFalse(False)

    def test_short_text(self):
        rules = rule(equal("Tunis") + equal("تونس"))

        assert one(bank(item1(entered(), rules))).kind == ShortText((TextAnswer("Tunis"), TextAnswer("تونس")))

    def test_case(self):
        assert one(bank(item1(entered(), rule(equal("DIN", more=" case='Yes'"))))).kind.case_sensitive

    @pytest.mark.parametrize(
        ("condition", "accepts"),
        [
            (equal("30"), Near(Decimal(30))),
            (
                "<or>" + equal(6, more=" margin='1'") + "<and><vargte respident='r'>5</vargte>"
                "<varlte respident='r'>7</varlte></and></or>",
                Between(Decimal(5), Decimal(7)),
            ),
            (f"<or>{equal('4.0')}<and><vargte>4.0</vargte><varlte>4.0</varlte></and></or>", Near(Decimal(4))),
            ("<vargte>1</vargte><varlte>2</varlte>", Between(Decimal(1), Decimal(2))),
        ],
    )
    def test_numbers(self, condition, accepts):
        entry = one(
            bank(item1(entered("Decimal"), rule(condition), about="question_type=numerical_question"))
        )

        assert entry.kind == Numeric((NumericAnswer(accepts),))

    def test_matching(self):
        presentation = "".join(
            lid("un", "deux", "trois", name=name, material=f"<material><mattext>{name}</mattext></material>")
            for name in ("r1", "r2")
        )
        rules = rule(equal(1, "r1"), 50) + rule(equal(0, "r2"), 50)

        assert one(bank(item1(presentation, rules))).kind == Matching(
            (Pair(Text("r1"), "deux"), Pair(Text("r2"), "un")), ("trois",)
        )

    def test_ordering(self):
        entry = one(
            bank(item1(lid("a", "b", "c", cardinality="Ordered"), rule(equal(2) + equal(0) + equal(1))))
        )

        assert entry.kind == Ordering((Text("c"), Text("a"), Text("b")))

    def test_open(self):
        assert one(bank(item1(entered(), about="question_type=essay_question"))).kind == Open()

    @pytest.mark.parametrize(
        ("item", "word"),
        [
            (item1(lid("a", "b")), "right"),
            (item1(lid("a", "b"), rule(equal(0), "beaucoup")), "beaucoup"),
            (item1(""), "asks nothing"),
            (item1("<response_xy ident='a'/>"), "response_xy"),
            (item1(entered() + lid("a", "b")), "several"),
            (item1(lid("a", "b") + lid("c", "d", name="r2"), rule(equal(0))), "belong"),
            (item1(entered("Decimal"), rule("<vargte>1</vargte>")), "one end"),
            (item1(lid("a", "b", cardinality="Ordered"), rule(equal(0))), "right order"),
            ("<item title='N'/>", "no body"),
        ],
    )
    def test_defects_stop_nothing(self, item, word):
        good = item1(lid("a", "b"), rule(equal(0)))

        first, second = outcomes(bank(item, good))

        assert (first.name, first.state, second.state) == ("N", State.LEFT_OUT, State.TAKEN)
        assert word in str(first.remarks[0])


def package(*files, manifest=True, compress=zipfile.ZIP_DEFLATED):
    """A zip file; the table of contents names every XML file in the order given."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compress) as written:
        if manifest:
            resources = "".join(
                f'<resource type="imsqti_item_xmlv2p1" href="{name}"><file href="{name}"/></resource>'
                for name, _content in files
                if str(name).endswith(".xml")
            )
            written.writestr("imsmanifest.xml", f"<manifest><resources>{resources}</resources></manifest>")
        for name, content in files:
            written.writestr(name, content)
    return stream.getvalue()


GOOD = item2(declared("A"), choices2("a", "b"))


class TestPackages:
    def test_items_in_the_order_of_the_manifest_with_their_files(self):
        data = package(
            ("b/2.xml", GOOD.replace('"N"', '"deux"')),
            ("a/1.xml", GOOD.replace('"N"', '"un"').encode("utf-16")),
            ("bad.xml", "<assessmentItem>\n<"),
            ("test.xml", "<assessmentTest/>"),
        )

        found = outcomes(data)

        assert [(outcome.source, outcome.name, outcome.state) for outcome in found] == [
            ("b/2.xml", "deux", State.TAKEN),
            ("a/1.xml", "un", State.TAKEN),
            ("bad.xml", "bad.xml", State.LEFT_OUT),
        ]
        assert found[2].remarks[0].line == 2

    def test_without_manifest(self):
        assert (
            len(outcomes(package(("b.xml", bank(item1(lid("a", "b"), rule(equal(0))))), manifest=False))) == 1
        )

    def test_pictures(self):
        embedded = "data:image/gif;base64," + base64.b64encode(GIF).decode()
        body = (
            '<p><img src="../images/a%20b.png" alt="x"/><img src="/images/a b.png"/>'
            f'<img src="{embedded}"/></p>' + choices2("a", "b")
        )
        data = package(("items/1.xml", item2(declared("A"), body)), ("images/a b.png", PNG))

        entry = one(data)

        assert entry.images == (Image("a b.png", "image/png", PNG), Image("picture.gif", "image/gif", GIF))
        assert entry.stem.text.count("@@PLUGINFILE@@/a%20b.png") == 2
        assert '<img src="@@PLUGINFILE@@/picture.gif"/>' in entry.stem.text

    def test_pictures_of_canvas(self):
        stem = '&lt;img src="$IMS-CC-FILEBASE$/Pics/a.png?canvas_download=1"&gt;'
        item = item1(lid("a", "b"), rule(equal(0))).replace("&lt;p&gt;Où ?&lt;/p&gt;", stem)

        entry = one(package(("q.xml", bank(item)), ("web_resources/Pics/a.png", PNG)))

        assert entry.stem == html('<img src="@@PLUGINFILE@@/a.png">')

    @pytest.mark.parametrize(
        ("address", "word"),
        [
            ("http://127.0.0.1:1/a.png", "another address"),
            ("//127.0.0.1/a.png", "another address"),
            ("file:///etc/passwd", "another address"),
            ("../../../etc/passwd.png", "missing"),
            ("rien.png", "missing"),
            ("texte.png", "no picture"),
        ],
    )
    def test_pictures_that_are_not_taken(self, address, word):
        data = package(
            ("1.xml", item2(declared("A"), f'<p>Q<img src="{address}"/></p>' + choices2("a", "b"))),
            ("texte.png", b"<svg/>"),
        )

        [outcome] = outcomes(data)

        assert outcome.state is State.WITH_LOSSES
        assert word in str(outcome.remarks[0])

    @pytest.mark.parametrize(
        "name", ["../1.xml", "a/../../1.xml", "/1.xml", "C:/1.xml", "a\\..\\1.xml", "a\x001.xml"]
    )
    def test_names_that_lead_out_are_refused(self, name):
        info = zipfile.ZipInfo("x")
        info.filename = name
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as written:
            written.writestr(info, GOOD)

        with pytest.raises(ExchangeError, match="isn't allowed"):
            api.read(stream.getvalue())

    def test_links_and_doubles_are_refused(self):
        link = zipfile.ZipInfo("1.xml")
        link.external_attr = 0o120777 << 16

        with pytest.raises(ExchangeError, match="isn't allowed"):
            api.read(package((link, "/etc/passwd"), manifest=False))
        with (
            pytest.warns(UserWarning, match="Duplicate"),
            pytest.raises(ExchangeError, match="isn't allowed"),
        ):
            api.read(package(("1.xml", GOOD), ("1.xml", GOOD), manifest=False))

    def test_a_bomb_is_refused_before_it_is_unpacked(self):
        data = package(("1.xml", b" " * 30_000_000), manifest=False)

        assert len(data) < 100_000
        with pytest.raises(ExchangeError, match="more than"):
            api.read(data)

    def test_a_bomb_that_lies_about_its_size_is_refused(self):
        data = package(("1.xml", b"<a>" + b" " * 30_000_000), manifest=False)
        lying = data.replace(struct.pack("<L", 30_000_003), struct.pack("<L", 1000))

        assert lying != data
        with pytest.raises(ExchangeError):
            api.read(lying)

    def test_many_files_and_much_content_are_refused(self, monkeypatch):
        monkeypatch.setattr(qti_package, "MAX_FILES", 3)
        with pytest.raises(ExchangeError, match="more than 3"):
            api.read(package(*((f"{number}.xml", GOOD) for number in range(4))))
        monkeypatch.setattr(qti_package, "MAX_FILES", 100)
        monkeypatch.setattr(qti_package, "MAX_TOTAL", 1000)
        with pytest.raises(ExchangeError, match="more than"):
            api.read(package(*((f"{number}.xml", GOOD) for number in range(4))))

    def test_a_big_table_of_contents_is_refused_before_it_is_read(self):
        data = bytearray(package(("1.xml", GOOD)))
        end = data.rfind(b"PK\x05\x06")
        data[end + 12 : end + 16] = b"\xff\xff\xff\xff"

        with pytest.raises(ExchangeError, match="more than"):
            api.read(bytes(data))

    @pytest.mark.parametrize("cut", [4, 40, 200, -30, -5])
    def test_damage(self, cut):
        with pytest.raises(ExchangeError):
            api.read(package(("1.xml", GOOD))[:cut])

    def test_encryption_and_other_compression(self):
        data = bytearray(package(("1.xml", GOOD), manifest=False))
        directory = data.rfind(b"PK\x01\x02")
        data[directory + 8] |= 1

        with pytest.raises(ExchangeError, match="encrypted"):
            api.read(bytes(data))
        with pytest.raises(ExchangeError, match="encrypted"):
            api.read(package(("1.xml", GOOD), compress=zipfile.ZIP_LZMA))

    def test_every_changed_byte_is_answered_in_words(self):
        data = package(("1.xml", GOOD))
        for place in range(0, len(data), 3):
            changed = bytearray(data)
            changed[place] ^= 0xFF
            with contextlib.suppress(ExchangeError):
                api.read(bytes(changed))

    def test_a_word_document_holds_no_question(self):
        with pytest.raises(ExchangeError, match="no question"):
            api.read(package(("word/document.xml", "<document/>"), manifest=False))


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("<manifest/>", "zip"),
        ("<assessmentTest/>", "assessmentTest"),
        ("<questestinterop/>", "no question"),
        ('<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd"><questestinterop/>', "DTD"),
    ],
)
def test_files_without_items(source, word):
    with pytest.raises(ExchangeError, match=word):
        api.read(source.encode(), format=api.Format.QTI)


def test_it_is_not_written():
    with pytest.raises(ExchangeError, match="only read"):
        api.write([], api.Format.QTI)
