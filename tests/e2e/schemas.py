#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every verb under its options prints one JSON object that its schema in schemas/ allows.

schemas.py COMMAND SCHEMAS
"""

import hashlib
import json
import pathlib
import subprocess
import sys

import jsonschema

command, folder = sys.argv[1], pathlib.Path(sys.argv[2])
schemas = {}
for path in folder.glob("*.schema.json"):
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    if schema["title"].startswith("lightseed/"):  # the others are of files: certificate_schemas.py
        schemas[schema["title"]] = jsonschema.Draft202012Validator(schema)
seen = set()


def run(code, *arguments):
    """Runs the command with --json; its object, checked."""
    done = subprocess.run([command, *arguments, "--json"], capture_output=True, check=False, timeout=250)
    text = done.stdout.decode()  # what is no UTF-8 would end the test here
    what = " ".join(arguments)
    if done.returncode != code:
        sys.exit(f"{what}: exit code {done.returncode}, expected {code}: {done.stderr.decode()}")
    printed = json.loads(text)
    name = printed["schema"]
    seen.add(name)
    faults = [f"  {'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in schemas[name].iter_errors(printed)]
    if faults:
        sys.exit(f"{what}: {name}: not what its schema says:\n" + "\n".join(faults))
    return printed


source = ["--source", "sim:homodyne?seed=1"]
run(0, "--version")
run(0, "--help")
run(0, "help", "assess")
run(0, "devices")
run(0, "devices", "--udev-rules")
for model in ["homodyne", "which-path", "arrival-time", "photon-number", "phase-noise", "ase"]:
    described = run(0, "devices", "--info", f"sim:{model}")
    claim, analytic = described["source"]["claim"]["bits_per_sample"], described["analytic"]
    assert 0 < claim <= analytic["average_conditional"] <= analytic["marginal"], (model, claim, analytic)
run(0, "devices", "--check", "sim:homodyne?seed=1")
run(5, "devices", "--check", "sim:homodyne?seed=1&fault=dead@0")
run(0, "config")
run(2, "frob")
run(2, "assess")
run(4, "assess", "missing.bin")
run(3, "devices", "--info", "tty:/dev/nothing?driver=rava")
run(0, "capture", *source, "--samples", "20K", "-o", "raw.bin")
run(0, "capture", *source, "--restarts", "1000x1000", "-o", "restarts.bin")
run(2, "capture", *source, "-o", "-")
run(0, "calibrate", "sim:homodyne", "--samples", "512Ki", "-o", "calibration.json")
calibration = json.loads((folder / "calibration.schema.json").read_text())
jsonschema.Draft202012Validator(calibration).validate(json.loads(pathlib.Path("calibration.json").read_text()))
run(2, "calibrate", "sim:which-path", "-o", "none.json")
unit = "sim:homodyne?photodiode=0.01"
run(0, "calibrate", unit, "--samples", "512Ki", "-o", "photodiode.json")
jsonschema.Draft202012Validator(calibration).validate(json.loads(pathlib.Path("photodiode.json").read_text()))
run(0, "generate", "--source", unit + "&seed=3", "--calibration", "photodiode.json", "--bytes", "4K", "-o", "watched.bin")
run(7, "generate", "--source", "sim:homodyne", "--calibration", "photodiode.json", "--bytes", "4K", "-o", "no.bin")
run(5, "generate", "--source", unit + "&fault=agc_mask", "--calibration", "photodiode.json", "--bytes", "4K", "-o", "no.bin")
run(0, "generate", *source, "--calibration", "calibration.json", "--bytes", "4K", "-o", "calibrated.bin")
run(
    0, "generate", *source, "--calibration", "calibration.json", "--binding", "calibration", "--bytes", "4K", "-o", "bound.bin"
)
run(
    0, "generate", *source, "--calibration", "calibration.json", "--dark-check", "1Mi", "--bytes", "4K", "-o", "dark.bin"
)
run(2, "generate", *source, "--dark-check", "1Mi", "--bytes", "4K", "-o", "no.bin")
run(2, "generate", *source, "--calibration", "calibration.json", "--dark-check", "100", "--bytes", "4K", "-o", "no.bin")
run(0, "capture", *source, "--calibration", "calibration.json", "--samples", "20K", "-o", "unit.bin")
assert run(0, "capture", "--verify", "unit.bin")["same"]
run(7, "generate", "--source", "sim:homodyne?range=5", "--calibration", "calibration.json", "--bytes", "4K", "-o", "no.bin")
run(2, "generate", *source, "--binding", "calibration", "--bytes", "4K", "-o", "no.bin")
run(0, "capture", "--verify", "raw.bin")
watched = run(0, "monitor", *source, "--samples", "200K")
assert watched["samples"] == 200000 and len(watched["interval"]["correlation"]) == 32 and watched["alarms"] == 0
assert run(5, "monitor", "sim:homodyne?seed=1&fault=dc_drift@100000", "--samples", "200K")["alarms"] > 0
altered = bytearray(pathlib.Path("raw.bin").read_bytes())
altered[77] ^= 1
pathlib.Path("altered.bin").write_bytes(altered)
pathlib.Path("altered.bin.json").write_bytes(pathlib.Path("raw.bin.json").read_bytes())
assert run(1, "capture", "--verify", "altered.bin")["first_byte"] == 77
run(6, "generate", "--source", "file:raw.bin", "--bytes", "9", "-o", "never.bin")
run(0, "generate", *source, "--bytes", "64", "-o", "random.bin")
run(0, "generate", "--source", "pool:sim:homodyne?seed=1,file:raw.bin", "--bytes", "64", "-o", "pooled.bin")
run(0, "generate", *source, "--bytes", "64", "-o", "rbg.bin", "--mode", "rbg2", "--iid-claim")
run(0, "extract", "raw.bin", "-o", "out.bin", "--claim", "6", "--discard-tail")
run(0, "extract", "raw.bin", "-o", "elias.bin", "--claim", "6", "--discard-tail", "--using", "elias")
run(7, "extract", "raw.bin", "-o", "never.bin", "--claim", "0.01")
run(0, "extract", "--plan", "--claim", "6", "--raw-bits", "1G")
run(7, "extract", "--plan", "--claim", "0.001", "--raw-bits", "1G")
run(0, "assess", "raw.bin")
run(1, "assess", "raw.bin", "--quick", "--claim", "8")
run(0, "assess", "raw.bin", "raw.bin", "--only", "mcv", "--claim", "1")
run(0, "assess", "/dev/zero", "--samples", "2000", "--only", "mcv,lrs")
compared = run(0, "assess", "--compare", "raw.bin", "restarts.bin", "--only", "mcv")
assert len(compared["comparison"]["estimators"]) == 2
pathlib.Path("hex.txt").write_text(pathlib.Path("raw.bin").read_bytes().hex("\n", 32))
as_hex = run(0, "assess", "hex.txt", "--only", "mcv")["assessment"]
assert as_hex["format"] == "hex" and as_hex["min_entropy"] == run(0, "assess", "raw.bin", "--only", "mcv")["assessment"]["min_entropy"]
assert run(0, "extract", "hex.txt", "--claim", "6", "-o", "low.bin", "--discard-tail")["warnings"]
with open("wide.bin", "wb") as wide:
    wide.write(bytes(i * 37 % 251 if i % 2 == 0 else i * 11 % 4 for i in range(8000)))
run(0, "assess", "wide.bin", "--bits", "10", "--only", "mcv")
iid = run(1, "assess", "iid", "wide.bin", "--seed", "1", "--claim", "8")
assert iid["claim"]["holds"] is False
run(0, "assess", "restart", "restarts.bin", "--claim", "4", "--only", "mcv")
run(7, "assess", "restart", "raw.bin", "--claim", "4")
run(0, "assess", "cutoffs", "--claim", "6.4")
run(0, "assess", "conditioning", "--sizes", "2048,256,256,1200", "--vetted")
run(0, "assess", "conditioning", "--sizes", "512,256,256,300", "raw.bin", "--only", "compression")
run(0, "assess", "--cutoffs", "--claim", "6.4")
pathlib.Path("good.bin").write_bytes(hashlib.shake_256(b"audit").digest(150000))
run(0, "audit", "good.bin")
run(0, "audit", "good.bin", "--sequences", "20", "--sequence-bits", "8000")
run(1, "audit", "/dev/zero", "--sequences", "1")
run(0, "audit", "sim:homodyne?seed=1", "--sequences", "1", "--suite", "fips140-2,pooled")
run(5, "audit", "sim:homodyne?seed=1&fault=dead@1800000", "--sequences", "50", "--suite", "fips140-2")
run(0, "keys", "new", "trial", "--second-signer", "--second-signer", "ed25519")
run(4, "keys", "new", "trial")
keys = ["--keys-per-sim", "3", "--card-recipient", "perso.crt", "--network-recipient", "auc.crt", "--signer", "signer.crt",
        "--signer-key", "signer.key", "--second-signer", "trial/second.crt", "--second-signer-key", "trial/second.key",
        "--second-signer", "trial/third.crt", "--second-signer-key", "trial/third.key",
        "--ledger", "ledger.db", "-o", "out"]
run(0, "order", "check", "order.csv")
pathlib.Path("bad.csv").write_bytes(b"Order 7\nICC-ID;IMSI;Ki\n8.98821E+18;1;\n8988211000000000012;001010000000001;\n")
bad = run(2, "order", "check", "bad.csv")
assert [(f["file"], f["line"], f["column"]) for f in bad["faults"]] == [("bad.csv", 3, "iccid"), ("bad.csv", 4, "iccid")]
run(2, "order", "check", "signer.key")
pathlib.Path("gbk.csv").write_bytes("iccid,imsi,备注\n8988211000000000011,001010000000001,联通\n".encode("gbk"))
assert run(0, "order", "check", "gbk.csv")["encoding"] == "GBK"
refused = run(2, "batch", "issue", "--order", "bad.csv", *source, *keys)["error"]
assert (refused["bad_lines"], refused["faults"]) == (bad["bad_lines"], bad["faults"])
plan = run(0, "batch", "issue", "--order", "order.csv", *source, *keys, "--dry-run")
assert not pathlib.Path("ledger.db").exists() and not pathlib.Path("out").exists()
made = run(0, "batch", "issue", "--order", "order.csv", *source, *keys)
assert [f["side"] for f in plan["files"]] == [f["side"] for f in made["files"]]
assert all(p["bytes_at_most"] >= m["bytes"] for p, m in zip(plan["files"], made["files"]))
assert run(0, "batch", "issue", "--order", "order.csv", *source, *keys, "--dry-run")["already_issued"] is True
audited = ["batch", "issue", "--order", "order.csv", *source, *keys[2:-4], "--keys-per-sim", "100", "--ledger", "audited.db",
           "-o", "audited", "--audit"]
planned, audit = run(0, *audited, "--dry-run")["audit"], run(0, *audited)["audit"]
assert (planned["bits"], planned["first_bits"]) == (audit["bits"], audit["first_bits"]) and audit["verdict"] in ("pass", "retest")
assert planned["bytes_at_most"] >= audit["bytes"]
assert run(0, *audited)["audit"] == audit
again = run(0, "batch", "issue", "--order", "order.csv", *source, *keys)
assert again["already_issued"] is True
run(7, "batch", "issue", "--order", "order.csv", *source, *keys, "--key-bytes", "32")
in_parts = ["batch", "issue", "--order", "order.csv", *source, *keys[:-4], "--ledger", "parts.db", "-o", "in_parts", "--part-sims", "1"]
assert run(0, *in_parts, "--dry-run")["parts_issued"] == 0
assert run(0, *in_parts)["parts"] > 1
assert run(0, *in_parts, "--dry-run")["rest"] is None
assert run(0, "batch", "verify", "in_parts", "--trust", "signer.crt", "--allow-test")["parts_valid"] > 1
run(0, "batch", "status", "--ledger", "ledger.db")
run(0, "batch", "status", "--ledger", "ledger.db", "--order-id", "order")
assert len(run(0, "batch", "find", "--ledger", "ledger.db", "--iccid", "8988211000000000011")["blocks"]) == 1
run(1, "batch", "find", "--ledger", "ledger.db", "--iccid", "89882110000000000333")
run(2, "batch", "find", "--ledger", "ledger.db", "--iccid", "1")
run(7, "batch", "verify", "out", "--trust", "signer.crt")
verifying = ["batch", "verify", "out", "--trust", "signer.crt", "--allow-test"]
assert run(0, *verifying, "--recipient-key", "perso.key")["second_signer"]["trusted"] is False
assert run(0, *verifying, "--second-trust", "trial/second.crt")["second_signer"]["trusted"] is True
both = run(0, *verifying, "--second-trust", "trial/second.crt", "--second-trust", "trial/third.crt", "--require-signature", "sm2")
assert [(one["kind"], one["checked"], one["trusted"]) for one in both["further_signatures"]] == [("sm2", True, True), ("ed25519", True, True)]
shown = run(0, "batch", "show", "out", "--trust", "signer.crt")
assert "SM2" in shown["second_signer"] and len(shown["further_signatures"]) == 2
assert "ed448" in run(2, *verifying, "--require-signature", "sm3")["error"]["message"]
run(7, *verifying, "--require-signature", "ed448")
assert run(0, "batch", "verify", "audited", "--trust", "signer.crt", "--allow-test", "--recipient-key", "perso.key")["audit"]["made_again"]
opening = ["batch", "open", "out", "--trust", "signer.crt", "--recipient-key"]
run(0, *opening, "perso.key", "-o", "keys.csv")
run(0, *opening, "auc.key", "--side", "network", "-o", "network.csv")
keys_of_both = [pathlib.Path(name).read_text() for name in ("keys.csv", "network.csv")]
assert keys_of_both[0] == keys_of_both[1] and pathlib.Path("keys.csv").stat().st_mode & 0o777 == 0o600
lines = [line.split(",") for line in keys_of_both[0].splitlines()[1:]]
assert len(lines) == 3 * len({line[0] for line in lines}) == len({line[4] for line in lines})
run(0, *opening, "perso.key", "--iccid", lines[3][0], "--format", "raw", "-o", "one.raw")
assert pathlib.Path("one.raw").read_bytes().hex() == "".join(line[4] for line in lines[3:6])
for side, key in (("card", "perso.key"), ("network", "auc.key")):
    run(0, "batch", "receipt", "out", "--trust", "signer.crt", "--side", side, "--recipient-key", key, "--signer",
        f"trial/{side}-receipts.crt", "--signer-key", f"trial/{side}-receipts.key", "-o", f"{side}.json")
    entering = ["batch", "ack", f"{side}.json", "--side", side, "--trust", f"trial/{side}-receipts.crt", "--ledger", "ledger.db"]
    assert run(0, *entering)["entered_before"] is False and run(0, *entering)["entered_before"] is True
pathlib.Path("used.csv").write_text(f"iccid,charge,first,last\n{lines[0][0]},1,0,2\n")
assert run(0, "batch", "used", "used.csv", "--ledger", "ledger.db")["keys"] == 3
pathlib.Path("twice.csv").write_text(f"iccid,charge,first,last\n{lines[0][0]},1,2,2\n")
assert len(run(1, "batch", "used", "twice.csv", "--ledger", "ledger.db")["alarms"]) == 1
assert run(0, "batch", "topup", "order.csv", "--ledger", "ledger.db", "-o", "next.csv")["low"] == 1
run(0, "batch", "revoke", "--iccid", lines[0][0], "--reason", "lost", "--ledger", "ledger.db")
assert run(0, "batch", "topup", "order.csv", "--ledger", "ledger.db", "-o", "none.csv")["file"] is None
run(0, "batch", "status", "--ledger", "ledger.db", "--check")
run(0, "batch", "prove", *opening[2:], "perso.key", "--iccid", lines[0][0], "-o", "proof.json")
checking = ["batch", "check-proof", "proof.json", "--certificate", "out", "--trust", "signer.crt"]
assert run(0, *checking)["holds"] is True
proof = json.loads(pathlib.Path("proof.json").read_text())
pathlib.Path("proof.json").write_text(json.dumps({**proof, "leaf": "0" * 64}))
assert run(1, *checking)["holds"] is False
run(1, *opening, "signer.key", "-o", "never.csv")
run(2, *opening, "perso.key", "--iccid", "8900000000000000000", "-o", "never.csv")
run(4, *opening, "perso.key", "-o", "keys.csv")
run(0, "batch", "issue", "--order", "gbk.csv", *source, *keys[:-1], "gone", "--top-up")
held = ["--signer", "trial/releaser.crt", "--signer-key", "trial/releaser.key", "--ledger", "ledger.db"]
run(0, "batch", "issue", "--order", "gbk.csv", "--order-id", "held", *source, *keys[:-1], "held", "--top-up", "--releaser",
    "trial/releaser.crt")
waiting = ["batch", "verify", "held", "--trust", "signer.crt", "--allow-test"]
assert run(0, *waiting)["release"]["released"] is False
run(7, *waiting, "--require-release", "trial/releaser.crt")
run(0, "batch", "status", "--ledger", "ledger.db")
assert run(0, "batch", "release", "held", "--trust", "signer.crt", *held)["entered_before"] is False
assert run(0, "batch", "release", "held", "--trust", "signer.crt", *held)["entered_before"] is True
assert "entered_before" not in run(0, "batch", "release", "held", "--trust", "signer.crt", *held[:-2])
assert run(0, *waiting, "--require-release", "trial/releaser.crt")["release"]["released"] is True
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", "tsa.key", "-out",
                "tsa.crt", "-days", "1", "-subj", "/CN=tsa", "-addext", "basicConstraints=critical,CA:FALSE", "-addext",
                "extendedKeyUsage=critical,timeStamping"], check=True, capture_output=True)
pathlib.Path("tsa.cnf").write_text("[tsa]\ndefault_tsa = now\n[now]\nserial = serial\ndefault_policy = 1.2.3.4.1\n"
                                   "digests = sha256\nsigner_digest = sha256\n")
pathlib.Path("serial").write_text("01\n")
stamping = ["batch", "time-stamp", "held", "--trust", "signer.crt"]
assert run(0, *stamping, "-o", "asked.tsq")["query"] == "asked.tsq"
subprocess.run(["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "asked.tsq", "-signer", "tsa.crt", "-inkey", "tsa.key",
                "-out", "answer.tsr"], check=True, capture_output=True)
assert run(0, *stamping, "--query", "asked.tsq", "--response", "answer.tsr", "--tsa", "tsa.crt")["authority"] == "CN=tsa"
assert run(0, *waiting, "--tsa", "tsa.crt")["time_stamp"]["trusted"] is True
heading = ["ledger", "head", "--ledger", "ledger.db", "--signer", "signer.crt", "--signer-key", "signer.key", "-o"]
run(0, *heading, "monday.json")
run(0, *heading, "tuesday.json", "--since", "monday.json")
proving = ["held", "--ledger", "ledger.db", "--head", "tuesday.json", "--trust", "signer.crt"]
run(0, "ledger", "prove", *proving, "-o", "logged.json")
heads = ["ledger", "check-head", "tuesday.json", "--trust", "signer.crt", "--before", "monday.json", "--proof", "logged.json"]
assert run(0, *heads, "--certificate", "held")["holds"] is True
assert run(1, *heads, "--certificate", "out")["holds"] is False
run(0, "batch", "destroy", "gone", "--trust", "signer.crt", "--signer", "signer.crt", "--signer-key", "signer.key", "--reason",
    "a test", "--ledger", "ledger.db", "-o", "destroyed.json")
run(0, "batch", "status", "--ledger", "ledger.db", "--check")
assert run(0, "ledger", "verify", "--ledger", "ledger.db")["holds"] is True
told = run(0, "ledger", "notify", "--ledger", "ledger.db", "--to", "command:/bin/true")
assert told["delivered"] > 0 and told["repeated"] == told["waiting"] == 0
run(75, "ledger", "notify", "--ledger", "ledger.db", "--to", "nats://127.0.0.1:1/nobody.listens")
run(0, "ledger", "backup", "--ledger", "ledger.db", "-o", "copy.db")
run(4, "ledger", "backup", "--ledger", "ledger.db", "-o", "copy.db")
pathlib.Path("ledger.db").rename("moved.db")
assert run(0, "ledger", "restore", "copy.db", "--ledger", "ledger.db")["new_epoch"] is False
run(7, "ledger", "restore", "copy.db", "--ledger", "ledger.db")
assert run(0, "ledger", "verify", "--ledger", "copy.db")["ledger"] == run(0, "ledger", "verify", "--ledger", "ledger.db")["ledger"]
# A profile is read as its schema says, and what the schema refuses is refused.
profiles = jsonschema.Draft202012Validator(json.loads((folder / "export-profile.schema.json").read_text()))
profile = json.loads((folder.parent / "docs" / "export-profile.json").read_text())
one = {"schema": profile["schema"], "name": "one", "fields": [{"name": "ki", "bytes": 16}]}
exporting = ["batch", "export", "out", "--trust", "signer.crt", "--recipient-key", "auc.key", "--profile", "one.json"]
pathlib.Path("kek").write_text(hashlib.sha256(b"kek").hexdigest())
pathlib.Path("kek").chmod(0o600)
wrapping = ["--format", "wrapped", "--transport-key", "kek:k1:kek"]
assert profiles.is_valid(profile) and profiles.is_valid(one)
pathlib.Path("one.json").write_text(json.dumps(one))
exported = run(0, *exporting, *wrapping, "-o", "wrapped.csv")
assert exported["credentials"] == ["ki"] and exported["transport_keys"][0]["name"] == "k1"
pin = {"name": "pin1", "digits": 4}
for lie in [{"fields": []}, {"fields": [pin]}, {"fields": [{"name": "ki", "bytes": 24}]}, {"fields": [{"name": "ki"}]},
            {"fields": [one["fields"][0], {"name": "pin1", "digits": 9}]}, {"name": ""}, {"name": "a\nb"}, {"more": 1},
            {"schema": "lightseed/export-profile/v2"}, {"pysim": {"key_set": "X"}}, {"azure": {"sim_policy": '"'}},
            {"vendor": {"graph": []}}, {"fields": [{"name": "ki", "bytes": 16, "at": 0}]}]:
    assert not profiles.is_valid({**one, **lie}), lie
    pathlib.Path("one.json").write_text(json.dumps({**one, **lie}))
    run(4, *exporting, *wrapping, "-o", "never.csv")
pathlib.Path("out/stray\nVALID: batch").touch()
stray = run(1, "batch", "verify", "out", "--trust", "signer.crt", "--allow-test")
assert stray["verdict"] == "INVALID"
missing = set(schemas) - seen
if missing:
    sys.exit(f"no run printed {', '.join(sorted(missing))}")
print(f"{len(seen)} schemas hold")
