#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a profile cuts from each SIM's block, by docs/exports.md: a second implementation.

export_truth.py KEYS.csv PROFILE.json OP_FILE|-: prints a list of {iccid, imsi, credentials: {name: hex or digits}}.
"""

import csv
import json
import sys

from Cryptodome.Cipher import AES


def cut(block, fields, op):
    credentials, at = {}, 0
    for field in fields:
        name = field["name"]
        if "bytes" in field:
            credentials[name] = block[at:at + field["bytes"]]
            at += field["bytes"]
        else:
            room = block[at:at + field["digits"] + 16]
            assert len(room) == field["digits"] + 16
            fair = [byte % 10 for byte in room if byte < 250]
            credentials[name] = "".join(map(str, fair[:field["digits"]]))
            at += field["digits"] + 16
    assert at <= len(block)
    op = credentials.pop("op", op)
    if op is not None:
        made = AES.new(credentials["ki"], AES.MODE_ECB).encrypt(op)
        credentials["opc"] = bytes(a ^ b for a, b in zip(made, op))
    return {name: value if isinstance(value, str) else value.hex() for name, value in credentials.items()}


def main():
    fields = json.load(open(sys.argv[2]))["fields"]
    op = bytes.fromhex(open(sys.argv[3]).read().strip()) if sys.argv[3] != "-" else None
    blocks = {}
    for line in csv.DictReader(open(sys.argv[1])):
        blocks.setdefault((line["iccid"], line["imsi"]), []).append(line["key"])
    print(json.dumps([{"iccid": iccid, "imsi": imsi, "credentials": cut(bytes.fromhex("".join(keys)), fields, op)}
                      for (iccid, imsi), keys in blocks.items()]))


if __name__ == "__main__":
    main()
