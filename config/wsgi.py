"""The entry point of the web server."""

from django.core.wsgi import get_wsgi_application

_django = get_wsgi_application()

from django.conf import settings  # noqa: E402  (Django is ready now)

from config.page_cache import PageCache  # noqa: E402

application = _django if settings.MAINTENANCE else PageCache(_django)
