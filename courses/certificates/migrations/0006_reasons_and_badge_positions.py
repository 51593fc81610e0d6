from django.db import migrations, models


def keep_positions(apps, schema_editor):
    """Badges that were downloaded name the key of their row as their place in the status lists: it stays theirs."""
    apps.get_model('courses_certificates', 'Certificate').objects.update(badge_position=models.F('id'))


def tell_why(apps, schema_editor):
    """What took the place of those superseded until now: what was issued at that very moment, whatever came between."""
    certificates = apps.get_model('courses_certificates', 'Certificate').objects
    successors = {
        row['supersedes_id']: row
        for row in certificates.filter(supersedes__isnull=False).values(
            'pk', 'supersedes_id', 'cycle', 'supersedes_because', 'state', 'issued_at'
        )
    }
    for old in list(certificates.filter(superseded_at__isnull=False).values('pk', 'cycle', 'superseded_at')):
        issued, pk = [], old['pk']
        while pk in successors:
            if successors[pk]['state'] == 'ready':
                issued.append(successors[pk])
            pk = successors[pk]['pk']
        then = [row for row in issued if row['issued_at'] == old['superseded_at']]
        for row in [*then, *issued][:1]:
            because = 'renewed' if row['cycle'] > old['cycle'] else row['supersedes_because']
            certificates.filter(pk=old['pk']).update(superseded_because=because)


class Migration(migrations.Migration):

    dependencies = [
        ('courses_certificates', '0005_index_of_hashes'),
    ]

    operations = [
        migrations.AddField(
            model_name='certificate',
            name='superseded_because',
            field=models.CharField(blank=True, choices=[('corrected', 'a name or an association was corrected'), ('renewed', 'the course was followed again'), ('amended', 'what is printed was amended')], default='', max_length=10, verbose_name='why it was superseded'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='certificate',
            name='badge_position',
            field=models.PositiveBigIntegerField(editable=False, null=True, verbose_name='place in the status lists of badges'),
        ),
        migrations.RunPython(keep_positions, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='certificate',
            name='badge_position',
            field=models.PositiveBigIntegerField(editable=False, unique=True, verbose_name='place in the status lists of badges'),
        ),
        # Last: PostgreSQL alters no table after a second update of a row.
        migrations.RunPython(tell_why, migrations.RunPython.noop),
    ]
