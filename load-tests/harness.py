"""What every load test shares: starting Highland and its peers pinned to one core, loading them from the other,
and reading CPU time from /proc. Loopback only; every load is bounded in time; every server is stopped by its own pid."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASES = pathlib.Path(__file__).resolve().parent
BUILD = ROOT / ".build" / "release"
HIGHLAND = BUILD / "highland"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_seconds(pid):
    """User and system time of a process and all its threads and live children."""
    total = 0.0
    for one in [pid, *children(pid)]:
        try:
            fields = pathlib.Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
        except FileNotFoundError:
            pass
    return total


def children(pid):
    try:
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def get(port, path, headers=None):
    """One GET on a connection of its own: the answer and its body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


class Highland:
    """A fresh data directory, one site, one running server on one core."""

    def __init__(self, core="0", environment=None):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="highland-bench-"))
        self.data = self.directory / "data"
        self.port, self.admin = free_port(), free_port()
        self.environment = dict(
            os.environ, HIGHLAND_DATA=str(self.data), HIGHLAND_RUNTIME=str(self.directory / "runtime"),
            HIGHLAND_SECRETS=str(self.directory / "secrets"), HIGHLAND_LISTEN=f"127.0.0.1:{self.port}",
            HIGHLAND_ADMIN_LISTEN=f"127.0.0.1:{self.admin}", HIGHLAND_LOG_LEVEL="warning",
            # the load comes from one address
            HIGHLAND_CONNECTIONS_PER_ADDRESS_MAX="4000",
            **(environment or {}))
        site = self.command("site", "add", "--domain", "shop.test", "--time-zone", "Europe/Zurich", "--json")
        self.site = json.loads(site)["key"]
        self.log = open(self.directory / "server.log", "w")
        command = ["taskset", "-c", core, str(HIGHLAND), "serve"]
        self.process = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)
        self.wait_ready()

    def command(self, *arguments):
        return subprocess.run([str(HIGHLAND), *arguments], env=self.environment, check=True, capture_output=True, text=True).stdout

    @property
    def pid(self):
        return self.process.pid

    def get(self, path, headers=None):
        return get(self.port, path, headers)

    def wait_ready(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"highland left with {self.process.returncode}: {self.tail()}")
            try:
                if self.get("/readyz")[0].status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise SystemExit(f"highland was not ready within 30 s: {self.tail()}")

    def tail(self):
        return (self.directory / "server.log").read_text()[-2000:]

    def wait_caught_up(self, seconds=120):
        """Until every stage has applied everything that is on disk: the CPU of the projections belongs to the requests."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            stages = json.loads(self.get("/readyz")[1])["stages"]
            if all(stage["lagBatches"] == 0 for stage in stages.values()):
                return
            time.sleep(0.02)
        raise SystemExit("the projections did not catch up")

    def cookies(self, count):
        """Signed first-party cookies of as many visitors, as the server sets them; a file with one a line."""
        path = self.directory / "cookies.txt"
        with open(path, "w") as out:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            for _ in range(count):
                connection.request(
                    "GET", f"/collect.gif?site={self.site}&url=https://shop.test/&consent=mp",
                    headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"})
                answer = connection.getresponse()
                answer.read()
                cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
                if not cookie:
                    raise SystemExit("no cookie was set for a consenting visitor")
                out.write(f"_ga=GA1.2.1033501218.1368477899; theme=dark; {cookie}\n")
        return path

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


class Nginx:
    """The peer: one worker on one core, with the configuration of a case and files to serve below `files/`."""

    def __init__(self, core="0", configuration=CASES / "collect-pixel" / "nginx.conf", files=None):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="nginx-bench-"))
        self.port = free_port()
        # A worker of another user has to reach the files.
        self.directory.chmod(0o755)
        for name, content in (files or {}).items():
            path = self.directory / "files" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        text = configuration.read_text()
        (self.directory / "nginx.conf").write_text(text.replace("%PORT%", str(self.port)).replace("%DIR%", str(self.directory)))
        self.process = subprocess.Popen(
            ["taskset", "-c", core, "nginx", "-p", str(self.directory), "-c", str(self.directory / "nginx.conf")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("nginx did not start")

    def get(self, path, headers=None):
        return get(self.port, path, headers)

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        shutil.rmtree(self.directory, ignore_errors=True)


def wrk(port, script, arguments, connections, seconds, core="1"):
    """One closed-loop run; requests, requests a second, errors, p50 and p99 in ms."""
    output = subprocess.run(
        ["taskset", "-c", core, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script),
         f"http://127.0.0.1:{port}", "--", *arguments],
        # Scripts find `result.lua`.
        env=dict(os.environ, LUA_PATH=f"{CASES}/?.lua;;"), check=True, capture_output=True, text=True).stdout
    for line in output.splitlines():
        if line.startswith("RESULT "):
            requests, micros, errors, statuses, p50, p99 = map(int, line.split()[1:])
            return dict(requests=requests, rate=requests / (micros / 1e6), errors=errors, statuses=statuses, p50=p50 / 1000, p99=p99 / 1000)
    raise SystemExit(f"wrk printed no result:\n{output}")


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown CPU")
    return f"{model}, {os.cpu_count()} cores, {os.uname().release}, {time.strftime('%Y-%m-%d')}"
