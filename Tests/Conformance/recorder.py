"""A small HTTP server on loopback that keeps the bytes of every request, and either answers itself or hands them on.

    with Recorder(answer) as recorder:      answer(request) -> (status, [header lines], body)
    with Relay(port) as relay:              every request goes on to 127.0.0.1:port, its answer comes back

`exchanges` holds what came and the status it got, in the order of the answers."""

import collections
import socket
import socketserver
import threading

Request = collections.namedtuple("Request", "raw method path headers body")
Exchange = collections.namedtuple("Exchange", "request status answer")
REQUEST_BYTES_MAX = 4 << 20
SECONDS_MAX = 20


class Stream:
    """One direction of a connection, read by heads and bodies."""

    def __init__(self, connection):
        self.connection = connection
        self.kept = b""

    def _more(self):
        data = self.connection.recv(1 << 16)
        if not data or len(self.kept) > REQUEST_BYTES_MAX:
            raise ConnectionError("closed, or too much")
        self.kept += data

    def until(self, mark):
        while mark not in self.kept:
            self._more()
        end = self.kept.index(mark) + len(mark)
        taken, self.kept = self.kept[:end], self.kept[end:]
        return taken

    def exactly(self, count):
        while len(self.kept) < count:
            self._more()
        taken, self.kept = self.kept[:count], self.kept[count:]
        return taken

    def message(self, has_body=True):
        """First line, headers in lower case, the bytes as they came and the body without chunk lines."""
        head = self.until(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        raw, body = head, b""
        if has_body and "chunked" in headers.get("transfer-encoding", ""):
            size = -1
            while size != 0:
                line = self.until(b"\r\n")
                size = int(line.split(b";")[0], 16)
                chunk = self.exactly(size + 2)
                raw, body = raw + line + chunk, body + chunk[:-2]
        elif has_body:
            body = self.exactly(int(headers.get("content-length", 0)))
            raw += body
        return first, headers, raw, body


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        """A client that went away is not worth a word."""


class Recorder:
    """Answers by itself."""

    def __init__(self, answer):
        self.answer = answer
        self.exchanges = []
        self.lock = threading.Lock()
        owner = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.settimeout(SECONDS_MAX)
                stream = Stream(self.request)
                while owner.serve(stream, self.request):
                    pass

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def serve(self, stream, connection):
        """One request; whether another may follow."""
        try:
            first, headers, raw, body = stream.message()
        except (OSError, ConnectionError):
            return False
        method, path, _ = first.split(" ", 2)
        request = Request(raw, method, path, headers, body)
        status, answer = self.reply(request)
        with self.lock:
            self.exchanges.append(Exchange(request, status, answer))
        connection.sendall(answer)
        return headers.get("connection", "").lower() != "close"

    def reply(self, request):
        status, lines, body = self.answer(request)
        length = [] if status in (204, 304) else [f"Content-Length: {len(body)}"]
        head = "\r\n".join([f"HTTP/1.1 {status} Said", *lines, *length, "", ""])
        return status, head.encode() + (body if length and request.method != "HEAD" else b"")

    @property
    def requests(self):
        with self.lock:
            return [exchange.request for exchange in self.exchanges]

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Relay(Recorder):
    """Hands every request on as it is; a fresh connection each, so that nothing waits for anything else."""

    def __init__(self, port):
        super().__init__(None)
        self.target = port

    def reply(self, request):
        try:
            with socket.create_connection(("127.0.0.1", self.target), SECONDS_MAX) as connection:
                connection.sendall(request.raw)
                first, headers, raw, _ = self._read(Stream(connection), request.method)
        except (OSError, ConnectionError) as error:
            return 502, f"HTTP/1.1 502 {type(error).__name__}\r\nContent-Length: 0\r\n\r\n".encode()
        return int(first.split()[1]), raw

    @staticmethod
    def _read(stream, method):
        return stream.message(has_body=method != "HEAD")
