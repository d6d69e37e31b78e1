"""Opens a page in headless Chromium over its debugging pipe and prints as JSON what it is like.

browse.py CHROMIUM URL FOLDER: writes light.png, dark.png and phone.png there. Ends when the page says that the video has ended.
"""
import base64
import json
import os
import pathlib
import subprocess
import sys
import time

chromium, url, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])


class Browser:
    def __init__(self):
        to_read, self.write = os.pipe()
        self.read, to_write = os.pipe()

        def descriptors():  # Chromium reads commands from 3 and writes to 4.
            os.dup2(os.dup(to_read), 3)
            os.dup2(os.dup(to_write), 4)

        self.process = subprocess.Popen(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             f"--user-data-dir={folder}/profile", "about:blank"],
            close_fds=False, preexec_fn=descriptors, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder)})
        self.rest, self.number, self.session, self.said = b"", 0, None, []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log"]:
            self.send(f"{domain}.enable")

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            # What the console says, and errors.
            if answer.get("method") in ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"]:
                self.said.append(json.dumps(answer["params"])[:500])

    def next(self):
        while b"\0" not in self.rest:
            more = os.read(self.read, 1 << 16)
            if not more:
                raise RuntimeError("Chromium has ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, expression):
        return self.send("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait(self, expression, seconds=600):
        end = time.time() + seconds
        while not self.ask(expression):
            if time.time() > end:
                raise RuntimeError(f"not after {seconds} s: {expression}; the page: {self.ask('document.body.innerText')}")
            time.sleep(0.05)

    def size(self, width, height, mobile=False):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def scheme(self, name):
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, name, whole=False):
        time.sleep(0.3)
        data = self.send("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        (folder / name).write_bytes(base64.b64decode(data))

    def press(self, key, code, text=""):
        for kind in ["keyDown", "keyUp"]:
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key if key != " " else "Space",
                      windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "")


browser = Browser()
try:
    browser.size(1200, 760)
    browser.scheme("light")
    browser.send("Page.navigate", url=url)
    # Thirty seconds of the video's own time.
    browser.wait("parseFloat(document.getElementById('facts').textContent.split('\u00b7')[1]) > 30")
    browser.picture("light.png")
    browser.scheme("dark")
    browser.picture("dark.png")
    browser.size(390, 844, mobile=True)
    browser.picture("phone.png")
    found = {
        "text": browser.ask("document.body.innerText"), "address": browser.ask("location.href"),
        "markup": browser.ask("document.querySelectorAll('main b, main i, main script').length"),
        "overflow": browser.ask("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
        "cookie": browser.ask("document.cookie"),
        "names": browser.ask("[...document.querySelectorAll('.name')].map((name) => name.textContent)"),
        "outside": browser.ask(
            "performance.getEntriesByType('resource').map((entry) => entry.name)"
            ".filter((name) => new URL(name).host !== location.host)"),
    }
    browser.press("Tab", 9)
    found["focus"] = browser.ask("document.activeElement.id")
    browser.press(" ", 32, " ")
    found["pressed"] = browser.ask("document.getElementById('pause').getAttribute('aria-pressed')")
    found["button"] = browser.ask("document.getElementById('pause').textContent")
    facts = browser.ask("document.getElementById('facts').textContent")
    time.sleep(0.5)
    found["stands"] = browser.ask("document.getElementById('facts').textContent") == facts
    browser.press(" ", 32, " ")
    browser.wait("document.getElementById('status').textContent.includes('ended')")
    found["status"] = browser.ask("document.getElementById('status').textContent")
    found["said"] = browser.said
    print(json.dumps(found))
finally:
    browser.process.kill()
    browser.process.wait()
