#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A client of NATS JetStream in the protocol's own words, so that what lightseed stores is read by somebody else.

nats_stream.py free                       prints a port that nobody has
nats_stream.py wait PORT                  until the server greets
nats_stream.py create PORT STREAM SUBJECT [SECONDS]  repeats are known for so long
nats_stream.py put PORT SUBJECT           a message of somebody else
nats_stream.py dump PORT STREAM           prints every message: id, a tab, its text
"""

import base64
import json
import socket
import sys
import time


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", int(port)), timeout=10)
        self.file = self.socket.makefile("rb")
        assert self.file.readline().startswith(b"INFO")
        self.send('CONNECT {"verbose":false,"headers":true,"no_responders":true,"name":"test"}\r\nPING\r\n')
        while not (line := self.file.readline()).startswith(b"PONG"):
            if not line:
                raise OSError("the server went away")

    def send(self, text):
        self.socket.sendall(text.encode())

    def ask(self, subject, body):
        self.send(f"SUB answer 1\r\nPUB {subject} answer {len(body)}\r\n{body}\r\nUNSUB 1 1\r\n")
        while True:
            line = self.file.readline().split()
            if not line:
                raise OSError("the server went away")
            if line[0] == b"PING":
                self.send("PONG\r\n")
            elif line[0] == b"HMSG":
                raise RuntimeError(f"nobody answers {subject}")
            elif line[0] == b"MSG":
                text = self.file.read(int(line[-1]) + 2)
                return json.loads(text)


def wait(port):
    """Until it greets, whether it would let us in or not."""
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as greeted:
                if greeted.recv(4) == b"INFO":
                    return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit(f"no NATS server on port {port}")


def dump(client, stream):
    state = client.ask(f"$JS.API.STREAM.INFO.{stream}", "")["state"]
    for sequence in range(state["first_seq"], state["last_seq"] + 1):
        message = client.ask(f"$JS.API.STREAM.MSG.GET.{stream}", json.dumps({"seq": sequence}))["message"]
        headers = base64.b64decode(message.get("hdrs", "")).decode()
        ids = [line.split(":", 1)[1].strip() for line in headers.splitlines() if line.startswith("Nats-Msg-Id")]
        print(f"{ids[0] if ids else '-'}\t{base64.b64decode(message['data']).decode()}")


what, *rest = sys.argv[1:]
if what == "free":
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        print(probe.getsockname()[1])
elif what == "wait":
    wait(rest[0])
elif what == "create":
    port, stream, subject, seconds = [*rest, "120"][:4]
    settings = {"name": stream, "subjects": [subject], "storage": "file", "retention": "limits", "num_replicas": 1,
                "duplicate_window": int(seconds) * 1_000_000_000}
    answer = Client(port).ask(f"$JS.API.STREAM.CREATE.{stream}", json.dumps(settings))
    if "error" in answer:
        sys.exit(str(answer))
elif what == "put":
    Client(rest[0]).ask(rest[1], "somebody else")
elif what == "dump":
    dump(Client(rest[0]), rest[1])
else:
    sys.exit(__doc__)
