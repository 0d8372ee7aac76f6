"""A run of tests or checks never sees the developer's keys."""

from local import environments


def test_every_setting_is_replaced_and_the_servers_stay() -> None:
    environ = {
        "STRIPE_SECRET_KEY": "sk_live_of_the_developer",
        "DEBUG": "true",
        "DEV_MAIL_DIR": "/mails",
        "DATABASE_URL": "postgres://mine/shop",
        "HOME": "/home/me",
    }
    environments.replace(environ, environments.AS_IN_PRODUCTION)
    assert environ == environments.AS_IN_PRODUCTION | {"DATABASE_URL": "postgres://mine/shop", "HOME": "/home/me"}


def test_no_setting_reaches_a_real_provider() -> None:
    bases = {value for name, value in environments.TEST.items() if name.endswith("_API_BASE")}
    assert bases == {environments.NOWHERE}
