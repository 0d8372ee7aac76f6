"""Receipts and credit notes: numbered by PostgreSQL without a gap, and never changed."""

import django.db.models.deletion
import django.db.models.expressions
import privacy.clock
from django.db import migrations, models

# The number is taken when the row is written: whoever comes next waits for the transaction's end, so that one which is
# rolled back gives its number back.
NUMBER = """
    CREATE FUNCTION shop_accountingdocument_number() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF NEW.number <> 0 THEN
            RAISE EXCEPTION 'The number of a document is not chosen: it is the next one.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_accountingdocument_number';
        END IF;
        NEW.year := extract(year FROM NEW.issued_at AT TIME ZONE 'UTC');
        INSERT INTO shop_documentseries AS s (series, year, last) VALUES (NEW.series, NEW.year, 1)
            ON CONFLICT (series, year) DO UPDATE SET last = s.last + 1
            RETURNING s.last INTO NEW.number;
        RETURN NEW;
    END $body$;
    CREATE TRIGGER shop_accountingdocument_number BEFORE INSERT ON shop_accountingdocument
        FOR EACH ROW EXECUTE FUNCTION shop_accountingdocument_number();
"""
NO_NUMBER = """
    DROP TRIGGER shop_accountingdocument_number ON shop_accountingdocument;
    DROP FUNCTION shop_accountingdocument_number();
"""
BY_ONE = """
    CREATE FUNCTION shop_documentseries_by_one() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF TG_OP = 'DELETE' OR TG_OP = 'INSERT' AND NEW.last <> 1 OR TG_OP = 'UPDATE'
           AND (NEW.last <> OLD.last + 1 OR NEW.series <> OLD.series OR NEW.year <> OLD.year) THEN
            RAISE EXCEPTION 'The numbers of documents count up by one.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_documentseries_by_one';
        END IF;
        RETURN NEW;
    END $body$;
    CREATE TRIGGER shop_documentseries_by_one BEFORE INSERT OR UPDATE OR DELETE ON shop_documentseries
        FOR EACH ROW EXECUTE FUNCTION shop_documentseries_by_one();
"""
ANYHOW = """
    DROP TRIGGER shop_documentseries_by_one ON shop_documentseries;
    DROP FUNCTION shop_documentseries_by_one();
"""


def stays(table: str) -> migrations.RunSQL:
    """Refuses every change of a table's rows."""
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            RAISE EXCEPTION 'A document stays as it was issued: what is wrong is corrected by another one.'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_stays';
        END $body$;
        CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_stays();
        """,
        f"DROP TRIGGER {table}_stays ON {table}; DROP FUNCTION {table}_stays();",
    )


# A full invoice names its buyer (Directive 2006/112/EC, Art. 226): from its issue on nobody types these over. They go
# with the whole row when the order's period ends.
INVOICED = """
    CREATE FUNCTION shop_orderparty_invoiced() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF (NEW.name, NEW.company, NEW.vat_number, NEW.street, NEW.postal_code, NEW.city, NEW.region, NEW.purchase_order)
           IS DISTINCT FROM
           (OLD.name, OLD.company, OLD.vat_number, OLD.street, OLD.postal_code, OLD.city, OLD.region, OLD.purchase_order)
           AND EXISTS (SELECT 1 FROM shop_accountingdocument d WHERE d.order_id = NEW.order_id AND d.is_invoice) THEN
            RAISE EXCEPTION 'An invoice was issued: whom it is for stays as it is.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_orderparty_invoiced';
        END IF;
        RETURN NEW;
    END $body$;
    CREATE TRIGGER shop_orderparty_invoiced BEFORE UPDATE ON shop_orderparty
        FOR EACH ROW EXECUTE FUNCTION shop_orderparty_invoiced();
"""
NOT_INVOICED = """
    DROP TRIGGER shop_orderparty_invoiced ON shop_orderparty;
    DROP FUNCTION shop_orderparty_invoiced();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0016_links_leave_the_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountingDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('receipt', 'Receipt'), ('credit_note', 'Credit note'), ('reversal', 'Reversal')], max_length=12)),
                ('series', models.CharField(max_length=2)),
                ('year', models.PositiveIntegerField(db_default=0, editable=False, help_text='Of `issued_at` in UTC, by a trigger.')),
                ('number', models.PositiveIntegerField(db_default=0, editable=False, help_text='The next of its series, by a trigger.')),
                ('about', models.CharField(max_length=40)),
                ('issued_at', models.DateTimeField(default=privacy.clock.now)),
                ('supplied_on', models.DateField(help_text='Day of supply: it decides the rate and the quarter.')),
                ('is_invoice', models.BooleanField(default=False, help_text='A full invoice: the buyer is a business.')),
                ('currency', models.CharField(max_length=3)),
                ('net', models.DecimalField(decimal_places=3, max_digits=12)),
                ('tax', models.DecimalField(decimal_places=3, max_digits=12)),
                ('total', models.DecimalField(decimal_places=3, max_digits=12)),
                ('corrects', models.ForeignKey(blank=True, help_text="A credit note's receipt.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='shop.accountingdocument')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='shop.order')),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='DocumentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=200)),
                ('quantity', models.PositiveIntegerField(default=0)),
                ('tax_country', models.CharField(max_length=2)),
                ('tax_rate', models.DecimalField(decimal_places=2, help_text='Percent.', max_digits=5)),
                ('tax_rule', models.CharField(max_length=30)),
                ('tax_article', models.CharField(blank=True, max_length=80)),
                ('net', models.DecimalField(decimal_places=3, max_digits=12)),
                ('tax', models.DecimalField(decimal_places=3, max_digits=12)),
                ('total', models.DecimalField(decimal_places=3, max_digits=12)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='shop.accountingdocument')),
                ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.orderline')),
            ],
            options={
                'ordering': ['id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DocumentSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=2)),
                ('year', models.PositiveIntegerField()),
                ('last', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name_plural': 'document series',
                'constraints': [models.UniqueConstraint(fields=('series', 'year'), name='documentseries_once_a_year')],
            },
        ),
        migrations.AddIndex(
            model_name='accountingdocument',
            index=models.Index(fields=['issued_at', 'id'], name='accountingdocument_by_time'),
        ),
        migrations.AddConstraint(
            model_name='accountingdocument',
            constraint=models.UniqueConstraint(fields=('series', 'year', 'number'), name='accountingdocument_number_once'),
        ),
        migrations.AddConstraint(
            model_name='accountingdocument',
            constraint=models.UniqueConstraint(fields=('order', 'about'), name='accountingdocument_of_each_once'),
        ),
        migrations.AddConstraint(
            model_name='accountingdocument',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'receipt'), ('series', 'R')), models.Q(('kind', 'credit_note'), ('series', 'C')), models.Q(('kind', 'reversal'), ('series', 'X')), _connector='OR'), name='accountingdocument_series_of_kind'),
        ),
        migrations.AddConstraint(
            model_name='accountingdocument',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')))), name='accountingdocument_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='accountingdocument',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', True), ('kind', 'receipt')), models.Q(models.Q(('kind', 'receipt'), _negated=True), ('corrects__isnull', False)), _connector='OR'), name='accountingdocument_corrects_another'),
        ),
        migrations.AddConstraint(
            model_name='accountingdocument',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'credit_note'), ('total__lte', 0)), models.Q(models.Q(('kind', 'credit_note'), _negated=True), ('total__gte', 0)), _connector='OR'), name='accountingdocument_sign_of_kind'),
        ),
        migrations.AddConstraint(
            model_name='documentline',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')))), name='documentline_adds_up'),
        ),
        migrations.RunSQL(NUMBER, NO_NUMBER),
        migrations.RunSQL(BY_ONE, ANYHOW),
        stays("shop_accountingdocument"),
        stays("shop_documentline"),
        migrations.RunSQL(INVOICED, NOT_INVOICED),
    ]
