"""Names that people take for the same have the same key; others don't."""

import pytest

from courses.lib.search_text import search_key


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("جمعية الأمل", "امل"),
        ("الجمعية الأمل", "الأمل"),
        ("جمعيّة أَمَل", "أمل"),
        ("أعضاء المكتب", "اعضا مكتب"),
        ("آفاق", "افاق"),
        ("مؤسسة", "موسسه"),
        ("شؤون المرأة", "شوون المراه"),
        ("مستقبلى", "مستقبلي"),
        ("ڨفصة", "قفصه"),
        ("جمــعية النور", "النور"),
        ("والبيئة", "بيئه"),
        ("‏الأمل‎", "امل"),
        ("نادي ٢٠١١", "نادي 2011"),
        ("الأمل، بالقصرين", "أمل قصرين"),
        ("Association Amal", "amal"),
        ("L’Association des Femmes", "femmes"),
        ("Association de l'Espoir", "espoir"),
        ("Assoc. Espoir", "ESPOIR"),
        ("Béja – Développement", "beja developpement"),
        ("ﷺ", "صلي الله عليه وسلم"),
        ("ﬁnances", "finances"),
    ],
)
def test_names_taken_for_the_same_have_one_key(written: str, typed: str) -> None:
    assert search_key(written) == search_key(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amicale Amal", "Association Amal"),
        ("اتحاد النساء", "جمعية النساء"),
        ("Espoir Kasserine", "Espoir Gafsa"),
        ("والد", "د"),
        ("نور", "نار"),
    ],
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@pytest.mark.parametrize("text", ["", "   ", "***", "🙂", "‏", "’", "__"])
def test_text_without_letters_has_an_empty_key(text: str) -> None:
    assert search_key(text) == ""


@pytest.mark.parametrize("text", ["Jeunesse & Avenir (Sfax)", "جمعية القلم", "2011"])
def test_a_key_is_its_own_key(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
