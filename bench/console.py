"""The web console's list of pipelines in a real browser: how soon it can be used on a full server, and what it loads."""

import gzip
import statistics
import time
from pathlib import Path
from typing import Any

from bench.inprocess import SOURCE, WORK, Scripted, assembled, role, start, wait
from bench.process import server
from bench.scale import LONG, add_pipeline, copy, finished
from bench.table import Row
from stageline.engine import history
from stageline.remembered import administrator
from stageline.testing.browser import launch
from stageline.webconsole import assets, links

PIPELINES, EXECUTIONS = 1_000, 100_000
VISITS = 7
SHOWN = 25
PORTION = 20
ACTIONS = 2
WATCH = """
const told = { rows: 0, states: 0 };
window.told = told;
const note = (name) => () => setTimeout(() => (told[name] = performance.now()));
const painted = (name) => requestAnimationFrame(() => requestAnimationFrame(note(name)));
new MutationObserver((_, observer) => {
  if (!told.rows && document.querySelector("th[scope=row] a")) { told.rows = -1; painted("rows"); }
  const states = document.querySelectorAll("tr ul.recent").length;
  if (!told.states && states >= SHOWN) { told.states = -1; painted("states"); observer.disconnect(); }
}).observe(document, { childList: true, subtree: true });
""".replace("SHOWN", str(SHOWN))


def measure() -> list[Row]:
    """Opens the list again and again: with an empty cache of the browser, and once more with what the first visit left there."""
    from playwright.sync_api import sync_playwright

    with server(_fill) as (_, cloud, folder), sync_playwright() as playwright:
        endpoint = cloud.endpoint
        browser = launch(playwright)
        visits = [_visit(browser, endpoint, folder / "data") for _ in range(VISITS + 1)][1:]
        browser.close()
    what = f"console, list of {PIPELINES:,} pipelines with {EXECUTIONS:,} executions"
    first, again = ([visit[at] for visit in visits] for at in (0, 1))
    loaded = visits[0][2]
    return [
        Row(f"{what}: rows can be used, first visit, p50", _median(first, "rows"), "1,000 ms"),
        Row("… and each row tells how its pipeline stands, p50", _median(first, "states"), ""),
        Row("… rows can be used, later visits, p50", _median(again, "rows"), "1,000 ms"),
        Row("… processor time of the page until then, first and later visits, p50", f"{_cpu(first)}; {_cpu(again)}", ""),
        Row("console: what this first page loads, compressed", f"{loaded / 1024:.0f} kB", ""),
        Row("console: all of it, compressed", f"{_all() / 1024:.0f} kB", ""),
    ]


def _fill(data: Path) -> None:
    """Pipelines with a history, written below the API: copies of one execution that really ran."""
    with assembled(data, providers={SOURCE: Scripted(SOURCE), WORK: Scripted(WORK)}) as running:
        arn = role(running)
        with running.store.write() as tx:
            add_pipeline(running, tx, LONG, ACTIONS, WORK, arn)
        running.start()
        start(running, LONG)
        wait(lambda: finished(running))
        with running.store.read() as tx:
            execution = tx.scan(history.EXECUTION, f"uid-{LONG}/", limit=1)[0][1]
            actions = [doc for _, doc in tx.scan(history.ACTION, f"uid-{LONG}/", limit=1 + ACTIONS)]
        each = EXECUTIONS // PIPELINES
        for first in range(0, PIPELINES, PORTION):
            with running.store.write() as tx:
                for number in range(first, min(first + PORTION, PIPELINES)):
                    name = f"pipeline-{number:04d}"
                    add_pipeline(running, tx, name, ACTIONS, WORK, arn)
                    for one in range(each):
                        copy(tx, name, execution, actions, one)


def _visit(browser: Any, endpoint: str, data: Path) -> tuple[dict[str, float], dict[str, float], int]:
    """Milliseconds from the navigation to each mark, at the first and at the second visit; bytes that the first one loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    meter = context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    key = administrator(data)
    token = links.token(key["AccessKeyId"], key["SecretAccessKey"], time.time_ns() // 1_000_000)
    page.request.post(f"{endpoint}/console/session/link", data={"token": token}, headers={"x-stageline-console": "1"})
    loaded: list[Any] = []
    page.on("requestfinished", lambda request: loaded.append(request))
    marks = []
    bytes_loaded = 0
    for _ in range(2):
        page.goto(f"{endpoint}/console/pipelines")
        page.locator("tr ul.recent").nth(SHOWN - 1).wait_for()
        wait(lambda: min(page.evaluate("window.told").values()) > 0)
        busy = next(each["value"] for each in meter.send("Performance.getMetrics")["metrics"] if each["name"] == "TaskDuration")
        marks.append({**page.evaluate("window.told"), "cpu": busy * 1e3})
        bytes_loaded = bytes_loaded or sum(each.sizes()["responseBodySize"] for each in loaded if "/assets/" in each.url)
    context.close()
    return marks[0], marks[1], bytes_loaded


def _median(marks: list[dict[str, float]], name: str) -> str:
    times = sorted(each[name] for each in marks)
    return f"{statistics.median(times):.0f} ms ({times[0]:.0f} to {times[-1]:.0f})"


def _cpu(marks: list[dict[str, float]]) -> str:
    return f"{statistics.median(each['cpu'] for each in marks):.0f} ms"


def _all() -> int:
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in assets.BUILT.rglob("*") if file.is_file())
