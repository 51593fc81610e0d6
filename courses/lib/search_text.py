"""Keys for searching and sorting names in Arabic and Latin script.

Search and sort ignore case, accents, the article ال, hamza forms, ة/ه, ى/ي, tashkeel, tatweel, the letters of
the dialect (ڨفصة is قفصة) and of Persian keyboards, and a leading word for 'association' (جمعية, association;
amicale, اتحاد and other kinds stay).
"""

import re
import unicodedata

# After NFKD: letters that people write for one another, and tatweel and the hamza on the line, which go.
_ARABIC_FORMS = str.maketrans(
    {
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ڨ": "ق",
        "گ": "ق",
        "ڥ": "ف",
        "ڤ": "ف",
        "پ": "ب",
        "ـ": None,
        "ء": None,
    }
)
_APOSTROPHES = str.maketrans("’ʼ‘`´", "'''''")
_LEADING = re.compile(
    r"^(?:(?:ال)?جمعيه|l'association|association|assoc|asso)\s+(?:de la |de l'|de |d'|des |du )?"
)
_ARTICLE = re.compile(r"(?<!\w)(?:[وب]?ال|لل)(?=\w{2})")


def search_key(text: str) -> str:
    """A lower-case key; equal for names that people take for the same. Empty for text without letters or digits."""
    folded = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    # Marks (accents, tashkeel, the hamza of أ) and invisible controls (direction marks, joiners) go.
    bare = "".join(char for char in folded if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
    plain = bare.translate(_ARABIC_FORMS)
    digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
    words = " ".join(re.sub(r"[^\w']+", " ", digits).replace("_", " ").split()).strip("' ")
    return _ARTICLE.sub("", _LEADING.sub("", words)).strip("' ")
