"""What tests of the desk of deletion requests do: requests in each state, and a member of Support."""

import re

from django.test import Client
from django.urls import reverse

from accounts.models import User
from privacy import deletion_requests
from privacy.models import DeletionRequest
from tests import desk
from tests.accounts import purchases

State = DeletionRequest.State
LIST = "/admin/privacy/deletionrequest/"


def receive(address: str = "ada@example.com", **said: object) -> DeletionRequest:
    return deletion_requests.receive(channel="mail", address=address, text="Please delete my data.", **said)


def proven(address: str = "ada@example.com", **said: object) -> DeletionRequest:
    request = receive(address, **said)
    return deletion_requests.prove(deletion_requests.token(request.tokens.latest("id")), way="link")


def customer(name: str = "Ada Lovelace", company: str = "") -> User:
    """An account with an order that was paid today."""
    user = desk.person(company=company)
    User.objects.filter(pk=user.pk).update(name=name)
    user.refresh_from_db()
    purchases.paid((purchases.edition(), 1), user=user, email=user.email)
    return user


def case(request: DeletionRequest) -> str:
    return reverse("admin:privacy_deletionrequest_change", args=[request.pk])


def deed(request: DeletionRequest, name: str) -> str:
    return reverse(f"admin:privacy_deletionrequest_{name}", args=[request.pk])


def planned(client: Client, address: str = "ada@example.com") -> DeletionRequest:
    request = proven(address)
    assert client.post(deed(request, "plan")).status_code == 302
    request.refresh_from_db()
    assert request.state == State.PLANNED
    return request


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.content.decode())
