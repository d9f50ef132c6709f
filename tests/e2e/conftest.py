"""A running suite with the demo company, and a browser for each role."""

import os
import re
import socket
import time
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tradeworks import database, serve

CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}
SHOTS = Path(os.environ.get("TRADEWORKS_SCREENSHOTS", "screenshots"))
DATABASE = f"{database.PREFIX}_e2e"


@pytest.fixture(scope="session")
def base_url():
    """The address of a server on a fresh copy of the demo company."""
    source = database.template("demo")
    database.drop(DATABASE)
    database.copy(source, DATABASE)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = serve.start(DATABASE, port, "e2e.log")
    try:
        serve.wait_until_up(process, port, "e2e.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        serve.stop(process)
        database.drop(DATABASE)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**CHROMIUM)
        yield chromium
        chromium.close()


class Desk:
    """One person at a screen: signs in, opens pages, calls the server as the client does."""

    def __init__(self, browser, base_url, login, lang="zh_CN", size=(1440, 900)):
        self.base_url, self.login, self.lang = base_url, login, lang
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=lang.replace("_", "-")
        )
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        self.page.on("response", self._note_server_error)
        self._sign_in()

    def _note_server_error(self, response):
        if response.status >= 500:  # noqa: PLR2004
            self.errors.append(f"{response.status} {response.url}")

    def _sign_in(self):
        self.page.goto(f"{self.base_url}/web/login")
        self.page.fill("input[name=login]", self.login)
        self.page.fill("input[name=password]", serve.PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".o_main_navbar", timeout=90000)
        uid = self.call("res.users", "search", [[["login", "=", self.login]]])[0]
        self.call("res.users", "write", [[uid], {"lang": self.lang}])

    def call(self, model, method, args=(), **kwargs):
        """What the web client does: RPC as this person; an error is returned as ServerError."""
        answer = self.page.evaluate(
            """async ([model, method, args, kwargs]) => {
                const response = await fetch(`/web/dataset/call_kw/${model}/${method}`, {
                    method: "POST", headers: {"Content-Type": "application/json"},
                    body: JSON.stringify({jsonrpc: "2.0", method: "call",
                        params: {model, method, args, kwargs}}),
                });
                return await response.json();
            }""",
            [model, method, list(args), kwargs],
        )
        if "error" in answer:
            data = answer["error"]["data"]
            raise ServerError(data["name"], data["message"])
        return answer.get("result")

    def open(self, path, wait=".o_action_manager .o_view_controller"):
        """Open a page and wait until it is usable; returns the seconds it took."""
        began = time.monotonic()
        self.page.goto(f"{self.base_url}/odoo/{path}")
        self.page.wait_for_selector(wait, timeout=60000)
        self.page.wait_for_function(
            "() => !document.querySelector('.o_loading_indicator, .o_blockUI')", timeout=30000
        )
        return time.monotonic() - began

    def shot(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=str(SHOTS / f"{name}.{self.lang}.png"))

    def english_left(self):
        """English sentences on a Chinese page (product and company names excepted)."""
        text = self.page.inner_text("body")
        return sorted(set(re.findall(r"\b[A-Z][a-z]{3,}(?: [a-z]{2,}){1,5}\b", text)))

    def close(self):
        self.context.close()
        assert self.errors == [], f"{self.login}: {self.errors}"


class ServerError(Exception):
    def __init__(self, name, message):
        super().__init__(f"{name}: {message}")
        self.name, self.message = name, message


@pytest.fixture
def desk(browser, base_url):
    """`desk("finance", "en_US")`: that person at a screen; script errors fail the test."""
    opened = []

    def sit_down(login, lang="zh_CN", size=(1440, 900)):
        one = Desk(browser, base_url, login, lang, size)
        opened.append(one)
        return one

    yield sit_down
    for one in opened:
        one.close()
