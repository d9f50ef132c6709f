"""Opens each screen as the person who works with it, in both languages, and takes its picture."""

import json
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error, sync_playwright

from .screen_list import SCREENS
from .serve import PASSWORD

LANGUAGES = ("zh_CN", "en_US")
SIZES = {"desktop": (1440, 900), "tablet": (1024, 768)}
COLOURS = 128
READY = "() => !document.querySelector('.o_loading_indicator, .o_blockUI, .o_view_sample_data')"


def main(order):
    """Take all pictures; the result is 1 when one couldn't be taken."""
    wanted = [screen for screen in SCREENS if not order["names"] or screen.name in order["names"]]
    seconds, failed = {}, 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for language in LANGUAGES:
            for login in sorted({screen.login for screen in wanted}):
                own = [screen for screen in wanted if screen.login == login]
                failed += _person(browser, order, language, login, own, seconds)
        browser.close()
    print(json.dumps({"seconds": seconds, "failed": failed}))  # noqa: T201 - the result
    return int(bool(failed))


def _person(browser, order, language, login, screens, seconds):
    context = browser.new_context(viewport=dict(zip(("width", "height"), SIZES["desktop"])))  # noqa: B905
    page = context.new_page()
    _sign_in(page, order["address"], login, language)
    failed = 0
    for screen in screens:
        width, height = SIZES[screen.size]
        page.set_viewport_size({"width": width, "height": height})
        try:
            taken = _open(page, order["address"], screen)
        except Error as problem:
            print(f"  ✗ {screen.name} ({language}): {str(problem).splitlines()[0]}")  # noqa: T201
            failed += 1
            continue
        seconds[f"{screen.name} {language}"] = round(taken, 2)
        print(f"  {screen.name} ({language}): {taken:.2f} s")  # noqa: T201
        folder = Path(order["folder"]) / language
        folder.mkdir(parents=True, exist_ok=True)
        _save(page.screenshot(), folder / f"{screen.name}.png")
    context.close()
    return failed


def _sign_in(page, address, login, language):
    page.goto(f"{address}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar", timeout=120000)
    uid = _call(page, "search", [[["login", "=", login]]])[0]
    _call(page, "write", [[uid], {"lang": language}])


def _call(page, method, arguments, model="res.users", **options):
    answer = page.evaluate(
        """async (params) => (await (await fetch("/web/dataset/call_kw/res.users", {
            method: "POST", headers: {"Content-Type": "application/json"},
            body: JSON.stringify({jsonrpc: "2.0", method: "call", params}),
        })).json())""",
        {"model": model, "method": method, "args": arguments, "kwargs": options},
    )
    return answer["result"]


def _open(page, address, screen):
    """Open it twice, so that the client has its files; the second time against the clock."""
    action = screen.path
    if screen.record:
        model, domain = screen.record
        found = _call(page, "search", [domain], model=model, limit=1)
        action = _shows(screen, model, found[0])
    for _turn in range(2):
        page.goto(f"{address}/odoo")
        page.wait_for_selector(".o_main_navbar", timeout=60000)
        page.wait_for_timeout(1500)
        began = time.monotonic()
        page.evaluate(
            "(action) => { odoo.__WOWL_DEBUG__.root.env.services.action.doAction(action,"
            " { clearBreadcrumbs: true }); }",
            action,
        )
        page.wait_for_function(
            "(path) => location.pathname.includes(path)", arg=screen.path or "/", timeout=60000
        )
        _wait(page, screen)
        taken = time.monotonic() - began
    for selector in screen.clicks:
        page.click(selector, timeout=15000)
        time.sleep(1)
    time.sleep(1.5)
    return taken


def _shows(screen, model, number):
    """The action that shows one record: its form, or a client action that starts from it."""
    if screen.tag:
        start = {"of": model, "resId": number, "direction": "down"}
        return {"type": "ir.actions.client", "tag": screen.tag, "params": start}
    views = {"type": "ir.actions.act_window", "views": [[False, "form"]]}
    return views | {"res_model": model, "res_id": number}


def _wait(page, screen):
    page.wait_for_selector(screen.ready, timeout=60000)
    page.wait_for_function(READY, timeout=30000)


def _save(picture, path):
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
