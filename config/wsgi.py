"""The entry point of the web server."""

import gc

from django.core.wsgi import get_wsgi_application

_django = get_wsgi_application()

from django.conf import settings  # noqa: E402  (Django is ready now)

from config.page_cache import PageCache  # noqa: E402

application = _django if settings.MAINTENANCE else PageCache(_django)

# What was loaded until now stays for good. The garbage collector needn't look at it again and again, and need not run
# at every 700th new object: one request makes thousands, which go without it.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
