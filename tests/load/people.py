"""The people of the load test: ``python -m tests.load.people STAGED ADDRESS PLAN FILE`` lets them work.

Each officer does what the page's script does for him: opens a group, has the server say what a value would come to,
saves it, and settles what somebody else has saved meanwhile. Each appraiser opens a criterion and rules on it. What the
server confirmed is written down and compared with the database afterwards (``counting.py``). PLAN says in JSON how
many ``seconds``, how long an officer is ``thinking`` before his next fact and an appraiser ``deliberating`` before the
next criterion (a third less to a third more), and which processes are the ``server`` and the ``database``.
"""

import json
import random
import re
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, ClassVar

import gevent
from locust import FastHttpUser, constant, task
from locust.contrib.fasthttp import ResponseContextManager
from locust.env import Environment

from tests.load.metering import HEADER, seconds_of

WARM_UP = 180.0
"""Seconds at most until everybody has done his work once: each process builds its rule engine with its first value."""
PATIENCE = 120
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
OVER = re.compile(r'name="over" value="(\d+)"')
SEEN = re.compile(r'name="seen" value="([^"]*)"')


class Person(FastHttpUser):
    """Somebody who is logged in."""

    abstract = True
    cast: ClassVar[list[dict[str, Any]]] = []
    confirmed: ClassVar[list[dict[str, Any]]] = []
    cookie: ClassVar[str] = "sessionid"
    conflicts: ClassVar[int] = 0
    warm: ClassVar[int] = 0  # who has done his work once
    cost: ClassVar[dict[str, list[float]]] = defaultdict(list)  # milliseconds on a processor, by kind of request
    pause: ClassVar[float] = 0  # seconds, on the average
    network_timeout = connection_timeout = float(PATIENCE)

    def on_start(self) -> None:
        """Take a place of the cast that nobody has taken."""
        self.part = self.cast.pop()
        self.random = random.Random(self.part["number"])
        self.client.cookiejar.clear()
        self.headers = {"Cookie": f"{self.cookie}={self.part['session']}"}
        self.count = 0

    def wait_time(self) -> float:
        """Until the next turn."""
        return self.random.uniform(self.pause * 2 / 3, self.pause * 4 / 3)

    def note(self, name: str, answer: Any) -> None:
        """What the server says an answer cost."""
        if answer.headers and answer.headers.get(HEADER):
            Person.cost[name].append(float(answer.headers.get(HEADER)))

    def mark(self) -> str:
        """A reason or note that nobody else writes."""
        Person.warm += self.count == 1  # the second time: the first is done
        self.count += 1
        return f"Tải thử {self.part['number']}-{self.count}"

    def open(self, path: str, name: str) -> str:
        """A page; later forms carry its token."""
        with self.client.get(
            path, name=name, headers=self.headers, catch_response=True, allow_redirects=False
        ) as answer:
            text = told(answer)
            self.note(name, answer)
            self.keep_cookies(answer)
            if answer.status_code != 200 or not TOKEN.search(text):
                answer.failure(f"{answer.status_code}: no form in the page")
            else:
                self.token = TOKEN.search(text)[1]  # type: ignore[index]  # just found
        return text

    def keep_cookies(self, answer: ResponseContextManager) -> None:
        """The cookie that goes with the token."""
        found = re.search(r"csrftoken=([^;]+)", str(answer.headers.get("Set-Cookie")) if answer.headers else "")
        if found:
            self.headers["Cookie"] = f"{self.cookie}={self.part['session']}; csrftoken={found[1]}"


class Officer(Person):
    """Fills in the dossier of his commune, a value each turn."""

    abstract = True

    def on_start(self) -> None:
        """Know no version of any fact yet."""
        super().on_start()
        self.versions: dict[str, str] = {}

    @task
    def fill_in(self) -> None:
        """One fact: typed, tried, saved."""
        fact = self.random.choice(self.part["facts"])
        code, place = fact["criterion"], f"/dossiers/{self.part['dossier']}/facts"
        if code not in self.versions:
            text = self.open(f"{place}/groups/{fact['group']}/", "open a group")
            for section in text.split('action="')[1:]:
                entered, version = re.match(r"[^\"]*/facts/enter/([^/\"]+)/", section), VERSION.search(section)
                if entered and version:
                    self.versions[entered[1]] = version[1]
        if code not in self.versions:
            return  # the failed page has been counted
        cells = {"numerator": str(self.random.randint(0, fact["base"])), "denominator": str(fact["base"])}
        self.send(f"{place}/try/{code}/", "try a value", code, cells)
        gevent.sleep(self.random.uniform(0.3, 1.0))
        self.save(f"{place}/enter/{code}/", code, {**cells, "note": self.mark()})

    def save(self, path: str, code: str, cells: dict[str, str]) -> None:
        """Save, and where somebody else was quicker, look at it and save over it."""
        for _ in range(5):
            text = self.send(path, "save a fact", code, cells)
            conflict = OVER.search(text)
            if conflict is None:
                break
            Person.conflicts += 1
            cells = {**cells, "over": conflict[1]}
            gevent.sleep(self.random.uniform(0.3, 1.0))
        if 'class="saved"' in text:
            saved = {"dossier": self.part["dossier"], "criterion": code, "mark": cells["note"]}
            Person.confirmed.append({**saved, "version": int(self.versions[code])})

    def send(self, path: str, name: str, code: str, cells: dict[str, str]) -> str:
        """Post a fact as the page's script does; what it answered."""
        form = {"version": self.versions[code], "csrfmiddlewaretoken": self.token, **cells}
        headers = {**self.headers, "HX-Request": "true"}
        with self.client.post(path, data=form, name=name, headers=headers, catch_response=True) as answer:
            text = told(answer)
            self.note(name, answer)
            version = VERSION.search(text)
            if answer.status_code != 200 or version is None:
                answer.failure(f"{answer.status_code}: no answer that belongs into the page")
            elif 'class="errors"' in text:
                answer.failure("a right value was refused")
            elif name == "save a fact" and 'class="saved"' not in text and not OVER.search(text):
                answer.failure("neither saved nor in conflict")
            else:
                self.versions[code] = version[1]
        return text


class Appraiser(Person):
    """Rules on the criteria of the dossiers before his council, one each turn."""

    abstract = True

    @task
    def rule(self) -> None:
        """One criterion: read, accepted or rejected."""
        docket = self.random.choice(self.part["dossiers"])
        code = self.random.choice(docket["facts"])["criterion"]
        path = f"/appraisal/{docket['dossier']}/at/{code}/"
        reason = self.mark()
        for _ in range(5):
            text = self.open(path, "open a criterion")
            seen = SEEN.search(text)
            if seen is None:
                return  # counted as a page without a form, or the next line would have been
            gevent.sleep(self.random.uniform(0.3, 1.0))
            ruling = self.random.choice(("accept", "reject"))
            form = {"ruling": ruling, "reason": reason, "seen": seen[1], "do": "save"}
            if self.send(path, form) != 409:
                break
            Person.conflicts += 1
        else:
            return
        saved = {"dossier": docket["dossier"], "criterion": code, "mark": reason, "ruling": ruling}
        if self.done:
            Person.confirmed.append(saved)

    def send(self, path: str, form: dict[str, str]) -> int:
        """Post a ruling; the status."""
        form["csrfmiddlewaretoken"] = self.token
        with self.client.post(
            path, data=form, name="rule", headers=self.headers, catch_response=True, allow_redirects=False
        ) as answer:
            self.note("rule", answer)
            self.done = answer.status_code in (302, 303)
            if self.done or answer.status_code == 409:
                answer.success()
            else:
                answer.failure(f"{answer.status_code}: a right ruling was refused")
            return int(answer.status_code)


class Passer(Person):
    """Asks for the bare view, again and again, without logging in."""

    abstract = True
    wait_time = constant(0.2)

    def on_start(self) -> None:
        """Be nobody in particular."""
        self.count = 0

    @task
    def pass_by(self) -> None:
        """One request."""
        self.note("bare", self.client.get("/bare/", name="bare"))
        self.count += 1
        Person.warm += self.count == 10


def told(answer: ResponseContextManager) -> str:
    """The text of an answer; none where there was no answer."""
    return answer.text or "" if answer.status_code else ""


def work(address: str, seconds: float, people: dict[type[Person], int], plan: dict[str, Any]) -> dict[str, Any]:
    """Let ``people`` work for ``seconds`` after each has done his work once; what was measured."""
    # Locust wants classes of its own for every run, each with its number of users.
    classes = [
        type(kind.__name__, (kind,), {"abstract": False, "fixed_count": count}) for kind, count in people.items()
    ]
    environment = Environment(user_classes=classes, host=address, stop_timeout=PATIENCE)
    runner = environment.create_local_runner()
    runner.start(sum(people.values()), spawn_rate=50)
    Person.warm, deadline = 0, time.monotonic() + WARM_UP
    while Person.warm < sum(people.values()) and time.monotonic() < deadline:
        gevent.sleep(0.2)
    environment.stats.reset_all()
    Person.cost.clear()
    began, before = time.monotonic(), spent(plan)
    gevent.sleep(seconds)
    after = spent(plan)
    entries = {
        entry.name: {
            "requests": entry.num_requests,
            "p50": entry.get_response_time_percentile(0.5),
            "p95": entry.get_response_time_percentile(0.95),
            "cpu": statistics.fmean(Person.cost.get(entry.name) or [0]),
        }
        for entry in environment.stats.entries.values()
    }
    measured = time.monotonic() - began
    runner.stop()  # what is under way comes to its end
    errors = [f"{error.name}: {error.error} ({error.occurrences} times)" for error in environment.stats.errors.values()]
    busy = {name: after[name] - before[name] for name in after}
    return {"seconds": measured, "entries": entries, "errors": errors, "busy": busy}


def spent(plan: dict[str, Any]) -> dict[str, float]:
    """Seconds that the server, its database and these people themselves have been on a processor."""
    return {
        "server": seconds_of(plan["server"]),
        "database": seconds_of(plan["database"]),
        "people": time.process_time(),
    }


def main() -> None:
    """First the bare view by itself, then everybody."""
    staged, address, planned, file = sys.argv[1:]
    cast, plan = json.loads(Path(staged).read_text("utf-8")), json.loads(planned)
    seconds, Officer.pause, Appraiser.pause = float(plan["seconds"]), plan["thinking"], plan["deliberating"]
    Person.cookie = cast["cookie"]
    Officer.cast, Appraiser.cast = cast["officers"], cast["appraisers"]
    people: dict[type[Person], int] = {Officer: len(Officer.cast), Appraiser: len(Appraiser.cast), Passer: 2}
    alone = work(address, min(5.0, seconds), {Passer: 2}, plan)
    together = work(address, seconds, people, plan)
    result = {"alone": alone, **together, "confirmed": Person.confirmed, "conflicts": Person.conflicts}
    Path(file).write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    main()
