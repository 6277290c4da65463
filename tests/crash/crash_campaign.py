#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every verb that writes, killed (-9) at random instants, and with system calls that fail.

    crash_campaign.py DIR_OF_COMMAND FAILING_CALLS KILLS FAILURES [SEED]

FAILING_CALLS is the library made of failing_calls.cpp. Office after office lives the life of a batch: random bits, a
capture, a calibration, an audit, keys, an issue under dual control, receipts and acknowledgements of both sides, use, a
lost SIM, exports, proofs, messages, an order dropped into a box, backup, restore and destruction. Before each verb gets
through, it is killed or hurt some times. After every blow:

  no key was delivered twice, and the ledger's history fits its tables;
  what a verb that ended well has entered is still there (states of SIMs never go back);
  a file that a verb was to write is whole or not there, and nothing else is visible; of several that belong together a
  kill may leave the first ones, whole, which are counted and taken away, as a person does.

Then the same call must get through, or say that it did before. SEED says who is hit how often and when; which instant a
kill meets depends on the machine, and whatever it meets the same must hold."""

import collections
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Callable, Optional

# How far a SIM is; what is not here ends its way.
WAY = ["GENERATED", "CERTIFIED", "ISSUED", "LOADED", "ACTIVE", "LOW", "EXHAUSTED"]
ENDS = {"REJECTED", "REVOKED", "DESTROYED", "BURNED", "EXPIRED"}
NO_SPACE, IO_ERROR = 28, 5
END = "at its end"
# What a full disk and a broken one say.
FAILURES = [("write", NO_SPACE), ("pwrite64", NO_SPACE), ("pwrite64", IO_ERROR), ("fsync", IO_ERROR),
            ("fdatasync", IO_ERROR), ("linkat", NO_SPACE), ("rename", IO_ERROR)]


@dataclass
class Step:
    """A verb, what it writes, and how one sees that what is there is whole."""
    name: str
    arguments: list
    product: Optional[pathlib.Path] = None
    whole: Callable[[pathlib.Path], bool] = lambda product: True
    beside: list = field(default_factory=list)  # further files it may leave
    environment: dict = field(default_factory=dict)
    good: tuple = (0,)  # exit codes when all is well, also where it was done before
    again: bool = False  # it is called again though its product is there, and knows that it was done before
    together: Callable[[], list] = list  # files that are there in part, where a kill came between their names


blows = []  # what the step at hand has met


def fail(words):
    sys.exit(f"FAILED: {words}; before that: {', '.join(blows) or 'nothing'}")


def is_json(path):
    json.loads(path.read_text())
    return True


class Office:
    """The command, the ledger, and what is known to be in it."""

    def __init__(self, command, library):
        self.command, self.library = command, library
        self.home = pathlib.Path.cwd()
        self.ledger = self.home / "ledger.db"
        self.acknowledged = {}  # of each SIM, the states of its blocks that a verb ended well with
        self.length = {}  # of each verb, in seconds
        self.counts = {}  # of each verb, how often it makes which call
        self.files = {}  # of a round
        self.parts = 0  # files taken away that were there in part

    def start(self, step, environment=None):
        return subprocess.Popen([self.command, *map(str, step.arguments)], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                env={**os.environ, **step.environment, **(environment or {})})

    def run(self, step, environment=None):
        process = self.start(step, environment)
        said = process.communicate()[0].decode()
        return process.returncode, said

    def ask(self, *arguments):
        done = subprocess.run([self.command, *map(str, arguments), "--json"], stdin=subprocess.DEVNULL,
                              capture_output=True)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def states(self):
        """Of each SIM, the states of its blocks in the order of their charges."""
        found = {}
        for sim in self.acknowledged:
            code, answer, said = self.ask("batch", "find", "--ledger", self.ledger, "--iccid", sim)
            if code not in (0, 1) or not answer:
                fail(f"batch find ends with {code}: {said}")
            found[sim] = [block["state"] for block in json.loads(answer)["blocks"]]
        return found

    def check(self, step, round_directory, blow):
        """What must hold after every blow."""
        where = f"{step.name}, {blow}"
        blows.append(blow)
        if self.ledger.exists() and self.ledger.stat().st_size > 0:
            # Not for reading alone: a journal of who was killed must be played back first.
            with sqlite3.connect(self.ledger) as database:
                tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            if "delivery" in tables:
                code, _, said = self.ask("ledger", "verify", "--ledger", self.ledger)
                if code != 0:
                    fail(f"{where}: ledger verify ends with {code}: {said}")
                with sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True) as database:
                    twice = database.execute("SELECT iccid FROM block JOIN delivery ON delivery.block = block.id "
                                             "GROUP BY iccid, charge HAVING count(*) > 1").fetchall()
                    if twice:
                        fail(f"{where}: delivered twice: {twice}")
                    stray = database.execute("SELECT count(*) FROM block JOIN delivery ON delivery.block = block.id "
                                             "WHERE block.state <> 'ISSUED'").fetchone()
                    if stray[0]:
                        fail(f"{where}: {stray[0]} blocks are delivered and not issued")
                self.check_states(where)
        if step.product and step.product.exists() and not step.whole(step.product):
            fail(f"{where}: {step.product.name} is there and not whole")
        expected = self.files | {path.name: path for path in [step.product, *step.beside] if path}
        strange = [name for name in os.listdir(round_directory) if name not in expected and not name.startswith(".")]
        if blow != END and step.product:  # what it was making; the next call takes that away
            strange = [name for name in strange if not name.startswith(step.product.name + ".")]
        if strange:
            fail(f"{where}: {strange} came into being")

    def check_states(self, where):
        for sim, states in self.states().items():
            # Blocks that were burned never got to anybody.
            before = self.acknowledged[sim]
            now = [state for state in states if state != "BURNED"]
            for was, is_now in zip(before, now):
                went_back = was in WAY and is_now in WAY and WAY.index(is_now) < WAY.index(was)
                if went_back or was in ENDS and is_now not in (was, "DESTROYED"):
                    fail(f"{where}: SIM {sim} was {was} and is {is_now}")
            if len(now) < len(before):
                fail(f"{where}: SIM {sim} had {before} and has {now}")

    def acknowledge(self):
        for sim, states in self.states().items():
            self.acknowledged[sim] = [state for state in states if state not in ("BURNED", "GENERATED", "CERTIFIED")]

    def take_parts_away(self, step):
        """What a person does who finds files of a set that is not whole."""
        for path in step.together():
            self.parts += 1
            path.unlink()

    def finish(self, step, round_directory):
        """The step without a blow: it gets through, or did before."""
        self.take_parts_away(step)
        if step.product and step.product.exists() and not step.again:
            # Its file appeared as it died: what it was about to take away stays.
            self.files |= {name: round_directory / name for name in os.listdir(round_directory)
                           if name.startswith(step.product.name + ".")}
        else:
            begin = time.monotonic()
            code, said = self.run(step)
            if code not in step.good:
                fail(f"{step.name}, once more: exit code {code}: {said}")
            if code == 0:
                self.length[step.name] = time.monotonic() - begin
        self.files |= {path.name: path for path in [step.product, *step.beside] if path}
        self.check(step, round_directory, END)
        if self.acknowledged and self.ledger.exists():
            self.acknowledge()

    def kill(self, step, chance):
        process = self.start(step)
        time.sleep(chance.uniform(0, 1.05) * self.length.get(step.name, 0.3))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return process.returncode == -signal.SIGKILL

    def can_be_hurt(self, step):
        """What may fail of a step: the calls that it makes."""
        return [(call, error) for call, error in FAILURES if self.counts[step.name].get(call)]

    def hurt(self, step, chance):
        """One call to the operating system fails. Returns what it was."""
        call, error = chance.choice(self.can_be_hurt(step))
        at = chance.randint(1, self.counts[step.name][call])
        code, said = self.run(step, {"LD_PRELOAD": self.library, "LIGHTSEED_FAIL_CALL": call,
                                     "LIGHTSEED_FAIL_AT": str(at), "LIGHTSEED_FAIL_ERRNO": str(error)})
        if code < 0 or code == 70 or code not in step.good and not said.strip():
            fail(f"{step.name} with {call} {at} failing: exit code {code}: {said}")
        return f"{call} {at} failing with {error} (exit code {code})"

    def count(self, step):
        """The step, getting through, with its calls counted."""
        counted = self.home / "counted"
        counted.unlink(missing_ok=True)
        environment = {"LD_PRELOAD": self.library, "LIGHTSEED_COUNT_CALLS": str(counted)}
        begin = time.monotonic()
        code, said = self.run(step, environment)
        self.length[step.name] = time.monotonic() - begin
        if code not in step.good:
            fail(f"{step.name}, counted: exit code {code}: {said}")
        lines = counted.read_text().split("\n") if counted.exists() else []
        self.counts[step.name] = {name: int(number) for name, number in (line.split() for line in lines if line)}


def sample_sims(count):
    """Lines of an order, as the other tests' office has them."""
    office = pathlib.Path(__file__).resolve().parents[1] / "e2e" / "office.sh"
    made = subprocess.run(["bash", "-c", '. "$0"; order_of "$1"', office, str(count)], check=True, capture_output=True)
    return made.stdout.decode().splitlines()[1:]


def steps_of(office, number, lines, dropped, profile):
    """The life of one batch of three SIMs, which are lines of an order; `dropped` is another one, for the box."""
    home = office.home / f"round-{number}"
    keys = office.home / "trial"
    sims = [line.split(",")[0] for line in lines]
    (home / "order.csv").write_text("\n".join(["iccid,imsi", *lines]) + "\n")
    (home / "tell.sh").write_text(f"#!/bin/sh\nexec cat >> '{home}/told'\n")
    (home / "tell.sh").chmod(0o700)
    source = ["--source", f"sim:homodyne?seed={number}"]
    ledger = ["--ledger", office.ledger]
    out = home / "out"
    trust = ["--trust", keys / "signer.crt"]
    signed = ["--signer", keys / "signer.crt", "--signer-key", keys / "signer.key"]

    def receipt(side):
        return Step("batch receipt", ["batch", "receipt", out, *trust, "--side", side, "--recipient-key",
                                      keys / f"{side}.key", "--signer", keys / f"{side}-receipts.crt", "--signer-key",
                                      keys / f"{side}-receipts.key", "-o", home / f"{side}.json"],
                    home / f"{side}.json", is_json)

    def ack(side):
        return Step("batch ack", ["batch", "ack", home / f"{side}.json", "--side", side, "--trust",
                                  keys / f"{side}-receipts.crt", *ledger])

    def verified(directory):
        return office.ask("batch", "verify", directory, *trust, "--allow-test")[0] == 0

    opened = [out, *trust, "--recipient-key", keys / "network.key"]
    raw = home / "raw.bin"
    yield Step("generate", ["generate", *source, "--bytes", "100K", "-o", home / "bytes"], home / "bytes",
               lambda file: file.stat().st_size == 100 * 1000)
    yield Step("capture", ["capture", *source, "--samples", "100K", "-o", raw], raw,
               lambda file: office.ask("capture", "--verify", file)[0] == 0, [home / "raw.bin.json"],
               together=lambda: [path for path in [home / "raw.bin.json"] if path.exists() and not raw.exists()])
    yield Step("extract", ["extract", raw, "--claim", "6", "--discard-tail", "-o", home / "extracted"],
               home / "extracted", lambda file: file.stat().st_size > 50 * 1000)
    trial = home / "trial"
    yield Step("keys new", ["keys", "new", trial], beside=[trial],
               together=lambda: [*trial.glob("*")] if len([*trial.glob("*")]) < 12 else [], good=(0, 4))
    yield Step("calibrate", ["calibrate", f"sim:homodyne?seed={number}", "--samples", "512Ki", "-o",
                             home / "calibration.json"], home / "calibration.json", is_json)
    yield Step("audit", ["audit", raw, "--sequence-bits", "100000", "--report", home / "audit.html"],
               home / "audit.html", lambda file: file.read_text().rstrip().endswith("</html>"), good=(0, 1, 6))
    yield Step("batch issue", ["batch", "issue", "--order", home / "order.csv", "--order-id", f"order-{number}",
                               *source, "--keys-per-sim", "20", "--card-recipient", keys / "card.crt",
                               "--network-recipient", keys / "network.crt", *signed, "--releaser",
                               keys / "releaser.crt", *ledger, "-o", out],
               out, verified, again=True)
    office.acknowledged |= {sim: [] for sim in sims}
    yield Step("batch time-stamp", ["batch", "time-stamp", out, *trust, "-o", home / "query.tsq"], home / "query.tsq",
               lambda file: file.read_bytes()[:1] == b"0")
    yield Step("batch release", ["batch", "release", out, *trust, "--signer", keys / "releaser.crt", "--signer-key",
                                 keys / "releaser.key", *ledger])
    for side in ("card", "network"):
        yield receipt(side)
        yield ack(side)
    # The first charge may have been burned by a kill.
    blocks = json.loads(office.ask("batch", "find", *ledger, "--iccid", sims[0])[1])["blocks"]
    (home / "used.csv").write_text(f"iccid,charge,first,last\n{sims[0]},{blocks[-1]['charge']},0,19\n")
    yield Step("batch used", ["batch", "used", home / "used.csv", *ledger])
    yield Step("batch topup", ["batch", "topup", home / "order.csv", *ledger, "-o", home / "next.csv"],
               home / "next.csv", lambda file: file.read_text().split("\n")[1].startswith(sims[0]))
    yield Step("batch open", ["batch", "open", *opened, "-o", home / "keys.csv"], home / "keys.csv",
               lambda file: len(file.read_text().splitlines()) == 1 + 3 * 20)
    yield Step("batch export", ["batch", "export", *opened, "--format", "osmo-hlr", "--profile", profile, "-o",
                                home / "hlr.sql"], home / "hlr.sql",
               lambda file: file.read_text().rstrip().endswith(";"))
    yield Step("batch prove", ["batch", "prove", *opened, "--iccid", sims[1], "-o", home / "proof.json"],
               home / "proof.json", is_json)
    yield Step("batch revoke", ["batch", "revoke", *ledger, "--iccid", sims[2], "--reason", "lost"], good=(0, 7))
    yield Step("ledger head", ["ledger", "head", *ledger, *signed, "-o", home / "head.json"],
               home / "head.json", is_json)
    yield Step("ledger prove", ["ledger", "prove", out, *ledger, "--head", home / "head.json", *trust, "-o",
                                home / "logged.json"], home / "logged.json", is_json)
    yield Step("ledger notify", ["ledger", "notify", *ledger, "--to", f"command:{home / 'tell.sh'}"],
               beside=[home / "told"])
    box, answers = home / "box", home / "answers"
    for directory in (box, answers):
        directory.mkdir()
    (box / f"dropped-{number}.csv").write_text("\n".join(["iccid,imsi", dropped]) + "\n")
    # The answer comes last but for the order's leaving the box; each file in the box goes its way once.
    yield Step("batch watch", ["batch", "watch", "--once", "--in", box, "--out", answers, *source, "--keys-per-sim", "20",
                               "--card-recipient", keys / "card.crt", "--network-recipient", keys / "network.crt",
                               *signed, *ledger],
               answers / f"dropped-{number}.result.json",
               lambda file: is_json(file) and verified(answers / f"dropped-{number}"),
               [box, answers], again=True)
    office.acknowledged[dropped.split(",")[0]] = []
    left = [path.name for path in [*box.iterdir(), *answers.glob(".*")]]
    if left or len([*answers.iterdir()]) != 3:
        fail(f"round {number}: batch watch left {left} and {os.listdir(answers)}")
    yield Step("ledger backup", ["ledger", "backup", *ledger, "-o", home / "copy.db"], home / "copy.db",
               lambda file: office.ask("ledger", "verify", "--ledger", file)[0] in (0, 1),
               [home / "copy.db.head"])
    # A state of its own: the copy is put back as on another host, and the ledger at hand remains what it is.
    yield Step("ledger restore", ["ledger", "restore", home / "copy.db", "--ledger", home / "again.db",
                                  "--accept-missing-head"], home / "again.db",
               lambda file: sqlite3.connect(f"file:{file}?mode=ro", uri=True).execute(
                   "PRAGMA integrity_check").fetchone()[0] == "ok", [home / "again.db.head"],
               {"XDG_STATE_HOME": str(home / ".state")})
    yield Step("batch destroy", ["batch", "destroy", out, *trust, "--reason", "end of the round", "-o",
                                 home / "destroyed.json", *signed, *ledger], home / "destroyed.json", is_json,
               good=(0, 4, 7), again=True)


def main():
    command = str(pathlib.Path(sys.argv[1], "lightseed").resolve())
    library = str(pathlib.Path(sys.argv[2]).resolve())
    kills, failures = int(sys.argv[3]), int(sys.argv[4])
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    profile = pathlib.Path(__file__).resolve().parents[2] / "docs" / "export-profile.json"
    chance = random.Random(seed)
    scratch = tempfile.mkdtemp()
    try:
        os.chdir(scratch)
        os.umask(0o077)
        os.environ["XDG_STATE_HOME"] = scratch + "/state"
        office = Office(command, library)
        subprocess.run([command, "keys", "new", "trial", "--quiet"], check=True)
        killed = hurt = number = 0
        hits = collections.Counter()  # kills that met a running verb, of each
        sims = sample_sims(4 * (10 + kills + failures))
        while killed < kills or hurt < failures or number < 1:
            number += 1
            home = office.home / f"round-{number}"
            home.mkdir()
            office.files = {name: home / name for name in ("order.csv", "used.csv", "tell.sh")}
            office.acknowledged = {}
            first = 4 * number - 4
            for step in steps_of(office, number, sims[first:first + 3], sims[first + 3], profile):
                blows.clear()
                # The first round measures.
                if number == 1:
                    office.count(step)
                    office.finish(step, home)
                    continue
                while chance.random() < 0.6 and not (step.product and step.product.exists()):
                    may_hurt = hurt < failures and office.can_be_hurt(step)
                    if killed >= kills and not may_hurt:
                        break
                    office.take_parts_away(step)
                    if killed < kills and not (may_hurt and chance.random() < 0.5):
                        killed += 1
                        hits[step.name] += office.kill(step, chance)
                        blow = "killed"
                    else:
                        hurt += 1
                        blow = office.hurt(step, chance)
                    office.check(step, home, blow)
                office.finish(step, home)
            litter = [name for name in os.listdir(home) if name.startswith(".out.")]
            if litter:
                fail(f"round {number}: {litter} is left of the issue")
            shutil.rmtree(home)
            if number == 1:
                seen = {call for counts in office.counts.values() for call, count in counts.items() if count}
                missed = {call for call, _ in FAILURES} - seen
                if missed:
                    fail(f"no verb was seen to call {missed}: is {library} preloaded?")
            if number % 4 == 0:  # the next one makes its ledger
                for path in [*office.home.glob("ledger.db*")]:
                    path.unlink()
        hit = hits.total()
        if kills and not hit:
            fail(f"none of {killed} kills met a running verb")
        verbs = ", ".join(f"{verb} {count}" for verb, count in sorted(hits.items()))
        print(f"{hit} of {killed} kills met a running verb, {hurt} calls failed, in {number - 1} lives of a batch: no "
              f"key twice, nothing lost, no half file ({office.parts} files of sets that were there in part)\n{verbs}")
    except BaseException:
        print(f"what was found is in {scratch}", file=sys.stderr)
        raise
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
