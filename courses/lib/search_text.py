"""Keys for searching and sorting names in Arabic and Latin script.

Search and sort ignore case, accents, the article ال, hamza forms, ة/ه, ى/ي, tashkeel, tatweel and a leading
word for 'association' (جمعية, association, amicale stays).
"""

import re
import unicodedata

_ARABIC_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ة": "ه", "ـ": None}
)
_LEADING = re.compile(r"^(?:(?:ال)?جمعيه|l'association|association|assoc\.?)\s+(?:de |d'|des |du |la )?")
_ARTICLE = re.compile(r"(?<!\w)(?:وال|بال|لل|ال)(?=\w{2})")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def search_key(text: str) -> str:
    """A lower-case key; equal for names that people take for the same. Empty for text without letters."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    plain = unicodedata.normalize("NFC", bare).translate(_ARABIC_FORMS).translate(_DIGITS).replace("’", "'")
    words = " ".join(re.sub(r"[^\w']+", " ", plain).split())
    return _ARTICLE.sub("", _LEADING.sub("", words)).strip()
