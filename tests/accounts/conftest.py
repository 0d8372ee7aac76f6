"""People who are signed in."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User

PASSWORD = "correct horse battery"


def person(email: str, **fields: object) -> User:
    """An account with a confirmed address and a password."""
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def ada(db: None) -> User:
    return person("ada@example.com", name="Ada Lovelace")


@pytest.fixture
def bob(db: None) -> User:
    return person("bob@example.com")


@pytest.fixture
def as_ada(ada: User) -> Client:
    """A browser in which Ada just signed in by password."""
    client = Client()
    client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
    client.get("/account/")  # reads the words that greet her
    return client
