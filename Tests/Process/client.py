"""Raw HTTP requests of the process checks: bytes out, whole answers in, and a load that knows what became of each event."""

import collections
import contextlib
import json
import select
import socket
import threading

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
Answer = collections.namedtuple("Answer", "status headers body")


def request(method, path, body=b"", headers=(), host="shop.test"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"User-Agent: {AGENT}", *headers]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines + ["", ""]).encode() + body


def post(events, headers=()):
    return request("POST", "/collect", json.dumps(events).encode(), headers)


class Connection:
    """One raw connection: bytes out, whole answers in."""

    def __init__(self, port, seconds=10):
        self.socket = socket.create_connection(("127.0.0.1", port), seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def send(self, data):
        """Gives up quietly where the server has closed: its last answer may still be there to be read."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def answer(self):
        """The next answer; None where the connection ends without a byte of one."""
        while b"\r\n\r\n" not in self.received:
            if not self._receive():
                return None
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self.received) < length:
            if not self._receive():
                raise ConnectionError("the answer was cut short")
        body, self.received = self.received[:length], self.received[length:]
        return Answer(int(status.split()[1]), headers, body)

    def _receive(self):
        data = self.socket.recv(1 << 16)
        self.received += data
        return data

    def ask(self, data):
        self.send(data)
        return self.answer()

    def is_ended(self):
        """Whether the server has closed it: what a careful client looks at before it sends another request."""
        return not self.received and bool(select.select([self.socket], [], [], 0)[0])

    def close(self):
        self.socket.close()


class Load(threading.Thread):
    """Posts one event after another on one kept connection and knows what became of each id. `cut` are ids whose request
    was sent and got neither an answer nor a clean end."""

    def __init__(self, server, site, name):
        super().__init__(daemon=True)
        self.server, self.site, self.prefix = server, site, name
        self.acknowledged, self.refused, self.cut = [], [], []
        self.stopping = threading.Event()
        self.start()

    def run(self):
        connection = Connection(self.server.port)
        count = 0
        while not self.stopping.is_set() and not connection.is_ended():
            count += 1
            name = f"{self.prefix}-{count}"
            try:
                answer = connection.ask(post(event(self.site, name)))
            except OSError as error:
                self.cut.append((name, repr(error)))
                break
            if answer is None:
                self.cut.append((name, "closed without an answer"))
                break
            (self.acknowledged if answer.status == 202 else self.refused).append(name)
            if answer.headers.get("connection") == "close":
                break
        connection.close()

    def stop(self):
        self.stopping.set()
        self.join(15)


def event(site, name, **more):
    return {"site": site, "name": "pageview", "id": name, "url": "https://shop.test/boots", **more}
