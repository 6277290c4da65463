# SPDX-License-Identifier: Apache-2.0
"""Decodes a key package by RFC 6031's own module in pyasn1-modules, strictly as DER, and prints what it holds.

decode_key_package.py FILE: one line `ICCID IMSI KEYS BYTES` for every SIM.
"""
import sys

from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.type import char, univ
from pyasn1_modules import rfc6031

ARC = "2.25.34249391453672534352087824339583471486"
PACKAGE = {ARC + ".1": char.UTF8String, ARC + ".2": univ.Integer}
BLOCK = {
    "1.2.840.113549.1.9.16.12.9": char.UTF8String,
    "1.2.840.113549.1.9.16.12.2": char.UTF8String,
    "1.2.840.113549.1.9.16.12.23": univ.Integer,
    ARC + ".4": char.UTF8String,
    ARC + ".3": univ.OctetString,
}


def values(attributes, wanted):
    found = {}
    for attribute in attributes:
        oid = str(attribute["attrType"])
        assert oid in wanted and oid not in found, oid
        assert len(attribute["attrValues"]) == 1, oid
        value, rest = decode(bytes(attribute["attrValues"][0]), asn1Spec=wanted[oid]())
        assert not rest, oid
        found[oid] = value
    assert len(found) == len(wanted), found.keys()
    return found


data = open(sys.argv[1], "rb").read()
package, rest = decode(data, asn1Spec=rfc6031.SymmetricKeyPackage())
assert not rest, "bytes behind the package"
assert encode(package) == data, "not DER: it encodes to other bytes"
assert package["version"] == 1
of_package = values(package["sKeyPkgAttrs"], PACKAGE)
key_bytes = int(of_package[ARC + ".2"])
for one in package["sKeys"]:
    of_block = values(one["sKeyAttrs"], BLOCK)
    keys = bytes(one["sKey"])
    count = int(of_block["1.2.840.113549.1.9.16.12.23"])
    assert len(keys) == count * key_bytes
    assert len(of_block[ARC + ".3"]) == 16
    print(of_block["1.2.840.113549.1.9.16.12.2"], of_block[ARC + ".4"], count, len(keys))
