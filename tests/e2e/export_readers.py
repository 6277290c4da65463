#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reads exports again and compares every secret with truth.json (export_truth.py). Shares nothing with the writers.

export_readers.py FORMAT FILE truth.json ARGUMENTS…
  pskc FILE truth KEK                 python3-pskc decrypts
  wrapped FILE truth KEK              python3-cryptography unwraps
  pysim FILE truth USE=KEY…           AES-CBC with pySim's IV
  vendor-elect|vendor-server FILE truth USE=INDEX=KEY…
  azure FILE truth AZURE.key VENDOR.key NUMBER
  one ICCID/NAME truth                prints a credential
  secrets - truth                     prints all secrets as a pattern for grep
"""

import base64
import csv
import hashlib
import hmac
import json
import sys

from Cryptodome.Cipher import AES, PKCS1_OAEP
from Cryptodome.Hash import SHA256, SHA512
from Cryptodome.PublicKey import RSA
from Cryptodome.Signature import pkcs1_15
from Cryptodome.Util.Padding import unpad


def key_of(path):
    return bytes.fromhex(open(path).read().strip())


def is_digits(name):
    return name[:3] in ("pin", "puk", "adm")


def value_bytes(name, value):
    return value.encode() if is_digits(name) else bytes.fromhex(value)


def pskc(path, sims, kek):
    from pskc import PSKC
    container = PSKC(path)
    container.encryption.key = key_of(kek)
    found = {}
    for key in container.keys:
        if key.check() is not True:
            sys.exit(f"the MAC of {key.id} is wrong")
        assert key.serial == key.id.split(".")[0] and key.id not in found, key.id
        assert (key.algorithm == "urn:ietf:params:xml:ns:keyprov:pskc:pin") == is_digits(key.id.split(".")[1])
        found[key.id] = key.secret
    return found == {f"{sim['iccid']}.{name}": value_bytes(name, value)
                     for sim in sims for name, value in sim["credentials"].items()}


def wrapped(path, sims, kek):
    from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_unwrap_with_padding
    readers = {"rfc3394": aes_key_unwrap, "rfc5649": aes_key_unwrap_with_padding}
    found = [(line["iccid"], line["imsi"], line["credential"],
              readers[line["wrap"]](key_of(kek), bytes.fromhex(line["blob"]))) for line in csv.DictReader(open(path))]
    return sorted(found) == sorted((sim["iccid"], sim["imsi"], name, value_bytes(name, value))
                                   for sim in sims for name, value in sim["credentials"].items())


def pysim(path, sims, *keys):
    keys = {use: key_of(file) for use, file in (text.split("=") for text in keys)}
    lines = list(csv.DictReader(open(path)))
    assert list(lines[0]) == ["ICCID", "IMSI", "KI", "OPC", "UICC_SCP03_KIC1", "UICC_SCP03_KID1", "UICC_SCP03_KIK1"]
    for line, sim in zip(lines, sims, strict=True):
        assert (line["ICCID"], line["IMSI"]) == (sim["iccid"], sim["imsi"])
        for column in list(line)[2:]:
            name = column.removeprefix("UICC_SCP03_").lower()
            key = keys.get(name) or keys["auc" if name in ("ki", "opc") else "ota"]
            assert line[column] == line[column].lower()
            plain = AES.new(key, AES.MODE_CBC, iv=16 * b"\x23").decrypt(bytes.fromhex(line[column]))
            if plain.hex() != sim["credentials"][name]:
                return False
    return True


def unswapped(text):
    return "".join(b + a for a, b in zip(text[::2], text[1::2], strict=True))


def card_value(column, text):
    """A value as a card stores it, in plain."""
    if column == "ICCID":
        return unswapped(text).rstrip("f")
    if column == "IMSI":
        half_bytes = unswapped(text[2:])
        assert int(text[:2], 16) == len(half_bytes) // 2
        digits = half_bytes[1:].rstrip("f")
        assert half_bytes[0] == ("9" if len(digits) % 2 else "1")
        return digits
    if is_digits(column.lower()):
        assert len(text) == 16
        return bytes.fromhex(text).rstrip(b"\xff").decode()
    return text


def vendor(path, sims, card, keys):
    keys = {use: (index, key_of(file)) for use, index, file in (text.split("=") for text in keys)}
    lines = open(path, encoding="ascii", newline="").read().split("\n")
    assert lines.pop() == ""
    head = dict(line.split(": ", 1) for line in lines[:8])
    assert list(head) == ["BATCH_ID", "TIMESTAMP", "QUANTITY", "PRODUCT_ID", "PURPOSE", "IMSIS_PER_ICCID",
                          "TRANSPORT_KEY_INDEX_AUC", "TRANSPORT_KEY_INDEX_OTA"], head
    for use in ("auc", "ota"):
        assert head["TRANSPORT_KEY_INDEX_" + use.upper()] == keys.get(use, ("0",))[0]
    profile = json.load(open("profile.json"))
    separator = profile["vendor"].get("separator", ",")
    columns = lines[8].split(separator)
    wanted = profile["vendor"].get("elect" if card else "server")
    assert wanted is None or columns == wanted
    assert "EKI" in columns if "auc" in keys else "KI" in columns
    assert "OP" not in columns and "K4" not in columns
    for line, sim in zip(lines[9:], sims, strict=True):
        row = dict(zip(columns, line.split(separator), strict=True))
        for column, text in row.items():
            value = card_value(column, text) if card else text
            name = "ki" if column == "EKI" else column.lower()
            if column == "ACC":
                assert value == f"{1 << int(sim['imsi'][-1]):04X}"
                continue
            if column in ("ICCID", "IMSI"):
                assert value == sim[name], (column, value)
                continue
            use = "auc" if column == "EKI" else "ota" if name[:3] in ("kic", "kid", "kik") else None
            if use in keys:
                value = AES.new(keys[use][1], AES.MODE_ECB).decrypt(bytes.fromhex(value)).hex().upper()
            if value != (sim["credentials"][name] if is_digits(name) else sim["credentials"][name].upper()):
                return False
    return True


def azure(path, sims, azure_key, vendor_key, number):
    upload = json.load(open(path))
    assert list(upload) == ["version", "azureKeyIdentifier", "vendorKeyFingerprint", "encryptedTransportKey",
                            "signedTransportKey", "sims"]
    assert upload["version"] == 1 and upload["azureKeyIdentifier"] == int(number)
    vendor_public = RSA.import_key(open(vendor_key).read()).publickey()
    print_of_key = hashlib.sha256(vendor_public.export_key(format="DER")).hexdigest().upper()
    assert upload["vendorKeyFingerprint"] == print_of_key
    encrypted = bytes.fromhex(upload["encryptedTransportKey"])
    pkcs1_15.new(vendor_public).verify(SHA512.new(encrypted), bytes.fromhex(upload["signedTransportKey"]))
    transport = PKCS1_OAEP.new(RSA.import_key(open(azure_key).read()), hashAlgo=SHA256).decrypt(encrypted)
    assert len(transport) == 64
    ivs = set()
    for one, sim in zip(upload["sims"], sims, strict=True):
        properties = one["properties"]
        assert properties["integratedCircuitCardIdentifier"] == sim["iccid"] == one["name"]
        assert properties["internationalMobileSubscriberIdentity"] == sim["imsi"]
        sealed = bytes.fromhex(properties["encryptedCredentials"])
        mac, text = sealed[:64], sealed[64:]
        if not hmac.compare_digest(mac, hmac.new(transport[32:], text, hashlib.sha512).digest()):
            sys.exit(f"the MAC of {sim['iccid']} is wrong")
        ivs.add(text[:16])
        plain = unpad(AES.new(transport[:32], AES.MODE_CBC, iv=text[:16]).decrypt(text[16:]), 16).decode()
        secrets = [sim["credentials"][name].upper() for name in ("ki", "opc")]
        if plain.split(":") != ["1", sim["iccid"], sim["imsi"], *secrets]:
            return False
    return len(ivs) == len(sims)


def main():
    kind, path, truth, *rest = sys.argv[1:]
    sims = json.load(open(truth))
    if kind == "one":
        iccid, name = path.split("/")
        print(next(sim for sim in sims if sim["iccid"] == iccid)["credentials"][name])
        return
    if kind == "secrets":
        keys = [value for sim in sims for name, value in sim["credentials"].items() if not is_digits(name)]
        # As hexadecimal, and as base64 begins.
        print("|".join(keys + [base64.b64encode(bytes.fromhex(key)).decode()[:20].replace("+", r"\+") for key in keys]))
        return
    readers = {"pskc": pskc, "wrapped": wrapped, "pysim": pysim, "azure": azure,
               "vendor-elect": lambda p, s, *k: vendor(p, s, True, k),
               "vendor-server": lambda p, s, *k: vendor(p, s, False, k)}
    assert len(sims) == 5
    if not readers[kind](path, sims, *rest):
        sys.exit(f"{path} holds other secrets than the batch")
    print(f"{kind}: the secrets of {len(sims)} SIMs are the batch's")


if __name__ == "__main__":
    main()
