#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A real osmo-hlr is asked over GSUP for authentication vectors; a card with the batch's keys must compute the same.

export_osmo_hlr.py ADDRESS truth.json
"""

import json
import socket
import struct
import sys
import time

from milenage import Milenage, xor

CCM, ID_GET, ID_RESP, ID_ACK, PING, PONG = 0xFE, 4, 5, 6, 0, 1
OSMO, GSUP = 0xEE, 5
SEND_AUTH_INFO, AUTH_INFO_RESULT = 0x08, 0x0A


class Gsup:
    """A client as an MSC is one: IPA frames, its own identity, requests for vectors."""

    introduced = False

    def __init__(self, address):
        deadline = time.monotonic() + 60
        while True:
            try:
                self.socket = socket.create_connection((address, 4222), 5)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self.socket.settimeout(60)
        # osmo-hlr answers only whom it knows: its question comes first.
        while not self.introduced:
            self.message()

    def send(self, protocol, payload):
        self.socket.sendall(struct.pack(">HB", len(payload), protocol) + payload)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                sys.exit("osmo-hlr closed the connection")
            data += piece
        return data

    def message(self):
        """The next GSUP message, or None when the client was introduced; what keeps the connection alive is answered on
        the way."""
        while True:
            length, protocol = struct.unpack(">HB", self.exactly(3))
            payload = self.exactly(length)
            if protocol == CCM and payload[0] == PING:
                self.send(CCM, bytes([PONG]))
            elif protocol == CCM and payload[0] == ID_GET:
                unit = b"".join(struct.pack(">HB", len(text) + 1, tag) + text
                                for tag, text in ((1, b"test\0"), (8, b"0/0/0\0"), (0, b"test\0")))
                self.send(CCM, bytes([ID_RESP]) + unit)
                self.send(CCM, bytes([ID_ACK]))
                self.introduced = True
                return None
            elif protocol == OSMO and payload[0] == GSUP:
                return payload[1:]

    def vectors(self, imsi):
        digits = imsi + "F" * (len(imsi) % 2)
        coded = bytes.fromhex("".join(b + a for a, b in zip(digits[::2], digits[1::2])))
        self.send(OSMO, bytes([GSUP, SEND_AUTH_INFO, 1, len(coded)]) + coded + bytes([0x28, 1, 2]))
        answer = self.message()
        if answer[0] != AUTH_INFO_RESULT:
            sys.exit(f"osmo-hlr has no vectors for {imsi}: {answer.hex()}")
        return [elements(value) for tag, value in pairs(answer[1:]) if tag == 3]


def pairs(data):
    while data:
        yield data[0], data[2:2 + data[1]]
        data = data[2 + data[1]:]


def elements(data):
    return dict(pairs(data))


def main():
    client = Gsup(sys.argv[1])
    compared = 0
    sims = json.load(open(sys.argv[2]))
    for sim in sims:
        secrets = {name: bytes.fromhex(sim["credentials"][name]) for name in ("ki", "opc")}
        card = Milenage(secrets["ki"], secrets["opc"])
        for vector in client.vectors(sim["imsi"]):
            rand, autn = vector[0x20], vector[0x25]
            own = card.vector(rand)
            if (vector[0x27], vector[0x24], vector[0x23]) != (own["res"], own["ck"], own["ik"]):
                sys.exit(f"IMSI {sim['imsi']}: osmo-hlr and the card compute different RES, CK or IK")
            sqn, amf, mac = xor(autn[:6], own["ak"]), autn[6:8], autn[8:]
            if card.mac(rand, sqn, amf) != mac:
                sys.exit(f"IMSI {sim['imsi']}: the card would refuse osmo-hlr's AUTN")
            compared += 1
    if compared < 5 * len(sims) or len(sims) != int(sys.argv[3]):
        sys.exit(f"only {compared} vectors of {len(sims)} SIMs were compared")
    print(f"{compared} authentication vectors of osmo-hlr are those of the cards")


main()
