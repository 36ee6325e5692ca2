"""What every process check shares: claims, an installation in a temporary folder, the real server on it, memory and CPU
time from /proc. Loopback only; a wait is a loop on a condition with a deadline; every server is stopped by its own pid,
at the latest when its installation is left. HIGHLAND names another binary than the release build's."""

import collections
import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from claims import Claims, wait_until
from client import Connection, request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HIGHLAND = pathlib.Path(os.environ.get("HIGHLAND", ROOT / ".build" / "release" / "highland"))
MIB = 1 << 20
# Others may be measuring on this machine; what a check starts inherits this.
os.nice(5)
# Told to end, a check leaves its installations in order, and with them its servers.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

# --- claims ---

_claims = Claims(tells_all=True)


def claim(text, holds, got=""):
    """One line for one claim; what was found is told where it does not hold."""
    return _claims.check(text, holds, f"got {got}")


def note(text):
    """A figure that is told and not held to anything."""
    print(f"     {text}", flush=True)


skipped = _claims.skipped
finish = _claims.end

# --- processes ---


def free_port():
    """A port that nobody holds. Below those that the system gives to clients (net.ipv4.ip_local_port_range), so that no
    connection of a check beside this one takes it before the server does."""
    while True:
        with socket.socket() as s, contextlib.suppress(OSError):
            port = random.randrange(12_000, 32_000)
            s.bind(("127.0.0.1", port))
            return port


def accepts(port):
    """Whether somebody listens."""
    with contextlib.suppress(OSError):
        Connection(port, 1).close()
        return True
    return False


class Server:
    """One running `highland serve`. Under a wrapper that stays (strace) `pid` is the wrapper's child."""

    def __init__(self, place, wrapper=(), stays=False, options=None):
        self.place, self.port, self.stays = place, place.port, stays
        self.log_path = place.folder / f"server-{len(place.servers)}.log"
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(
                [*wrapper, str(HIGHLAND), "serve"], env={**place.environment, **(options or {})}, stdout=log, stderr=log)

    @property
    def pid(self):
        if not self.stays:
            return self.process.pid
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    @property
    def log(self):
        return self.log_path.read_text(errors="replace")

    def is_running(self):
        return self.process.poll() is None

    def is_ready(self):
        with contextlib.suppress(OSError):
            answer = self.ask(request("GET", "/readyz"))
            return answer is not None and answer.status == 200
        return False

    def wait_ready(self, seconds=30):
        if not wait_until(lambda: self.is_ready() or not self.is_running(), seconds) or not self.is_running():
            raise SystemExit(f"the server was not ready (exit code {self.process.poll()}): {self.log[-2000:]}")
        return self

    def ask(self, data, seconds=10):
        connection = Connection(self.port, seconds)
        try:
            return connection.ask(data)
        finally:
            connection.close()

    def metrics(self):
        """Name with labels to value, from the admin plane."""
        connection = Connection(self.place.admin)
        answer = connection.ask(request(
            "GET", "/metrics", headers=[f"Authorization: Bearer {self.place.key}"], host=f"127.0.0.1:{self.place.admin}"))
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"/metrics answers {answer.status}")
        lines = [line for line in answer.body.decode().splitlines() if line and not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    def memory(self):
        """Bytes of VmRSS, VmHWM (the most since `reset_peak`), RssAnon and RssFile."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return {name: int(size) << 10 for name, size in re.findall(r"^(Vm\w+|Rss\w+):\s+(\d+) kB", status, re.M)}

    def reset_peak(self):
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def cpu_seconds(self):
        """All threads, ended ones too: the process's CPU clock (clock_getcpuclockid(3))."""
        return time.clock_gettime(~self.pid << 3 | 2)

    def descriptor_count(self):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            return len(os.listdir(f"/proc/{self.pid}/fd"))
        return 0

    def wait_end(self, seconds):
        """The exit code; None where it still runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(seconds)

    def stop(self, seconds=15):
        """SIGTERM; the exit code, or None where it had to be killed."""
        if self.is_running():
            os.kill(self.pid, signal.SIGTERM)
        code = self.wait_end(seconds)
        if code is None:
            self.kill()
        return code

    def kill(self):
        if self.is_running():
            with contextlib.suppress(ProcessLookupError, IndexError):
                os.kill(self.pid, signal.SIGKILL)
        if self.wait_end(5) is None:
            self.process.kill()
            self.process.wait()


class Installation:
    """A data directory with the site shop.test, and the servers that were started on it."""

    def __init__(self, options=None, data=None):
        if not HIGHLAND.exists():
            raise SystemExit(f"{HIGHLAND} is missing; run: make build")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="highland-process-"))
        self.data = data or self.folder / "data"
        self.port, self.admin = free_port(), free_port()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("HIGHLAND")}
        self.environment |= dict(
            HIGHLAND_DATA=str(self.data), HIGHLAND_RUNTIME=str(self.folder / "runtime"),
            HIGHLAND_SECRETS=str(self.folder / "secrets"), HIGHLAND_LISTEN=f"127.0.0.1:{self.port}",
            HIGHLAND_ADMIN_LISTEN=f"127.0.0.1:{self.admin}", **(options or {}))
        self.servers = []
        self.site = json.loads(self.run("site", "add", "--domain", "shop.test", "--json").stdout)["key"]
        self.key = json.loads(self.run("key", "add", "--role", "viewer", "--json").stdout)["key"]

    def run(self, *arguments, may_fail=False, seconds=60):
        done = subprocess.run(
            [str(HIGHLAND), *arguments], env=self.environment, capture_output=True, text=True, errors="replace", timeout=seconds)
        if done.returncode != 0 and not may_fail:
            raise SystemExit(f"highland {' '.join(arguments)}: exit code {done.returncode}: {done.stderr}")
        return done

    def start(self, wrapper=(), stays=False, options=None, waits=True):
        server = Server(self, wrapper, stays, options)
        self.servers.append(server)
        return server.wait_ready() if waits else server

    def records(self):
        """Every event of the journal as `journal dump` prints it."""
        lines = self.run("journal", "dump", "--format", "ndjson").stdout.splitlines()
        return [record for record in map(json.loads, lines) if record.get("kind") != "control"]

    def ids(self):
        return collections.Counter(record.get("id") for record in self.records())

    def report(self, metric="pageviews", range="all"):
        """One number; the error's sentence where there is none."""
        done = self.run("report", "--site", "shop.test", "--metrics", metric, "--range", range, "--format", "json", may_fail=True)
        return json.loads(done.stdout)["results"][0]["metrics"][0] if done.returncode == 0 else done.stderr.strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def claim_exactly_once(place, acknowledged, about):
    """Every acknowledged id stands in the journal once, and nothing stands there twice."""
    ids = place.ids()
    lost = [name for name in acknowledged if ids[name] == 0]
    twice = [name for name, count in ids.items() if count > 1]
    claim(f"{about}: each of {len(acknowledged)} acknowledged events is on disk exactly once",
          not lost and not twice, f"{len(lost)} lost {lost[:3]}, {len(twice)} twice {twice[:3]}")
