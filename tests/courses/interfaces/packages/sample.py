"""A small course package with every construct, in canonical form, to copy and to break."""

from pathlib import Path

from courses.quizzes.interfaces.package import QuizCodec

CODECS = {"quiz": QuizCodec()}

COURSE = """\
id: T
slug: treasury
languages: [ar, fr]
source_language: fr
theme: legal
level: beginner
law_checked_to: 2026-02
sequential: false
pass_rule: all_required
image: files/cover.jpg
title:
  ar: الخزينة
  fr: La trésorerie
summary:
  ar: ملخّص
  fr: "Résumé : l'essentiel"
audience:
  ar: أمناء المال
  fr: Trésoriers
objectives:
  - ar: مسك الدفاتر
    fr: Tenir les registres
modules: [01-money, 02-papers]
"""

FACTS = """\
# Facts of a test.
#
#   Read in November 2026.
checked_to: 2026-02
facts:
  - id: F-1
    confidence: L
    statement: Au-delà de 500 dinars, virement ou chèque.
    source: https://example.org/loi
  - id: F-2
    confidence: M
    statement: Une méthode.
    source: Guide
  - id: F-3
    confidence: S
    statement: Un article de presse.
    source: Presse
"""

MODULE_1 = """\
id: T-M1
slug: money
title:
  ar: المال
  fr: L'argent
summary:
  ar: ملخّص
  fr: Résumé
activities: [lessons/01-threshold, quiz, lessons/02-press, checklist]
"""

MODULE_2 = """\
id: T-M2
slug: papers
title:
  ar: الوثائق
  fr: Les papiers
summary:
  ar: ملخّص
  fr: |-
    Première ligne
    Seconde ligne
activities: [quiz, quiz-2]
"""

LESSON_FR = """\
---
id: T-M1-L1
slug: threshold
title: Le seuil
minutes: 6
law_checked_to: 2026-02-27
required: true
facts: [F-1, F-2]
---

Une phrase **en gras**, *en italique* et [un lien](https://example.org/).

- une liste
- de deux

Une suite.

## Un titre

### Un sous-titre

::: remember
À retenir.
:::

::: attention Le piège
Un premier point.

Un second.
:::

::: steps
1. D'abord.
2. Ensuite.
:::

| Registre | Contenu |
| --- | --- |
| Membres | Noms |

::: law
text: Décret-loi n° 2011-88
article: Art. 38
source: https://example.org/loi
facts: [F-1]

La règle en clair.
:::

![Un registre ouvert](files/picture.png)

::: document
file: files/model.docx
title: Modèle
:::
"""

LESSON_AR = """\
---
id: T-M1-L1
slug: threshold
title: السقف
minutes: 6
law_checked_to: 2026-02-27
required: true
facts: [F-1, F-2]
---

جملة **بارزة**، وأخرى *مائلة* و[رابط](https://example.org/).

- قائمة
- من عنصرين

## عنوان

### عنوان فرعي

::: remember
للتذكّر.
:::

::: attention انتبهوا
نقطة.
:::

::: steps
1. أوّلا.
2. ثانيا.
:::

| الدفتر | المحتوى |
| --- | --- |
| الأعضاء | الأسماء |

::: law
text: المرسوم عدد 88 لسنة 2011
article: الفصل 38
source: https://example.org/loi
facts: [F-1]
official_ar: النصّ الرسمي

القاعدة بعبارة واضحة.
:::

![دفتر مفتوح](files/picture.png)

::: document
file: files/model.docx
title: أنموذج
:::
"""


def secondary(title: str, text: str) -> str:
    return f"""\
---
id: T-M1-L2
slug: press
title: {title}
minutes: 3
required: false
facts: [F-3]
secondary: true
---

{text}
"""


QUIZ = """\
id: T-M1-QUIZ
slug: quiz
required: true
pass_mark: 70
max_attempts: 0
minutes: 8
law_checked_to: 2026-02
title:
  ar: اختبار
  fr: Quiz
intro:
  ar: مقدّمة
  fr: Introduction
questions:
  - id: T-M1-Q1
    type: numeric
    points: 1
    facts: [F-1]
    stem:
      ar: كم؟
      fr: Combien ?
    answer: 500
    tolerance: 0.5
    unit:
      ar: دينار
      fr: dinars
    feedback:
      ar: الفصل 38
      fr: Art. 38
  - id: T-M1-Q2
    type: single_choice
    points: 2
    facts: [F-1]
    case:
      ar: حالة
      fr: Un cas
    stem:
      ar: ماذا؟
      fr: Que faire ?
    choices:
      - id: a
        correct: false
        text:
          ar: لا
          fr: Non
        feedback:
          ar: خطأ
          fr: Faux
      - id: b
        correct: true
        text:
          ar: نعم
          fr: Oui
    feedback:
      ar: الفصل 38
      fr: Art. 38
  - id: T-M1-Q3
    type: multiple_choice
    points: 1
    facts: [F-1, F-2]
    stem:
      ar: أيّها؟
      fr: Lesquels ?
    choices:
      - id: a
        correct: true
        text:
          ar: واحد
          fr: Un
      - id: b
        correct: false
        text:
          ar: اثنان
          fr: Deux
  - id: T-M1-Q4
    type: true_false
    points: 1
    facts: []
    stem:
      ar: صحيح؟
      fr: Vrai ?
    answer: false
"""


def short_quiz(number: int) -> str:
    return f"""\
id: T-M2-QUIZ{number}
slug: quiz-{number}
required: true
pass_mark: 70
max_attempts: 0
minutes: 8
title:
  ar: اختبار
  fr: Quiz
questions:
  - id: T-M2-Q{number}
    type: true_false
    points: 1
    facts: []
    stem:
      ar: صحيح؟
      fr: Vrai ?
    answer: true
"""


CHECKLIST = """\
id: T-M1-CHECK
slug: my-association
title:
  ar: جمعيتي
  fr: Mon association
intro:
  ar: مقدّمة
  fr: Introduction
items:
  - id: T-M1-C1
    facts: [F-1]
    question:
      ar: هل ندفع بشيك؟
      fr: Payons-nous par chèque ?
    if_no:
      ar: فتح حساب
      fr: Ouvrir un compte
    if_unknown:
      ar: كشف الحساب
      fr: Voir le relevé
    text:
      ar: المرسوم عدد 88
      fr: Décret-loi n° 2011-88
    article:
      ar: الفصل 38
      fr: Art. 38
    deadline:
      ar: شهر
      fr: Un mois
"""

MONEY = "modules/01-money"
FILES: dict[str, str | bytes] = {
    "course.yaml": COURSE,
    "facts.yaml": FACTS,
    "files/cover.jpg": b"\xff\xd8 cover",
    "files/model.docx": b"PK model",
    "files/picture.png": b"\x89PNG picture",
    f"{MONEY}/module.yaml": MODULE_1,
    f"{MONEY}/lessons/01-threshold.ar.md": LESSON_AR,
    f"{MONEY}/lessons/01-threshold.fr.md": LESSON_FR,
    f"{MONEY}/lessons/02-press.ar.md": secondary("الصحافة", "وفق الصحافة، للتثبّت."),
    f"{MONEY}/lessons/02-press.fr.md": secondary("La presse", "Selon la presse, à vérifier."),
    f"{MONEY}/quiz.yaml": QUIZ,
    f"{MONEY}/checklist.yaml": CHECKLIST,
    "modules/02-papers/module.yaml": MODULE_2,
    "modules/02-papers/quiz.yaml": short_quiz(1),
    "modules/02-papers/quiz-2.yaml": short_quiz(2),
}


def write_sample(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
    """Put the package into `folder`; `changes` replaces files (None: leaves them out)."""
    for path, content in {**FILES, **(changes or {})}.items():
        if content is None:
            continue
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
