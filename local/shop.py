"""The processes of one development shop, in the order of their start, and what each is told."""

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from local import credentials
from local.leftovers import MARK
from local.mail_sink import make_maildir
from local.ports import HOST, check_free
from local.processes import Child, StartError, start
from local.servers import start_servers

PROJECT = Path(__file__).resolve().parent.parent
LOGINS = {"customer": "customer", "shop manager": "manager", "administrator": "admin", "support": "support"}
SERVER_FAULT = 500
SUPPORT_EMAIL = "support@azureops.org"  # as config/settings.py has it where nothing is set
VIES_PATH = "/taxation_customs/vies/services/checkVatService"
DEMO_VAT_NUMBER = "DE136695976"
QUIET_WORKER = ("--without-mingle", "--without-gossip")  # it is alone, so it need not look for others


class Shop:
    """One shop on `port`, with everything it keeps under `data`. `env` is what the developer set: it always wins."""

    def __init__(self, data: Path, port: int, env: Mapping[str, str]) -> None:
        self.data = data
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.children: list[Child] = []
        self.given = {name: value for name, value in env.items() if value}
        self.secrets = credentials.load(data / "secrets.env")
        self.env = {
            "DEBUG": "true",
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": f"{HOST},localhost",
            "PYTHONUNBUFFERED": "1",
            "ERASURE_SETTLE_SECONDS": "10",  # a shop with one visitor has no task that runs for minutes
            "MEDIA_ROOT": str(data / "media"),
            "BACKUP_DIR": str(data / "backups"),
            "ERASURE_JOURNAL": str(data / "erasure.journal"),
            **self.secrets,
            **self.given,
            MARK: str(data),
        }

    def start(self) -> None:
        """Start everything and return when the shop answers. Raises StartError; `children` then holds what runs."""
        check_free(self.port, "the shop")
        for name, offset in (("Stripe", 1), ("PayPal", 2), ("VIES", 3)):
            if self._stands_in_for(name):
                check_free(self.port + offset, f"the {name} sandbox")
        servers, urls = start_servers(self.data, self.env)
        self.children += servers
        self.env |= urls
        self._name_mailbox()
        sink = self._start_mail_sink()
        sandboxes = self._start_sandboxes()
        self._prepare()
        for child in (*sink, *sandboxes):
            listening_address(child)
        web = self._python(
            "Web server",
            *("granian", "--interface", "wsgi", "--host", HOST, "--port", str(self.port), "--workers", "2"),
            *("--blocking-threads", "4", "config.wsgi:application"),
        )
        # The person who waits wants the pages first; what the others do is kept for them in the database.
        self._wait_until_it_answers(web)
        self._python("Worker", "celery", "-A", "config", "worker", "--concurrency", "2", *QUIET_WORKER)
        schedule = str(self.data / "beat-schedule")
        self._python("Timetable", "celery", "-A", "config", "beat", "--schedule", schedule, "--pidfile=")

    def welcome(self) -> str:
        """What the developer reads when all of it runs."""
        lines = [f"ready {self.url}", "", "Demo logins, password " + self.env["DEMO_PASSWORD"]]
        lines += [f"  {name}@example.com  ({role})" for role, name in LOGINS.items()]
        if "DEV_MAIL_DIR" in self.env:
            lines.append(f"Sent mail: {self.url}/dev/mail/ and the files in {self.env['DEV_MAIL_DIR']}")
        if "MAILBOX_URL" not in self.given:
            lines.append(f"Write to support: {self.url}/dev/support-mail/")
        lines.append(f"Passkeys need a name: open http://localhost:{self.port} for them.")
        lines += [f"Logs: {self.data / 'logs'}", "Stop with Ctrl-C."]
        return "\n".join(lines)

    def _stands_in_for(self, provider: str) -> bool:
        return not any(
            f"{provider.upper()}_{name}" in self.given for name in ("API_BASE", "SECRET_KEY", "CLIENT_ID", "URL")
        )

    def _name_mailbox(self) -> None:
        """Support's mailbox is a folder here, into which the mail sink puts what is sent to support."""
        if "MAILBOX_URL" not in self.given:
            self.env["MAILBOX_URL"] = f"maildir:{make_maildir(self.data / 'support-mail')}"

    def _start_mail_sink(self) -> list[Child]:
        if "EMAIL_URL" in self.given:
            return []
        folder = self.data / "mail"
        deliver: tuple[str, ...] = ()
        if "MAILBOX_URL" not in self.given:
            deliver = (self.env.get("SUPPORT_EMAIL", SUPPORT_EMAIL), str(self.data / "support-mail"))
        sink = self._python("Mail sink", "local.mail_sink", str(folder), *deliver)
        self.env |= {"EMAIL_URL": listening_address(sink), "DEV_MAIL_DIR": str(folder)}
        return [sink]

    def _start_sandboxes(self) -> list[Child]:
        started = []
        if self._stands_in_for("Stripe"):
            self.env["STRIPE_API_BASE"] = f"http://{HOST}:{self.port + 1}"
            started.append(self._sandbox("Stripe", self.port + 1, ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")))
        if self._stands_in_for("PayPal"):
            base = f"http://{HOST}:{self.port + 2}"
            self.env["PAYPAL_API_BASE"] = base
            self.env["PAYPAL_CERT_BASES"] = f"{base}/v1/notifications/certs/"
            self.env["PAYPAL_WEBHOOK_CA"] = str(self.data / "sandbox" / "paypal-ca.pem")
            variables = ("PAYPAL_CLIENT_ID", "PAYPAL_CLIENT_SECRET", "PAYPAL_WEBHOOK_ID")
            started.append(self._sandbox("PayPal", self.port + 2, variables))
        if self._stands_in_for("VIES"):
            self.env["VIES_URL"] = f"http://{HOST}:{self.port + 3}{VIES_PATH}"
            self.env.setdefault("VAT_NUMBER", DEMO_VAT_NUMBER)
            started.append(self._sandbox("VIES", self.port + 3, ()))
        return started

    def _sandbox(self, name: str, port: int, variables: Sequence[str]) -> Child:
        webhook = f"{self.url}/payments/webhooks/{name.lower()}/"
        arguments = ["--port", str(port), "--data", str(self.data / "sandbox"), "--webhook", webhook]
        for variable in variables:  # STRIPE_SECRET_KEY is its option --secret-key
            option = variable.partition("_")[2].lower().replace("_", "-")
            arguments += [f"--{option}", self.env[variable]]
        return self._python(f"{name} sandbox", f"sandbox.{name.lower()}", *arguments)

    def _prepare(self) -> None:
        preparing = start(
            "Preparation",
            [sys.executable, "-m", "local.prepare"],
            log=self.data / "logs" / "prepare.log",
            env=self.env,
            cwd=PROJECT,
        )
        try:
            while not preparing.has_ended:
                self._refuse_dead(self.children)
                time.sleep(0.05)
        finally:
            preparing.stop()
        if preparing.process.returncode:
            raise StartError(f"The database could not be prepared, see {preparing.log}:\n{preparing.last_words()}")

    def _python(self, name: str, module: str, *arguments: str) -> Child:
        log = self.data / "logs" / f"{name.lower().replace(' ', '-')}.log"
        command = [sys.executable, "-m", module, *arguments]
        child = start(name, command, log=log, env=self.env, cwd=PROJECT)
        self.children.append(child)
        return child

    def _refuse_dead(self, children: list[Child]) -> None:
        for child in children:
            if child.has_ended:
                raise StartError(f"{child.name} ended at once, see {child.log}:\n{child.last_words()}")

    def _wait_until_it_answers(self, web: Child, *, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while True:
            self._refuse_dead(self.children)
            try:
                with urllib.request.urlopen(self.url, timeout=seconds):  # noqa: S310 (our own address)
                    return
            except urllib.error.HTTPError as answer:
                if answer.code < SERVER_FAULT:
                    return
                raise StartError(f"The shop answers with error {answer.code}, see {web.log}.") from answer
            except OSError as error:
                if time.monotonic() > deadline:
                    raise StartError(f"The shop does not answer after {seconds:.0f} seconds, see {web.log}.") from error
                time.sleep(0.05)


def listening_address(child: Child, *, seconds: float = 20.0) -> str:
    """The address in the line `listening ADDRESS` that a server prints when it can be reached. Raises StartError."""
    deadline = time.monotonic() + seconds
    while not child.has_ended and time.monotonic() < deadline:
        for line in child.log.read_text(errors="replace").splitlines():
            if line.startswith("listening "):
                return line.removeprefix("listening ").strip()
        time.sleep(0.03)
    raise StartError(f"{child.name} did not start, see {child.log}: {child.last_words()}")
