"""Settings: all from the environment. README.md holds the table of every variable."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from babel.core import get_global
from django_countries.data import COUNTRIES

from config import environment, logs
from config.csp import shop_policy
from config.sign_in import *  # noqa: F403  (settings are read by their names)
from config.unfold import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What the shop is -------------------------------------------------------------------------------------------------

DEBUG = environment.flag("DEBUG", default=False)
MAINTENANCE = environment.flag("MAINTENANCE", default=False)
STORE_NAME = environment.text("STORE_NAME", "AzureOps")
SUPPORT_EMAIL = environment.text("SUPPORT_EMAIL", "support@azureops.org")
STORE_ADDRESS = environment.text("STORE_ADDRESS", "")
STORE_COUNTRY = environment.one_of(
    "STORE_COUNTRY",
    "DE",
    set(COUNTRIES),
    "the code of a country such as DE",
)
STORE_CURRENCY = environment.one_of(
    "STORE_CURRENCY", "EUR", get_global("all_currencies"), "the code of a currency such as EUR"
)
STORE_CURRENCIES = environment.some_of(
    "STORE_CURRENCIES", "EUR,USD,GBP", get_global("all_currencies"), "codes of currencies such as EUR,USD,GBP"
)
STORE_CURRENCIES = list(dict.fromkeys([STORE_CURRENCY, *STORE_CURRENCIES]))
SITE_URL = environment.origin("SITE_URL", "http://127.0.0.1:8000" if DEBUG else None)
BACKORDER_DAYS = environment.number("BACKORDER_DAYS", 7, least=1)
COMPLAINT_AUTHORITY = environment.text("COMPLAINT_AUTHORITY", "")
INSTALLATION = environment.text("INSTALLATION", urlsplit(SITE_URL).netloc)
ORDER_RETENTION_YEARS = environment.number("ORDER_RETENTION_YEARS", 3, least=1)
ACCOUNT_RETENTION_YEARS = environment.number("ACCOUNT_RETENTION_YEARS", 3, least=1)
UNPAID_RETENTION_DAYS = environment.number("UNPAID_RETENTION_DAYS", 30, least=1)
ADDRESS_RETENTION_DAYS = environment.number("ADDRESS_RETENTION_DAYS", 30, least=1)
BROWSER_RETENTION_DAYS = environment.number("BROWSER_RETENTION_DAYS", 180, least=1)
CASE_RETENTION_DAYS = environment.number("CASE_RETENTION_DAYS", 365, least=31)  # closed cases open again for 30 days
# How long a deletion waits before it looks for what is left: longer than any task that read the data before may run.
ERASURE_SETTLE_SECONDS = environment.number("ERASURE_SETTLE_SECONDS", 330, least=0)
# How long a service provider's data may still be needed after a payment was captured: for a refund, or a dispute.
PROVIDER_ERASURE_DAYS = environment.number("PROVIDER_ERASURE_DAYS", 180, least=1)
# How long it is known why an order was, or wasn't, let through; and whether one may be refused without a person.
FRAUD_RETENTION_DAYS = environment.number("FRAUD_RETENTION_DAYS", 180, least=1)
FRAUD_REFUSES_ALONE = environment.flag("FRAUD_REFUSES_ALONE", default=False)
# Points of signs of spam from which on a post waits for a person (0: each does), and days from the delivery of an order
# to the mail that asks for a review (0: there is none).
POST_HOLD_POINTS = environment.number("POST_HOLD_POINTS", 2, least=0)
REVIEW_INVITATION_DAYS = environment.number("REVIEW_INVITATION_DAYS", 14, least=0)
ERASURE_FOUR_EYES = environment.flag("ERASURE_FOUR_EYES", default=False)

# --- Secrets and addresses --------------------------------------------------------------------------------------------

SECRET_KEY = environment.text("SECRET_KEY", "only-for-development" if DEBUG else None)
LICENSE_KEYS_SECRET = environment.secret_bytes(
    "LICENSE_KEYS_SECRET", "ZGV2ZWxvcG1lbnQtb25seS1kZXZlbG9wbWVudC1vbmw" if DEBUG else None
)
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "")
if DEBUG:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
# Warnings of `manage.py check` that are known and allowed, by id.
SILENCED_SYSTEM_CHECKS = environment.words("ALLOWED_WARNINGS")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")

# --- Payment providers ------------------------------------------------------------------------------------------------

STRIPE_API_BASE = environment.url("STRIPE_API_BASE", "https://api.stripe.com")
STRIPE_SECRET_KEY = environment.text("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = environment.text("STRIPE_WEBHOOK_SECRET", "")
PAYPAL_API_BASE = environment.url("PAYPAL_API_BASE", "https://api-m.paypal.com")
PAYPAL_CLIENT_ID = environment.text("PAYPAL_CLIENT_ID", "")
PAYPAL_CLIENT_SECRET = environment.text("PAYPAL_CLIENT_SECRET", "")
PAYPAL_WEBHOOK_ID = environment.text("PAYPAL_WEBHOOK_ID", "")
PAYPAL_CERT_BASES = environment.words("PAYPAL_CERT_BASES", "https://api.paypal.com,https://api-m.paypal.com")
PAYPAL_WEBHOOK_CA = environment.text("PAYPAL_WEBHOOK_CA", "")
BANK_TRANSFER_IBAN = environment.iban("BANK_TRANSFER_IBAN")
BANK_TRANSFER_HOLDER = environment.text("BANK_TRANSFER_HOLDER", "")
BANK_TRANSFER_BIC = environment.text("BANK_TRANSFER_BIC", "")
BANK_TRANSFER_BANK = environment.text("BANK_TRANSFER_BANK", "")
PROVIDER_TIMEOUT = environment.seconds("PROVIDER_TIMEOUT", "10")
# Whether answers of the project's sandboxes are believed.
ALLOW_SANDBOX = environment.flag("ALLOW_SANDBOX", default=DEBUG)

# --- Tax --------------------------------------------------------------------------------------------------------------

VAT_NUMBER = environment.vat_number("VAT_NUMBER")
VIES_URL = environment.url("VIES_URL", "https://ec.europa.eu/taxation_customs/vies/services/checkVatService")

# --- Servers ----------------------------------------------------------------------------------------------------------

DATABASES = {"default": environment.database("DATABASE_URL")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

REDIS_URL = environment.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
CACHES = {
    "default": {
        "BACKEND": "privacy.cache.DeclaredCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "shop",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)

EMAIL = environment.email("EMAIL_URL", "consolemail://" if DEBUG else None)
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"].replace("django.core.mail.backends.smtp.", "privacy.smtp.")
EMAIL_HOST, EMAIL_PORT = EMAIL.get("EMAIL_HOST") or "localhost", EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_USER") or "", EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_TLS", False), EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 15
MAIL_PROVIDER = environment.text("MAIL_PROVIDER", "")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"{STORE_NAME} <{SUPPORT_EMAIL}>"
MAILBOX_URL = environment.mailbox("MAILBOX_URL")
MAILBOX_CA = environment.certificates("MAILBOX_CA")
MAILBOX_AUTHSERV_ID = environment.text("MAILBOX_AUTHSERV_ID", "")

# --- Django -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Before Django's admin, for its templates; "Basic", because the other one would put its own site over ours.
    "unfold.apps.BasicAppConfig",
    "config.admin_site.ShopAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.forms",
    "django_htmx",
    "csp",
    "privacy",
    "shop",
    "accounts",
    "payments",
    "config.apps.WiringConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "privacy.cookies.only_declared",
    "config.csp.policy",
    "config.maintenance.closed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.remember_device",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shop.context.shop",
            ],
            "builtins": ["shop.templatetags.addresses"],
        },
    }
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MFA_TOTP_ISSUER = STORE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
# Room for a text of a megabyte, each letter as three bytes of a form: it is answered by a sentence, not by a 400.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000
FILE_UPLOAD_HANDLERS = [
    "config.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Words and time ---------------------------------------------------------------------------------------------------

LANGUAGE_CODE, FORMAT_MODULE_PATH = "en-us", "config.formats"
USE_I18N, USE_TZ, TIME_ZONE = True, True, "UTC"

# --- Files ------------------------------------------------------------------------------------------------------------

STATIC_URL, STATIC_ROOT = "/static/", BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = environment.path("MEDIA_ROOT", BASE_DIR / "media")
BACKUP_DIR = environment.path("BACKUP_DIR", BASE_DIR / "backups")
# Outside of what a backup holds: it says what a restored one must be rid of again.
ERASURE_JOURNAL = environment.path(
    "ERASURE_JOURNAL", BASE_DIR / ".local" / "erasure.journal" if DEBUG else None, apart_from=(MEDIA_ROOT, BACKUP_DIR)
)
DEV_MAIL_DIR = environment.text("DEV_MAIL_DIR", "")

# --- Transport and content security -----------------------------------------------------------------------------------

_https = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=_https)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = environment.number("SECURE_HSTS_SECONDS", 31_536_000 if _https else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {"DIRECTIVES": shop_policy(payment_apis=(STRIPE_API_BASE, PAYPAL_API_BASE), debug=DEBUG)}

LOGGING_CONFIG = None
logs.configure(debug=DEBUG)
