# One image for the web server, the worker and the timetable; compose.yaml says which command each runs.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --requirement requirements.txt

COPY manage.py ./
COPY config config
COPY payments payments
COPY accounts accounts
COPY shop shop
COPY privacy privacy
COPY templates templates
COPY static static
# Static files get their fingerprints when the image is made. The settings want values for this; none is kept.
RUN SECRET_KEY=build LICENSE_KEYS_SECRET=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= SITE_URL=https://build.invalid \
    DATABASE_URL=postgres://build@build.invalid/build REDIS_URL=redis://build.invalid EMAIL_URL=smtp://build.invalid \
    ERASURE_JOURNAL=/build.invalid \
    python manage.py collectstatic --no-input

RUN useradd --system --no-create-home shop && install -d -o shop /journal /media
USER shop
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "config.wsgi:application"]
