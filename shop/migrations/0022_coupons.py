"""Coupons. PostgreSQL counts their uses: whoever writes a use too many is refused, however many try at once.

The two constraints on tables that are long already are validated by the next migration, without a lock on writers.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import privacy.clock
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# The UPDATE locks the coupon until the commit. So the count below it, a statement with a snapshot of its own, sees the
# uses of everybody who was faster.
COUNTS = """
    CREATE FUNCTION shop_couponuse_counts() RETURNS trigger LANGUAGE plpgsql AS $body$
    DECLARE
        did boolean := TG_OP <> 'INSERT' AND OLD.given_back_at IS NULL;
        does boolean := TG_OP <> 'DELETE' AND NEW.given_back_at IS NULL;
        most integer;
        theirs bigint;
    BEGIN
        IF TG_OP = 'UPDATE' AND (NEW.coupon_id, NEW.order_id) IS DISTINCT FROM (OLD.coupon_id, OLD.order_id) THEN
            RAISE EXCEPTION 'shop_couponuse: a use stays with its order and its coupon'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'couponuse_stays';
        ELSIF did AND NOT does THEN
            UPDATE shop_coupon SET uses = uses - 1 WHERE id = OLD.coupon_id;
        ELSIF does AND NOT did THEN
            UPDATE shop_coupon SET uses = uses + 1 WHERE id = NEW.coupon_id RETURNING most_per_person INTO most;
            IF most IS NOT NULL THEN
                SELECT count(*) INTO theirs
                  FROM shop_couponuse used
                  JOIN shop_orderparty other ON other.order_id = used.order_id AND other.restricted_at IS NULL
                  JOIN shop_orderparty own ON own.order_id = NEW.order_id
                 WHERE used.coupon_id = NEW.coupon_id AND used.given_back_at IS NULL
                   AND (lower(other.email) = lower(own.email) OR other.user_id = own.user_id);
                IF theirs > most THEN
                    RAISE EXCEPTION 'shop_couponuse: this person has used coupon % already', NEW.coupon_id
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'couponuse_within_most_per_person';
                END IF;
            END IF;
        END IF;
        RETURN NULL;
    END $body$;
    CREATE TRIGGER shop_couponuse_counts AFTER INSERT OR UPDATE OR DELETE ON shop_couponuse
        FOR EACH ROW EXECUTE FUNCTION shop_couponuse_counts();
"""
NO_COUNT = "DROP TRIGGER shop_couponuse_counts ON shop_couponuse; DROP FUNCTION shop_couponuse_counts();"


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0021_posts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Coupon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text="Never a person's name. Buyers may type it in small letters, with O for 0, and I or L for 1.", max_length=30, validators=[django.core.validators.RegexValidator('^[A-Z0-9]+(-[A-Z0-9]+)*$', 'Write capital letters and digits, with single hyphens between them.')])),
                ('folded', models.GeneratedField(db_persist=True, expression=models.Func(models.Func(django.db.models.functions.text.Upper('code'), models.Value('-'), models.Value(''), function='replace'), models.Value('OIL'), models.Value('011'), function='translate'), help_text="The code as it is looked for: two that look alike can't exist.", output_field=models.CharField(max_length=30), unique=True)),
                ('kind', models.CharField(choices=[('percent', 'a share of the price'), ('amount', 'an amount')], default='percent', max_length=10, verbose_name='takes off')),
                ('percent', models.DecimalField(blank=True, decimal_places=2, help_text='Of the price.', max_digits=5, null=True)),
                ('is_active', models.BooleanField(default=True, help_text='Untick it to withdraw the code.', verbose_name='can be used')),
                ('valid_from', models.DateField(default=privacy.clock.today)),
                ('valid_until', models.DateField(blank=True, help_text='The last day; empty: without an end.', null=True)),
                ('is_for_all', models.BooleanField(default=True, verbose_name='for every product')),
                ('most_uses', models.PositiveIntegerField(blank=True, help_text='In how many orders; empty: any number.', null=True)),
                ('most_per_person', models.PositiveIntegerField(blank=True, help_text='By e-mail address or account; empty: any number.', null=True, verbose_name='most uses a person')),
                ('uses', models.PositiveIntegerField(default=0, editable=False, help_text='Orders that have it, by a trigger.')),
                ('made_at', models.DateTimeField(default=privacy.clock.now, editable=False)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
                'default_permissions': ('add', 'change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='CouponAmount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(blank=True, decimal_places=3, help_text='What is taken off.', max_digits=12, null=True)),
                ('minimum', models.DecimalField(decimal_places=3, default=0, help_text='What the tools that it is for must cost at least.', max_digits=12)),
            ],
            options={
                'ordering': ['currency'],
            },
        ),
        migrations.CreateModel(
            name='CouponUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_back_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='order',
            name='discount',
            field=models.DecimalField(db_default=0, decimal_places=3, default=0, help_text='What a coupon took off, tax included.', max_digits=12),
        ),
        migrations.AddField(
            model_name='orderline',
            name='discount',
            field=models.DecimalField(db_default=0, decimal_places=3, default=0, max_digits=12),
        ),
        migrations.AddField(
            model_name='orderline',
            name='discount_net',
            field=models.DecimalField(db_default=0, decimal_places=3, default=0, max_digits=12),
        ),
        migrations.AlterField(
            model_name='orderevent',
            name='kind',
            field=models.CharField(choices=[('placed', 'Order placed'), ('payment_started', 'Payment started'), ('payment_failed', 'Payment failed'), ('paid', 'Paid'), ('keys_assigned', 'Keys assigned'), ('backordered', 'Waits for keys'), ('mail_sent', 'Mail sent'), ('key_opened', 'Key opened'), ('email_corrected', 'E-mail address corrected'), ('link_renewed', 'New link made'), ('held', 'Put on hold'), ('released', 'Released'), ('cancelled', 'Cancelled'), ('expired', 'Time to pay ended'), ('refund_requested', 'Refund requested'), ('refunded', 'Refunded'), ('refund_failed', 'Refund failed'), ('joined_account', 'Joined an account'), ('disputed', 'Payment disputed'), ('dispute_won', 'Dispute won'), ('dispute_lost', 'Dispute lost'), ('payment_recorded', 'Payment recorded by hand'), ('refund_recorded', 'Refund recorded by hand'), ('vat_confirmed', 'VAT number confirmed'), ('vat_refused', 'VAT number not confirmed'), ('vat_asked', 'VIES is asked again'), ('coupon_returned', 'Use of the coupon given back'), ('coupon_counted', 'Use of the coupon counted again')], max_length=20),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('discount__gte', 0)), name='order_discount_not_negative'),
        ),
        AddConstraintNotValid(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('discount__gte', models.F('discount_net')), ('discount_net__gte', 0)), name='orderline_discount_adds_up'),
        ),
        migrations.AddField(
            model_name='coupon',
            name='products',
            field=models.ManyToManyField(blank=True, help_text="Where it isn't for every product.", related_name='+', to='shop.product'),
        ),
        migrations.AddField(
            model_name='couponamount',
            name='coupon',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='amounts', to='shop.coupon'),
        ),
        migrations.AddField(
            model_name='couponuse',
            name='coupon',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='shop.coupon'),
        ),
        migrations.AddField(
            model_name='couponuse',
            name='order',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='coupon_use', to='shop.order'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z0-9]+(-[A-Z0-9]+)*$')), name='coupon_code_is_plain'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'percent'), ('percent__gt', 0), ('percent__isnull', False), ('percent__lte', 100)), models.Q(('kind', 'amount'), ('percent__isnull', True)), _connector='OR'), name='coupon_percent_of_kind'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='coupon_has_days'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('most_uses__isnull', True), ('uses__lte', models.F('most_uses')), _connector='OR'), name='coupon_within_most_uses'),
        ),
        migrations.AddConstraint(
            model_name='coupon',
            constraint=models.CheckConstraint(condition=models.Q(('most_per_person__isnull', True), ('most_per_person__gte', 1), _connector='OR'), name='coupon_person_has_uses'),
        ),
        migrations.AddConstraint(
            model_name='couponamount',
            constraint=models.UniqueConstraint(fields=('coupon', 'currency'), name='couponamount_currency_once'),
        ),
        migrations.AddConstraint(
            model_name='couponamount',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gt', 0), _connector='OR'), name='couponamount_takes_something'),
        ),
        migrations.AddConstraint(
            model_name='couponamount',
            constraint=models.CheckConstraint(condition=models.Q(('minimum__gte', 0)), name='couponamount_minimum_not_negative'),
        ),
        migrations.RunSQL(COUNTS, NO_COUNT),
    ]
