import hashlib
import json

from django.db import migrations

# What was shipped until now, and printed wherever a design had no text of its own.
WORDS = {
    'ar': {
        'title': 'شهادة متابعة تكوين',
        'intro': 'تُثبت هذه الشهادة متابعة',
        'statement': 'للدورة التكوينية',
        'passed': 'واجتياز اختبارها بنجاح',
        'completed_label': 'تاريخ الإتمام',
        'completed': '{completed_on}',
        'valid_label': 'صالحة إلى غاية',
        'valid': '{valid_until}',
        'duration_label': 'المدّة المقدّرة',
        'duration': '{duration}',
        'score_label': 'نتيجة الاختبار',
        'score': '{score}%',
        'law_label': 'تمّ التثبّت من النصوص إلى غاية',
        'law': '{law_month}',
        'provisions_label': 'الأحكام القانونية المشمولة:',
        'themes_label': 'المحاور:',
        'issued': 'سُلّمت بتاريخ {issued_on}',
        'signature': 'الإمضاء',
        'verify': 'للتثبّت من هذه الشهادة',
        'reference': 'الدورة {course_code}',
        'disclaimer': 'تكوين وليس استشارة قانونية؛ ولا تُثبت هذه الشهادة أنّ شخصًا أو جمعية في وضع مطابق للقانون.',
    },
    'fr': {
        'title': 'Attestation de suivi de formation',
        'intro': 'La présente attestation certifie que',
        'statement': 'a suivi la formation',
        'passed': 'et réussi le test',
        'completed_label': 'Terminée le',
        'completed': '{completed_on}',
        'valid_label': 'Valable jusqu’au',
        'valid': '{valid_until}',
        'duration_label': 'Durée estimée',
        'duration': '{duration}',
        'score_label': 'Résultat du test',
        'score': '{score}\u00a0%',
        'law_label': 'Droit vérifié jusqu’en',
        'law': '{law_month}',
        'provisions_label': 'Dispositions couvertes\u00a0:',
        'themes_label': 'thèmes\u00a0:',
        'issued': 'Délivrée le {issued_on}',
        'signature': 'Signature',
        'verify': 'Vérifier cette attestation',
        'reference': 'Formation\u00a0{course_code}',
        'disclaimer': 'Formation, et non conseil juridique\u00a0; cette attestation ne constate la conformité au droit ni d’une personne ni d’une association.',
    },
    'en': {
        'title': 'Certificate of training completion',
        'intro': 'This is to certify that',
        'statement': 'has followed the course',
        'passed': 'and passed its test',
        'completed_label': 'Completed on',
        'completed': '{completed_on}',
        'valid_label': 'Valid until',
        'valid': '{valid_until}',
        'duration_label': 'Estimated duration',
        'duration': '{duration}',
        'score_label': 'Test result',
        'score': '{score}%',
        'law_label': 'Law checked up to',
        'law': '{law_month}',
        'provisions_label': 'Provisions covered:',
        'themes_label': 'themes:',
        'issued': 'Issued on {issued_on}',
        'signature': 'Signature',
        'verify': 'Check this certificate',
        'reference': 'Course {course_code}',
        'disclaimer': 'Training, not legal advice; this certificate is not a statement that a person or an association complies with the law.',
    },
}


def freeze_words(apps, schema_editor):
    """Designs that were frozen before keep the words that their certificates were printed with."""
    versions = apps.get_model('courses_certificates', 'DesignVersion').objects
    for version in list(versions.order_by('pk')):
        own = version.spec.get('wordings', {})
        complete = {language: {**texts, **own.get(language, {})} for language, texts in WORDS.items()}
        version.spec = {**version.spec, 'wordings': complete}
        text = json.dumps(version.spec, sort_keys=True, ensure_ascii=False, separators=(',', ':'))
        digest = hashlib.sha256(text.encode()).hexdigest()
        # A design that worded a text as it is shipped says the same as one that didn't.
        if not versions.filter(digest=digest).exists():
            version.digest = digest
        version.save(update_fields=['spec', 'digest'])


class Migration(migrations.Migration):

    dependencies = [
        ('courses_certificates', '0007_record_looks'),
    ]

    operations = [
        migrations.RunPython(freeze_words, migrations.RunPython.noop),
    ]
