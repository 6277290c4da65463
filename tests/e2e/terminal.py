#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The command at a pseudo-terminal: its progress stays one line of any width and is cleared, verdicts have colours
unless NO_COLOR is set, and the second Ctrl-C ends at once. Run by manners.sh, with the command on PATH."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time


def is_ready(child):
    """The command has taken SIGINT into its own hands: before that a Ctrl-C would end it as it ends any program."""
    with open(f"/proc/{child}/status", encoding="ascii") as status:
        blocked = next(line for line in status if line.startswith("SigBlk:"))
    return int(blocked.split()[1], 16) >> (signal.SIGINT - 1) & 1


def run(columns, arguments, environment=(), keys=(), prompt=b""):
    """Returns exit code and all that the terminal was sent. keys: (seconds after it is ready, bytes) typed. It is ready when
    it watches for signals, and has said the prompt."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(environment)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execvp("lightseed", ["lightseed", *arguments])
    said = b""
    begin = time.monotonic()
    typed = list(keys)
    ready = None
    os.set_blocking(terminal, False)
    while time.monotonic() - begin < 60:
        if ready is None and typed and prompt in said and is_ready(child):
            ready = time.monotonic()
        if ready is not None and typed and time.monotonic() - ready > typed[0][0]:
            os.write(terminal, typed.pop(0)[1])
        try:
            piece = os.read(terminal, 65536)
        except BlockingIOError:
            time.sleep(0.01)
            continue
        except OSError:
            piece = b""
        if not piece:
            _, status = os.waitpid(child, 0)
            return os.waitstatus_to_exitcode(status), said.decode()
        said += piece
    os.kill(child, signal.SIGKILL)
    sys.exit(f"{arguments}: no end after a minute: {said!r}")


def check(condition, what):
    if not condition:
        sys.exit(f"terminal: {what}")


for columns in (40, 200):
    name = f"terminal-{columns}.bin"
    # A second of samples, on whatever machine.
    code, said = run(columns, ["capture", "--source", "sim:homodyne?path=full", "--duration", "1s", "-o", name])
    check(code == 0, f"{columns} columns: exit code {code}: {said!r}")
    lines = said.split("\r\n")
    # Everything but the closing words is the status line, rewritten in place.
    shown = [part.replace("\x1b[K", "") for part in lines[0].split("\r")]
    check(len(shown) > 2, f"{columns} columns: no progress: {said!r}")
    check(max(map(len, shown[:-1])) < columns, f"{columns} columns: a line wraps: {max(shown[:-1], key=len)!r}")
    check(re.search("\r\x1b\\[K\\d+ samples of", said), f"{columns} columns: the line is not cleared: {said[-300:]!r}")

code, said = run(80, ["nonsense"])
check(code == 2 and "\x1b[1;31mlightseed:\x1b[0m" in said, f"no colour: {said!r}")
for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
    code, said = run(80, ["nonsense"], environment)
    check(code == 2 and "\x1b" not in said, f"{environment}: {said!r}")
code, said = run(80, ["assess", "-"], keys=[(0.5, b"\x03")])
check(code == 130, f"Ctrl-C: exit code {code}: {said!r}")
os.mkfifo("silent")
code, said = run(80, ["assess", "silent"], keys=[(0.5, b"\x03"), (1, b"\x03")])
check(code == 130 and re.search("press Ctrl-C again", said), f"twice Ctrl-C: exit code {code}: {said!r}")

# A passphrase is asked for without an echo, once; a wrong one is named, and Ctrl-C gives the echo back.
subprocess.run(["lightseed", "keys", "new", "trial", "-q"], check=True, capture_output=True)
subprocess.run(["openssl", "pkcs8", "-topk8", "-in", "trial/card.key", "-out", "sealed.key", "-passout", "pass:horse"],
               check=True, capture_output=True)
os.chmod("sealed.key", 0o600)
opening = ["batch", "open", "nowhere", "--trust", "trial/signer.crt", "--recipient-key", "sealed.key", "-o", "keys.csv"]
for word, wanted, wished in (("horse", "nowhere", 4), ("mouse", "the passphrase does not open sealed.key", 3)):
    code, said = run(80, opening, keys=[(0, word.encode() + b"\n")], prompt=b"Passphrase of sealed.key: ")
    check(code == wished and wanted in said, f"passphrase {word}: exit code {code}: {said!r}")
    check(said.count("Passphrase of sealed.key: ") == 1 and word not in said, f"the passphrase shows: {said!r}")
code, said = run(80, opening, keys=[(0, b"\x03")], prompt=b"Passphrase of sealed.key: ")
check(code == 130, f"Ctrl-C at a passphrase: exit code {code}: {said!r}")
