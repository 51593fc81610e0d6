import pytest

from courses.quizzes.interfaces.exchange import api, decode, detect
from courses.quizzes.interfaces.exchange.report import ExchangeError

TEXT = "سؤال : où ?{T}\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode(encoding):
    assert decode.decode(TEXT.encode(encoding)) == TEXT


def test_big_endian():
    assert decode.decode(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT


@pytest.mark.parametrize(
    ("encoding", "letters"), [("windows-1256", "سؤال"), ("windows-1252", "« œuvre »"), ("iso-8859-1", "été")]
)
def test_what_an_xml_declaration_names(encoding, letters):
    text = f"<?xml version='1.0' encoding='{encoding.upper()}'?>\n<quiz>{letters}</quiz>"

    assert decode.decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["cp1256", "cp1252"])
def test_windows_letters_in_a_plain_file_are_refused_with_line_and_byte(encoding):
    data = "Ligne\nOù é{T}\n".encode(encoding)

    with pytest.raises(ExchangeError) as refused:
        api.read(data)

    assert refused.value.line == 2
    assert "UTF-8" in str(refused.value)
    assert "0xF9" in str(refused.value)
    assert " 8 " in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"\xff\xfe\x00\x00a\x00\x00\x00",
        b"\xff\xfea",
        b"a\0b{T}",
        "Q{T}".encode("utf-16-le"),
        b"<?xml version='1.0' encoding='koi8-r'?><quiz/>",
        b"Q{T} \xc3",
        b"\x89PNG\r\n\x1a\n",
        b"Rien de tout cela.",
        b"<html><body>{T}</body></html>",
        b"<!DOCTYPE html><html><style>p {}</style></html>",
        b"<",
        b"// rien",
        b"{\\rtf1 \\'e9 }",
    ],
)
@pytest.mark.parametrize("read", [api.read, lambda data: api.read(data, format=api.Format.MOODLE_XML)])
def test_what_cannot_be_read_is_refused_in_words(read, data):
    with pytest.raises(ExchangeError) as refused:
        read(data)

    assert str(refused.value)


def test_size(monkeypatch):
    monkeypatch.setattr(decode, "MAX_BYTES", 1024 * 1024)

    with pytest.raises(ExchangeError, match="1 MB"):
        api.read(b"Q{T}" + b" " * 1024 * 1024)


def test_number_of_questions(monkeypatch):
    import courses.quizzes.interfaces.exchange.ledger as ledger

    monkeypatch.setattr(ledger, "MAX_ENTRIES", 2)

    with pytest.raises(ExchangeError, match="more than"):
        api.read(b"Q{T}\n\n" * 3)


@pytest.mark.parametrize(
    ("data", "format"),
    [
        ("Q{T}", "gift"),
        ("::n::Q {=a ~b}", "gift"),
        ("// note\n\n$CATEGORY: a\n\nQ{}", "gift"),
        ("Q\nA) a\nB) b\nANSWER: B", "aiken"),
        ("\ufeffQ\r\nA. {a\r\nB. b}\r\nANSWER: B\r\n", "aiken"),
        ("Q{ANSWER: A}", "gift"),
        ("<b>Q</b>{T}", "gift"),
        ("<?{T}", "gift"),
        ("<quiz></quiz>", "moodlexml"),
        ("\ufeff<?xml version='1.0'?>\n<!-- a -->\n<quiz>", "moodlexml"),
        ("<questestinterop>", "qti"),
        ("<q:assessmentItem xmlns:q='x'>", "qti"),
        ("PK\x03\x04", "qti"),
    ],
)
def test_detection(data, format):
    assert detect.detect(data.encode()) == format
