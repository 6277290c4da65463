#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What certificates, side-cars and assessment files hold is what schemas/ says, and a schema refuses everything else.

certificate_schemas.py COMMAND SCHEMAS DATA

Certificates are those of tests/data/golden and some issued now, one of each kind. Each is then changed at every place:
a member more, a member less, another type, a number or a word that cannot stand there. The schema must refuse it, but
inside what a driver says of its own device.
"""

import base64
import copy
import hashlib
import json
import pathlib
import subprocess
import sys

import jsonschema

command, schemas, data = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
OWN = {"parameters", "status", "readings", "details"}  # a driver's own members; details of a measurement are ours


def validator(name):
    schema = json.loads((schemas / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    closed(name, schema)
    return jsonschema.Draft202012Validator(schema)


def closed(name, schema, at=""):
    """Every object says that it has no other members, or is a driver's own."""
    if isinstance(schema, list):
        for i, item in enumerate(schema):
            closed(name, item, f"{at}/{i}")
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object" and "additionalProperties" not in schema and at != "/$defs/own":
        sys.exit(f"{name}: {at}: an object that is open to any member")
    for key, value in schema.items():
        closed(name, value, f"{at}/{key}")


def run(*arguments):
    done = subprocess.run([command, *arguments], capture_output=True, check=False, timeout=250)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)}: exit code {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def statement_in(folder):
    (path,) = pathlib.Path(folder).glob("*.certificate.json")
    return json.loads(base64.b64decode(json.loads(path.read_text())["payload"]))


def lies_about(value):
    """What cannot stand where `value` stands, whatever the member."""
    if isinstance(value, bool):
        return [("a number", 1), ("a text", "true")]
    if isinstance(value, int):
        return [("negative", -value - 10**7), ("half more", value + 0.5), ("a text", "7")]
    if isinstance(value, float):
        return [("a text", "7"), ("huge", 1e300)]
    if isinstance(value, str):
        return [("a number", 7), ("a list", [])]
    return [("a text", "no"), ("an object", {})]


def mutations(value, path=()):
    """(path, what, lie): each puts `lie` at `path`."""
    if isinstance(value, dict):
        yield path, "a member more", {**value, "accreditation": "GSMA SAS"}
        for name, item in value.items():
            yield path, f"without {name}", {k: v for k, v in value.items() if k != name}
            yield from mutations(item, (*path, name))
    elif isinstance(value, list):
        yield path, "a strange item", [*value, 0.25]
        yield path, "no list", {"0": "no"}
        for i, item in enumerate(value):
            yield from mutations(item, (*path, i))
    else:
        for what, lie in lies_about(value):
            yield path, what, lie


def with_lie(whole, path, lie):
    if not path:
        return lie
    changed = copy.copy(whole)
    changed[path[0]] = with_lie(whole[path[0]], path[1:], lie)
    return changed


class Places:
    """The schemas of single members. What a member's own schema refuses makes the whole invalid, so most lies need not be
    shown to the schema of the whole, which takes ten times as long."""

    def __init__(self, check):
        self.check = check
        self.known = {(): (0, check)}

    def deepest(self, path):
        """(steps of `path`, the validator of what is there), as far as members have schemas of their own."""
        if path not in self.known:
            steps, above = self.deepest(path[:-1])
            own = self.own_schema(above.schema, path[-1]) if steps == len(path) - 1 else None
            self.known[path] = (steps, above) if own is None else (len(path), self.check.evolve(schema=own))
        return self.known[path]

    def own_schema(self, schema, name):
        own = schema.get("items") if isinstance(name, int) else schema.get("properties", {}).get(name)
        definitions = self.check.schema.get("$defs", {})
        while isinstance(own, dict) and "$ref" in own:
            own = definitions[own["$ref"].removeprefix("#/$defs/")]
        return {**own, "$defs": definitions} if isinstance(own, dict) else None

    def take(self, whole, path, lie):
        steps, place = self.deepest(path)
        return place.is_valid(with_lie(member_at(whole, path[:steps]), path[steps:], lie)) and self.check.is_valid(
            with_lie(whole, path, lie))


def member_at(whole, path):
    for name in path:
        whole = whole[name]
    return whole


def is_own(path, whole):
    """Inside what a driver says; a measurement's details and all that is around them are not."""
    for i, name in enumerate(path):
        if name in OWN and not (name == "details" and path[max(i - 1, 0)] == "measured"):
            return True
    return False


OPTIONAL = {"kept_bits", "refuted_iid_claim", "gaps", "restarts", "ended_early", "claim", "p_local", "profile", "whole", "second_signer", "third_signer", "releaser", "previous_certificate_sha256", "audit"}


def may_be_left_out(path, what):
    """A member that is only there where it says something; a source's claim always is."""
    name = what.removeprefix("without ")
    return name in OPTIONAL and path[-1:] != ("source",)


def is_free_number(path, what):
    """Numbers whose size no schema knows: rates, sigmas, a chi-square statistic."""
    return what == "huge" and path[-1] in ("nominal_rate", "mean", "sigma", "mean_bound", "t", "original", "min_entropy_per_block")


def closely_tested(name, check, whole, skip=(), every=1):
    """The schema takes `whole` and refuses every lie, or one of `every`, but those below a member of `skip`; how many
    were told."""
    faults = [f"  {'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in check.iter_errors(whole)]
    if faults:
        sys.exit(f"{name}: not what its schema says:\n" + "\n".join(faults))
    told = 0
    places = Places(check)
    for number, (path, what, lie) in enumerate(mutations(whole)):
        if number % every != 0:
            continue
        if is_own(path, whole) or may_be_left_out(path, what) or is_free_number(path, what) or set(path) & set(skip):
            continue
        told += 1
        if places.take(whole, path, lie):
            sys.exit(f"{name}: the schema takes /{'/'.join(map(str, path))}: {what}")
    return told


editions = {
    f"urn:lightseed:qrng-key-batch/v{number}": validator(f"certificate-edition-{number}") for number in (1, 2)
}


def certificate(name, folder, every=1):
    """The statement, then lies: a measurement's are told about it alone, because it is nine tenths of the statement."""
    statement = statement_in(folder)
    check = editions[statement["predicateType"]]
    measured = statement["predicate"]["entropy"]["measured"]
    if not check.is_valid(statement):
        closely_tested(name, check, statement)
    measurement = check.evolve(schema={"properties": {"measured": {"$ref": "#/$defs/measured"}}, "required": ["measured"],
                                       "additionalProperties": False, "$defs": check.schema["$defs"]})
    told = closely_tested(f"{name}: alone", measurement, {"measured": measured}) if name in measured_alone else 0
    for record in (measured["details"], measured["details"].get("refuted_iid_claim", {})):
        for member in ("estimators", "tests"):
            if member in record:
                record[member] = record[member][:1]
    return told + closely_tested(name, check, statement, ("measured",), every)


measured_alone = ("golden full_entropy", "iid-claim")  # one of each edition
told = 0
golden = sorted(path.parent for path in (data / "golden").glob("*/*/*.certificate.json"))
if len(golden) < 4:
    sys.exit(f"{data}: the golden batches are missing")
for folder in golden:
    # These differ from others in few members, which the kinds below have, too.
    alike = folder.name in ("rbg2", "recorded", "pool_one_gate")
    told += certificate(f"golden {folder.name}", folder, every=7 if alike else 1)

parties = ["--network-recipient", "auc.crt", "--signer", "signer.crt", "--signer-key", "signer.key", "--ledger", "ledger.db"]
homodyne = "sim:homodyne?seed=1"
run("capture", "--source", homodyne, "--samples", "2M", "-o", "raw.bin")
pathlib.Path("kek.hex").write_text(hashlib.sha256(b"kek").hexdigest() + "\n")
pathlib.Path("kek.hex").chmod(0o600)
run("keys", "new", "trial", "--second-signer", "--second-signer", "ed25519")
twice = ["--second-signer", "trial/second.crt", "--second-signer-key", "trial/second.key"]
thrice = [*twice, "--second-signer", "trial/third.crt", "--second-signer-key", "trial/third.key"]
kinds = {
    "plain": (homodyne, []),
    "pool": (f"pool:{homodyne},sim:phase-noise?seed=2", []),
    "rbg3-xor": (homodyne, ["--mode", "rbg3-xor"]),
    "rbg3-rs": ("sim:photon-number?seed=1", ["--mode", "rbg3-rs", "--drbg", "ctr-aes-256"]),
    "rbg2": (homodyne, ["--mode", "rbg2", "--seed-bytes", "4096"]),
    "iid-claim": (homodyne, ["--iid-claim"]),
    "dodis-for-a-kek": (homodyne, ["--extractor", "dodis", "--card-recipient", "kek:card-1:kek.hex"]),
    "recorded": ("file:raw.bin", []),
    "twice-signed": (homodyne, twice),
    "thrice-signed": (homodyne, thrice),
    "dual-control": (homodyne, ["--releaser", "trial/releaser.crt"]),
    "audited": (homodyne, ["--audit"]),
}
for name, (source, more) in kinds.items():
    card = [] if "--card-recipient" in more else ["--card-recipient", "perso.crt"]
    keys = "100" if name == "audited" else "4"
    run("batch", "issue", "--order", "order.csv", "--order-id", name, "--top-up", "--source", source, "--keys-per-sim", keys,
        *card, *parties, *more, "-o", name, "--quiet")
    # Golden ones heard every lie; a prime, so that all kinds of lies are among these.
    told += certificate(name, name, every=11)

(record,) = pathlib.Path("audited").glob("*.audit.json")
told += closely_tested("audit of keys", validator("key-audit"), json.loads(record.read_text()))

run("capture", "--source", homodyne, "--restarts", "100x100", "-o", "restarts.bin")
sidecar = json.loads(pathlib.Path("raw.bin.json").read_text())
restarts = json.loads(pathlib.Path("restarts.bin.json").read_text())
told += closely_tested("side-car", validator("capture-sidecar"), sidecar)
told += closely_tested("side-car of restarts", validator("capture-sidecar"), restarts)
gaps = {**sidecar, "gaps": [{"after_samples": 7, "words": "gone and back"}], "ended_early": "gone"}
told += closely_tested("side-car with gaps", validator("capture-sidecar"), gaps)
assessed = json.loads(run("assess", "raw.bin", "--claim", "1", "--json"))
told += closely_tested("assessment", validator("assessment-file"), assessed)
print(f"{len(golden) + len(kinds)} certificates; {told} lies refused")
