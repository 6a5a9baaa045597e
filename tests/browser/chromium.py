"""A headless Chromium, controlled through the pipe of its DevTools protocol.

The pipe consists of two file descriptors and messages that end in a NUL. So the tests need no port,
no client package and no driver of the same version.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Long enough for a busy machine; normally it takes milliseconds.
LIMIT = 120.0
# Puts the pipe where Chromium expects it, and stops Chromium with the tests, also if they are
# killed.
_SHIM = """
import ctypes, os, sys
requests, answers = int(sys.argv[1]), int(sys.argv[2])
os.dup2(requests, 3)
os.dup2(answers, 4)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9)
os.execv(sys.argv[3], sys.argv[3:])
"""
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1280,900",
)


class BrowserError(Exception):
    """Chromium did not answer, or a script on the page failed."""


def installed() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """The only page of a Chromium; its log and its requests are recorded."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests, self._answers = requests, answers
        self._received = bytearray()
        self._last = 0
        self._session: str | None = None
        self._finished: set[str] = set()
        self.problems: list[str] = []
        self.loaded: list[str] = []

    def attach(self) -> None:
        """Attach to a page and record its log and requests."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def call(self, method: str, **parameters: Any) -> Json:
        """Call a method of the protocol. Raises BrowserError."""
        self._last += 1
        message: Json = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._requests, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                result: Json = answer["result"]
                return result
            self._note(answer)

    def open(self, url: str) -> None:
        """Load the address and wait until it is loaded."""
        # From a blank page, so that an address with only another fragment is loaded again.
        for address in ("about:blank", url):
            self.problems.clear()
            self.loaded.clear()
            loader = self.call("Page.navigate", url=address)["loaderId"]
            while loader not in self._finished:
                self._note(self._receive())

    def run(self, expression: str) -> Any:
        """Return the value of the expression, after waiting for a promise. Raises BrowserError."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until the expression is true. Raises BrowserError."""
        end = time.monotonic() + LIMIT
        while not self.run(expression):
            if time.monotonic() > end:
                raise BrowserError(f"never true: {expression}")
            time.sleep(0.02)

    def press(self, *keys: str) -> None:
        """Press the keys one after the other, as a person does; a key is a character or a name."""
        codes = {"Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40, "Tab": 9}
        for key in keys:
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            event: Json = {"key": key, "windowsVirtualKeyCode": codes.get(key, 0)}
            self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **event)
            self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def click(self, selector: str) -> None:
        """Click on the middle of the element, as a person does."""
        place = self.run(
            f"(() => {{ const element = document.querySelector({json.dumps(selector)});"
            " element.scrollIntoView({block: 'center'});"
            " const box = element.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=place[0],
                y=place[1],
                button="left",
                clickCount=1,
            )

    def media(self, media: str = "", **features: str) -> None:
        """Show the page for that medium and those features (dashes as underscores)."""
        listed = [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()
        ]
        self.call("Emulation.setEmulatedMedia", media=media, features=listed)

    def size(self, width: int, height: int) -> None:
        """Give the window a size."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def screenshot(self, path: Path, whole: bool = False) -> None:
        """Write the visible part, or the whole page, as PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _receive(self) -> Json:
        end = time.monotonic() + LIMIT
        while b"\0" not in self._received:
            ready, _, _ = select.select([self._answers], [], [], max(end - time.monotonic(), 0))
            received = os.read(self._answers, 1 << 16) if ready else b""
            if not received:
                raise BrowserError("Chromium ended" if ready else "Chromium does not answer")
            self._received += received
        message, _, rest = self._received.partition(b"\0")
        self._received = rest
        answer: Json = json.loads(message)
        return answer

    def _note(self, event: Json) -> None:
        parameters = event.get("params", {})
        method = event.get("method")
        if method == "Network.requestWillBeSent":
            self.loaded.append(parameters["request"]["url"])
        elif method == "Page.lifecycleEvent" and parameters["name"] == "load":
            self._finished.add(parameters["loaderId"])
        elif method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            self.problems.append(json.dumps(parameters))


@contextmanager
def running(program: str, profile: Path) -> Iterator[Page]:
    """Run a Chromium with its own profile, and return its page."""
    requests_read, requests_write = os.pipe()
    answers_read, answers_write = os.pipe()
    with (profile / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _SHIM,
                str(requests_read),
                str(answers_write),
                program,
                *_FLAGS,
                f"--user-data-dir={profile}",
            ],
            pass_fds=(requests_read, answers_write),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    os.close(requests_read)
    os.close(answers_write)
    try:
        page = Page(requests_write, answers_read)
        page.attach()
        yield page
    finally:
        process.kill()
        process.wait()
        os.close(requests_write)
        os.close(answers_read)
