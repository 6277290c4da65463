# SPDX-License-Identifier: Apache-2.0
"""Milenage of 3GPP TS 35.206 for tests: what a card computes. Checks itself against test set 1 of TS 35.207."""

from Cryptodome.Cipher import AES


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def rotated(block, bits):
    return block[bits // 8:] + block[:bits // 8]


class Milenage:
    def __init__(self, k, opc):
        self.aes, self.opc = AES.new(k, AES.MODE_ECB), opc

    def out(self, temp, rotation, constant):
        block = xor(rotated(xor(temp, self.opc), rotation), bytes(15) + bytes([constant]))
        return xor(self.aes.encrypt(block), self.opc)

    def vector(self, rand):
        """RES, CK, IK and AK of f2 to f5."""
        temp = self.aes.encrypt(xor(rand, self.opc))
        second = self.out(temp, 0, 1)
        return {"res": second[8:], "ak": second[:6], "ck": self.out(temp, 32, 2), "ik": self.out(temp, 64, 4)}

    def mac(self, rand, sqn, amf):
        """MAC-A of f1."""
        temp = self.aes.encrypt(xor(rand, self.opc))
        block = xor(temp, rotated(xor(2 * (sqn + amf), self.opc), 64))
        return xor(self.aes.encrypt(block), self.opc)[:8]


def check():
    h = bytes.fromhex
    card = Milenage(h("465b5ce8b199b49faa5f0a2ee238a6bc"), h("cd63cb71954a9f4e48a5994e37a02baf"))
    rand = h("23553cbe9637a89d218ae64dae47bf35")
    made = card.vector(rand)
    assert made["res"] == h("a54211d5e3ba50bf") and made["ak"] == h("aa689c648370")
    assert made["ck"] == h("b40ba9a3c58b2a05bbf0d987b21bf8cb") and made["ik"] == h("f769bcd751044604127672711c6d3441")
    assert card.mac(rand, h("ff9bb4d0b607"), h("b9b9")) == h("4a9ffac354dfafb3")


check()
