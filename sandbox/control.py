"""The interface under /_sandbox/ by which people and tests steer a sandbox. README.md describes it."""

import json
from typing import TYPE_CHECKING, Any

from sandbox.objects import shown
from sandbox.pages import STYLE
from sandbox.server import Request, Response, Routes, answer_json

if TYPE_CHECKING:
    from sandbox.provider import Provider

REFUNDS = ("succeeded", "pending")


class ControlError(Exception):
    """A wish that can't be fulfilled; the text is a sentence for the person who has it."""


def _object(request: Request) -> dict[str, Any]:
    document = _document(request)
    if not isinstance(document, dict):
        raise ControlError("Send a JSON object.")
    return document


def _document(request: Request) -> Any:
    try:
        return json.loads(request.body or b"{}")
    except ValueError:
        raise ControlError("The body isn't JSON.") from None


class Control:
    def __init__(self, provider: "Provider") -> None:
        self._provider = provider
        self._routes = Routes()
        for method, path, handler in (
            ("GET", "/_sandbox/health", self._health),
            ("GET", "/_sandbox/page.css", self._style),
            ("GET", "/_sandbox/faults", self._faults_left),
            ("POST", "/_sandbox/faults", self._faults),
            ("GET", "/_sandbox/webhooks", self._deliveries),
            ("POST", "/_sandbox/webhooks", self._webhooks),
            ("POST", "/_sandbox/webhooks/flush", self._flush),
            ("GET", "/_sandbox/webhooks/{event}", self._signed),
            ("POST", "/_sandbox/act", self._act),
            ("GET", "/_sandbox/ledger", self._ledger),
            ("POST", "/_sandbox/switches", self._switches),
            ("POST", "/_sandbox/clock", self._clock),
            ("POST", "/_sandbox/reset", self._reset),
        ):
            self._routes.add(method, path, handler)

    def respond(self, request: Request) -> Response:
        found = self._routes.find(request.method, request.path)
        if found is None:
            return answer_json({"error": f"There is no {request.method} {request.path} here; see README.md."}, 404)
        handler, parts = found
        try:
            return handler(request, **parts)
        except (ControlError, ValueError, TypeError) as error:
            return answer_json({"error": str(error)}, 400)

    def _health(self, request: Request) -> Response:
        return answer_json({"ready": True})

    def _style(self, request: Request) -> Response:
        return Response(200, STYLE, {"Content-Type": "text/css; charset=utf-8"})

    def _faults(self, request: Request) -> Response:
        rules = _document(request)
        self._provider.faults.replace(rules if isinstance(rules, list) else [rules])
        return self._faults_left(request)

    def _faults_left(self, request: Request) -> Response:
        return answer_json(self._provider.faults.left())

    def _webhook_settings(self) -> dict[str, Any]:
        webhooks = self._provider.webhooks
        return {"mode": webhooks.mode, "seconds": webhooks.seconds, "url": webhooks.url}

    def _webhooks(self, request: Request) -> Response:
        self._provider.webhooks.configure(_object(request))
        return answer_json(self._webhook_settings())

    def _deliveries(self, request: Request) -> Response:
        return answer_json({**self._webhook_settings(), "deliveries": self._provider.webhooks.listed()})

    def _flush(self, request: Request) -> Response:
        return answer_json(self._provider.webhooks.flush())

    def _signed(self, request: Request, event: str) -> Response:
        signed = self._provider.webhooks.signed(event)
        if signed is None:
            return answer_json({"error": f"There is no event {event}."}, 404)
        headers, body = signed
        return answer_json({"headers": headers, "body": body.decode()})

    def _act(self, request: Request) -> Response:
        fields = _object(request)
        do = fields.pop("do", None)
        act = self._provider.acts.get(str(do))
        if act is None:
            raise ControlError(f"do is one of {', '.join(self._provider.acts)}, not {do!r}.")
        if "id" in fields:
            fields["identifier"] = fields.pop("id")
        with self._provider.database.transaction():
            self._provider.settle()
            return answer_json(shown(act(**fields)))

    def _ledger(self, request: Request) -> Response:
        return answer_json(self._provider.ledger.report())

    def _switches(self, request: Request) -> Response:
        wished = _object(request)
        if wished.get("refunds", REFUNDS[0]) not in REFUNDS:
            raise ControlError(f"refunds is one of {', '.join(REFUNDS)}.")
        for name in ("reporting", "redaction"):
            if not isinstance(wished.get(name, True), bool):
                raise ControlError(f"{name} is true or false.")
        if unknown := set(wished) - set(self._provider.switches):
            raise ControlError(f"There is no switch {', '.join(sorted(unknown))}.")
        self._provider.switches.update(wished)
        return answer_json(self._provider.switches)

    def _clock(self, request: Request) -> Response:
        return answer_json({"now": self._provider.clock.advance(int(_object(request).get("advance", 0)))})

    def _reset(self, request: Request) -> Response:
        self._provider.reset()
        return answer_json({"ready": True})
