// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "crypto/aes_cipher.h"

namespace lightseed::test {

/// What AES must make of a text, in hexadecimal: for every implementation of AesCipher.
struct AesAnswer {
  AesCipher::Mode mode;
  std::string_view key, iv, text, cipher_text;
};

/// FIPS 197 and SP 800-38A; RFC 6030 figure 6; RFC 3394 section 4; RFC 5649 section 6.
inline constexpr AesAnswer aes_answers[] = {
    {AesCipher::Mode::ecb, "2b7e151628aed2a6abf7158809cf4f3c", "",
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"},
    {AesCipher::Mode::ecb, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "",
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"},
    {AesCipher::Mode::cbc, "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
    {AesCipher::Mode::cbc_padded, "12345678901234567890123456789012", "000102030405060708090a0b0c0d0e0f",
     "3132333435363738393031323334353637383930", "e7081c8b650775ab6b50d4a7156f3b1da579fd5598d3c2325f23c19a8852a1af"},
    {AesCipher::Mode::wrap, "000102030405060708090a0b0c0d0e0f", "", "00112233445566778899aabbccddeeff",
     "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"},
    {AesCipher::Mode::wrap, "000102030405060708090a0b0c0d0e0f1011121314151617", "", "00112233445566778899aabbccddeeff",
     "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"},
    {AesCipher::Mode::wrap, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "",
     "00112233445566778899aabbccddeeff", "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"},
    {AesCipher::Mode::wrap, "000102030405060708090a0b0c0d0e0f1011121314151617", "",
     "00112233445566778899aabbccddeeff0001020304050607",
     "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"},
    {AesCipher::Mode::wrap, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "",
     "00112233445566778899aabbccddeeff0001020304050607",
     "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"},
    {AesCipher::Mode::wrap, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "",
     "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
     "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"},
    {AesCipher::Mode::wrap_padded, "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "",
     "c37b7e6492584340bed12207808941155068f738", "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"},
    {AesCipher::Mode::wrap_padded, "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "", "466f7250617369",
     "afbeb0f07dfbf5419200f2ccb50bb24f"},
};

}  // namespace lightseed::test
