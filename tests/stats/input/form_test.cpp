// SPDX-License-Identifier: Apache-2.0
#include "stats/input/form.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "core/byte_views.h"
#include "core/error.h"
#include "tests/category_of.h"
#include "tests/stats/sp800_90b/generators.h"

using namespace lightseed;
using namespace lightseed::stats;
using lightseed::sp800_90b::Random;

namespace {

using Symbols = std::vector<std::uint8_t>;

Input read(std::string_view content, InputOptions options) {
  return read_all(InputStream(bytes_of(content), std::move(options)));
}

std::string words_of(std::string_view content, const InputOptions& options) {
  try {
    read(content, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "taken";
}

std::string little(std::int64_t value, unsigned bytes) {
  std::string text;
  for (unsigned i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

std::string npy(const std::string& type, const std::string& shape, const std::string& data) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, shape);
  header.resize(118, ' ');
  return "\x93NUMPY" + std::string("\1\0", 2) + little(static_cast<std::int64_t>(header.size()), 2) + header + data;
}

std::string wav(unsigned channels, unsigned bits, const std::string& data) {
  const std::string format =
      little(1, 2) + little(channels, 2) + little(48000, 4) + little(0, 4) + little(0, 2) + little(bits, 2);
  return "RIFF" + little(0, 4) + "WAVELIST" + little(3, 4) + "abc" + std::string(1, '\0') + "fmt " + little(16, 4) +
         format + "data" + little(static_cast<std::int64_t>(data.size()), 4) + data;
}

}  // namespace

TEST_CASE("forms: the table's names are different and each is found") {
  CHECK(forms().front().name == "raw");
  for (const Form& form : forms())
    CHECK(&form_named(form.name) == &form);
  CHECK_THROWS_WITH(form_named("mat"), Catch::Contains("packed12") && Catch::Contains("'mat'"));
}

TEST_CASE("forms: numbers with a sign are samples in the order of their values") {
  const std::string data = little(-2048, 2) + little(-1, 2) + little(0, 2) + little(2047, 2);
  CHECK(read(data, {.keep = {11, 10, 9, 8, 0}, .form = "int16", .said_bits = 12}).symbols ==
        Symbols{0b00000, 0b01111, 0b10000, 0b11111});
  // A converter without a sign in a container with one.
  CHECK(read(little(4095, 2) + little(0, 2), {.keep = {11, 0}, .form = "int16", .said_bits = 12}).symbols ==
        Symbols{3, 0});
  CHECK_THAT(words_of(little(-2049, 2), {.form = "int16", .said_bits = 12}),
             Catch::Contains("sample 0 has the value -2049, more than 12 bits with a sign hold"));
  CHECK(read(little(-3, 4) + little(2, 4), {.form = "int32"}).symbols == Symbols{1, 6});  // three bits hold them
  CHECK(read(little(-128, 1) + little(127, 1), {.form = "int8"}).symbols == Symbols{0, 255});
  CHECK(read(std::string("\x01\x02", 2), {.big_endian = true, .keep = {8, 1}, .form = "int16"}).symbols == Symbols{3});
  CHECK_THAT(words_of("abc", {.form = "int16"}), Catch::Contains("middle of a number"));
}

TEST_CASE("forms: packed samples across the limits of bytes, in both orders") {
  // 0x3FF, 0x001, 0x200, 0x155 one after another.
  const std::string msb = std::string("\xFF\xC0\x18\x01\x55", 5);
  const std::string lsb = std::string("\xFF\x07\x00\x60\x55", 5);
  for (const unsigned bit : {0U, 4U, 9U}) {
    const Symbols wanted{1, static_cast<std::uint8_t>(bit == 0), static_cast<std::uint8_t>(bit == 9),
                         static_cast<std::uint8_t>(0x155 >> bit & 1)};
    CHECK(read(msb, {.keep = {bit}, .form = "packed10"}).symbols == wanted);
    CHECK(read(lsb, {.lsb_first = true, .keep = {bit}, .form = "packed10"}).symbols == wanted);
  }
  CHECK(read("\xAB\xC1\x23", {.keep = {11, 10, 9, 8}, .form = "packed12"}).symbols == Symbols{0xA, 0x1});
  CHECK_THAT(words_of("abcd", {.form = "packed12"}), Catch::Contains("no multiple of the 3"));
  CHECK_THAT(words_of("abc", {.form = "packed12", .said_bits = 10}), Catch::Contains("12 bits, not 10"));
}

TEST_CASE("forms: NumPy arrays are recognised, of whole numbers alone") {
  const std::string data = little(300, 8) + little(-5, 8) + little(7, 8);
  const Input input = read(npy("<i8", "(3,)", data), {.keep = {31, 2, 1, 0}, .form = ""});
  CHECK(input.form == "npy");
  CHECK(input.symbols == Symbols{0b1100, 0b0011, 0b1111});
  CHECK_THAT(input.choices.at(0), Catch::Contains("NumPy array"));
  CHECK(read(npy("|u1", "(2, 2)", "\x01\x02\x03\xFF"), {.form = ""}).symbols == Symbols{1, 2, 3, 255});
  CHECK(read(npy(">u2", "(1,)", std::string("\x00\x09", 2)), {.form = ""}).symbols == Symbols{9});
  CHECK(read(npy("<u4", "(2,)", little(200, 4) + little(3, 4)), {.form = ""}).symbols == Symbols{200, 3});
  CHECK_THAT(words_of(npy("<f8", "(1,)", little(0, 8)), {.form = ""}), Catch::Contains("floating-point"));
  CHECK_THAT(words_of(npy("<i8", "(4,)", data), {.form = ""}), Catch::Contains("promises 4 numbers, 3 are there"));
  CHECK_THAT(words_of(npy("<U4", "(1,)", data), {.form = ""}), Catch::Contains("not of whole numbers"));
  CHECK_THAT(words_of(npy("<i2", "(99999999999, 99999999999)", data), {.form = ""}),
             Catch::Contains("no array can have"));
  CHECK_THAT(words_of("\x93NUMPY", {.form = ""}), Catch::Contains("no NumPy array"));
  CHECK_THAT(words_of(npy("<i2", "(1,)", "").substr(0, 60), {.form = ""}), Catch::Contains("header is cut off"));
  CHECK(words_of(npy("<i2", "3", ""), {.form = ""}).find("no tuple") != std::string::npos);
}

TEST_CASE("forms: WAV, one channel of it") {
  CHECK(read(wav(1, 16, little(-2, 2) + little(1, 2)), {.form = ""}).symbols == Symbols{0, 3});
  CHECK(read(wav(1, 8, "\x80\x7F"), {.form = ""}).symbols == Symbols{0x80, 0x7F});
  const std::string two = wav(2, 16, little(1, 2) + little(9, 2) + little(0, 2) + little(8, 2));
  CHECK_THAT(words_of(two, {.form = ""}), Catch::Contains("2 channels"));
  CHECK(read(two, {.form = "", .column = "2"}).symbols == Symbols{9, 8});
  CHECK_THAT(words_of(two, {.form = "", .column = "3"}), Catch::Contains("1 to 2"));
  std::string floating = wav(1, 32, little(0, 4));
  floating[floating.find("fmt ") + 8] = 3;
  CHECK_THAT(words_of(floating, {.form = ""}), Catch::Contains("not of whole numbers"));
  CHECK_THAT(words_of(two.substr(0, 30), {.form = "", .column = "1"}), Catch::Contains("near its beginning"));
}

TEST_CASE("forms: text of digits and hexadecimal text") {
  std::string digits;
  std::string hex_text;
  Random random(1);
  Symbols bits;
  Symbols bytes;
  for (int i = 0; i < 70'000; ++i) {
    bits.push_back(static_cast<std::uint8_t>(random() & 1));
    bytes.push_back(static_cast<std::uint8_t>(random()));
    digits += bits.back() == 1 ? '1' : '0';
    hex_text += fmt::format("{:02x}", bytes.back());
    if (i % 64 == 63) digits += "\r\n", hex_text += '\n';
  }
  const Input one = read(digits, {.form = ""});
  CHECK(one.form == "digits");
  CHECK(one.width == 1);
  CHECK(one.symbols == bits);
  const Input two = read(hex_text, {.form = ""});
  CHECK(two.form == "hex");
  CHECK(two.symbols == bytes);
  CHECK(read("0xAB, 0x01", {.form = "hex"}).symbols == Symbols{0xAB, 1});
  CHECK_THAT(words_of("ab c", {.form = "hex"}), Catch::Contains("after half a byte"));
  CHECK_THAT(words_of("a b", {.form = "hex"}), Catch::Contains("byte 2"));
  CHECK_THAT(words_of("0102", {.form = "digits"}), Catch::Contains("byte 4"));
  // The end of a line alone is no text of digits, and what people type is none either.
  CHECK(&recognised_sample_form(bytes_of("\n")) == &forms().front());
  // Read as bytes in spite of what it is, text is named.
  CHECK_THAT(read(digits, {}).warnings.at(0), Catch::Contains("text of the digits 0 and 1"));
}

TEST_CASE("forms: a column of a table") {
  std::string table = "# made by a scope\ntime,adc\n";
  std::string lines;
  Symbols wanted;
  for (int i = 0; i < 20'000; ++i) {
    const int value = i * 7 % 200;
    wanted.push_back(static_cast<std::uint8_t>(value));
    table += fmt::format("0.{:04},{}\n", i % 10'000, value);
    lines += fmt::format("{}\n", value);
  }
  CHECK(recognised_sample_form(bytes_of(table)).name == "csv");
  CHECK_THAT(words_of(table, {.form = ""}), Catch::Contains("2 columns (time, adc): name the column"));
  CHECK_THAT(words_of(table, {.form = "", .column = "volt"}), Catch::Contains("no column 'volt'"));
  for (const char* column : {"adc", "2"})
    CHECK(read(table, {.form = "", .column = column}).symbols == wanted);
  CHECK_THAT(words_of(table, {.form = "", .column = "time"}), Catch::Contains("line 4: 0.0001 is no whole number"));
  const Input input = read(lines, {.form = ""});
  CHECK(input.symbols == wanted);
  CHECK_THAT(input.choices.at(1), Catch::Contains("samples of 8 bits, as the first ones need"));
  CHECK_THAT(words_of(lines + "300\n", {.form = ""}),
             Catch::Contains("sample 20000 has the value 300") && Catch::Contains("say how many bits"));
  CHECK_THAT(words_of(lines + "n/a\n", {.form = ""}), Catch::Contains("line 20001: 'n/a' is no number"));
  CHECK(read("3;-1\n2;0", {.form = "csv", .column = "2"}).symbols == Symbols{0, 1});
  CHECK(read("0x1F\n+2\n1.2e+01\n\"7\"", {.form = "csv"}).symbols == Symbols{31, 2, 12, 7});
  CHECK(words_of("", {.form = "csv"}).find("without a line") != std::string::npos);
}

TEST_CASE("forms: what cannot be samples is refused, unless its bytes are asked for") {
  const std::string gzip = std::string("\x1f\x8b\x08\x00", 4) + std::string(2000, 'x');
  CHECK_THAT(words_of(gzip, {.form = ""}), Catch::Contains("gzip"));
  CHECK(words_of(gzip, {}) == "taken");
  CHECK_THAT(words_of("PK\x03\x04 and so on", {.form = ""}), Catch::Contains("ZIP"));
  const std::string prose = "To whom it may concern:\nthese are not samples, but a letter about them, which is long.\n";
  CHECK_THAT(read(prose, {.form = ""}).warnings.at(0), Catch::Contains("looks like text"));
}

TEST_CASE("forms: random bytes are never taken for anything else") {
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(static_cast<std::size_t>(64 + random() % 64), '\0');
    for (char& c : bytes)
      c = static_cast<char>(random());
    REQUIRE(recognised_sample_form(bytes_of(bytes)).name == "raw");
    REQUIRE_FALSE(looks_like_text(bytes_of(bytes)));
  }
}

TEST_CASE("forms: damaged files of every form end in a sentence") {
  const std::string whole[] = {npy("<i2", "(40,)", std::string(80, '\3')), wav(1, 24, std::string(90, '\2')),
                               "a,b\n1,2\n3,4\n5,6\n", "00 11 ab cd\n", "0101 1100\n"};
  Random random(4);
  for (const std::string& good : whole) {
    for (int i = 0; i < 400; ++i) {
      std::string bad = good.substr(0, random() % (good.size() + 1));
      for (int flips = 0; flips < 3 && !bad.empty(); ++flips)
        bad[random() % bad.size()] = static_cast<char>(random());
      for (const Form& form : forms()) {
        try {
          (void)read(bad, {.form = std::string(form.name), .column = "1"});
        } catch (const Error& error) {
          REQUIRE(error.category() != Category::internal);
        }
      }
    }
  }
}
