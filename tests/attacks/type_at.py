#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command whose controlling terminal is a pseudo-terminal of ours, into which a file is typed for ever.

    type_at.py FILE COMMAND…

The command's stdin is that terminal, in raw mode; stdout and stderr stay as they are. The environment of the command
names the terminal: PTS=/dev/pts/N. Exits as the command does."""

import os
import pty
import select
import sys
import tty

with open(sys.argv[1], "rb") as feed_file:
    feed = feed_file.read()
stdout, stderr = os.dup(1), os.dup(2)
ready, tell_ready = os.pipe()
child, terminal = pty.fork()
if child == 0:
    tty.setraw(0)
    os.write(tell_ready, b"r")
    os.environ["PTS"] = os.ttyname(0)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    os.execvp(sys.argv[2], sys.argv[2:])
# Before it is raw, a terminal takes some of the samples for Ctrl-C.
os.read(ready, 1)
os.set_blocking(terminal, False)
typed = 0
while True:
    ended, status = os.waitpid(child, os.WNOHANG)
    if ended:
        sys.exit(os.waitstatus_to_exitcode(status) % 256)
    readable, writable, _ = select.select([terminal], [terminal], [], 0.1)
    try:
        if readable:
            os.read(terminal, 65536)
        if writable:
            typed += os.write(terminal, feed[typed : typed + 4096])
            if typed == len(feed):
                typed = 0
    except (BlockingIOError, OSError):
        pass
