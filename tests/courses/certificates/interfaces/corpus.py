"""Names and titles that are hard to print: they must come out of the file as they were written."""

from __future__ import annotations

HARD_NAMES = [
    "محمد الصالح بن علي",
    "مُحَمَّدُ بْنُ عَلِيٍّ",
    "عبد الرّحمان ٱلْقَيْرَوَانِيّ",
    "لآلئ الإسلام بن لأمين",
    "أسماء آل إبراهيم رؤى شاطئ",
    "كـــتاب بن هـــاني",
    "عبد الله ﷲ الله",
    "جمعية الأمل (فرع القصرين)",
    "دورة «Obligations légales» للجمعيات (JUR-1)",
    "يوم 12 فيفري 2026، على الساعة 10:42",
    "پرويز گيلاني چلبي",
    "ب",
    "مُحَمَّد الصَّالِح عبد القادر بن عبد الرحمان بن عبد العزيز القيرواني المعروف بالأكبر",
    "Élodie Noël-Saïdani d’Été",
    "Mohamed-Salah Abdelkader Ben Abderrahmane El Kairouanais dit « l’Aîné » de Sfax",
    "Œuvre O'Brien-Dvořák Ġorġ Nguyễn",
    "J",
    "AVATAR fi ffi Wafa Tahar",
]

CORPUS = [
    *HARD_NAMES,
    # Hamza in all its seats.
    "سؤال بن مؤمن",
    "رئيسة شؤون البيئة",
    "إسراء بنت إيمان",
    "بهاء الدين ضياء اللؤلؤي",
    "هَيْئَةٌ تأسيسيّة مسؤولة عن البيئة والمبادئ",
    "ء",
    # Lam and alef.
    "علاء الأولاد والآلاء",
    "بِلَالٌ الأَلْفِيّ",
    "لا إلى الآن ولا لأمس",
    # Vowel marks, shadda with a vowel, the small alef.
    "فَاطِمَةُ الزَّهْرَاءِ",
    "نُورُ الدِّينِ الطَّرَابُلْسِيُّ",
    "رِضَىٰ بن هٰنيّة",
    "أَبُو القَاسِمِ الشَّابِّيُّ",
    # Tatweel.
    "ســـارة العـربي",
    "محـمـد بن عيـــاد",
    # Latin words and digits inside Arabic, and the other way round.
    "جمعية Kasserine Espoir للتنمية",
    "محمد Mohamed علي Ali",
    "منظمة I WATCH تونس",
    "برنامج UE-2026 لدعم الجمعيات",
    "دورة GDPR (النسخة 2.1)",
    "المرسوم عدد 88 لسنة 2011 (الفصل 8)",
    "نسبة 86% في اختبار JUR-1",
    "دفعة 2026/2027 رقم 12",
    "Association الأمل de Sfax",
    "Centre « إفادة » pour les associations",
    # Letters and punctuation of French and its neighbours.
    "Gaëlle L’Hôpital-Besançon",
    "François-Noël Désiré Éluère",
    "Anaïs O’Connor d'Almeida",
    "Çağla Ünal-Œillet",
    "Łukasz Šťastný Żółć",
    "‘Abd al-Ġanī Ḥusayn",
    "Obligations : déclarer, tenir, conserver — 30 jours !",
    "É",
    # Brackets and quotation marks.
    "[Réseau] {Sud} (Nord)",
    "جمعية [الأمل] {الجنوب}",
    "«الأمل»",
    "« Espoir »",
    "“Espoir” (2e édition)",
    # Arabic punctuation.
    "مسك الدفاتر، حفظ الوثائق؛ ما هي الآجال؟",
    # As long as a name may be.
    "عبد الرحمان بن محمد الصالح بن عبد القادر بن الحاج إبراهيم القيرواني الأندلسي نسب",
    "Marie-Françoise Abdelkader Ben Abderrahmane Belhadj-Brahim El Kairouani de Tunis",
    "Désinstitutionnalisation et intergouvernementalité : anticonstitutionnellement ?",
]

# Signs that no certificate prints: whoever gives such a name is asked for another one.
REFUSED = [
    "Amel 😀",
    "آمال 🌸",
    "👩\u200d💻 Leïla",
    "Sami ❤️",
    "🇹🇳 تونس",
    "Ali 1️⃣",
    "李明",
    "שלום",
    "Amel\x00Ben Salah",
]
