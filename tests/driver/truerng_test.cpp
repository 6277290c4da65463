// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/truerng/truerng.h"

#include <catch2/catch.hpp>

#include "tests/driver/reading.h"
#include "tests/emulated/truerng/emulated_truerng.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

std::unique_ptr<Session> open(EmulatedTrueRng& device, const std::string& parameters, SourceInfo& info) {
  SourceUri uri = SourceUri::parse("usb:truerng" + parameters);
  const ChannelOpener port = [&device](unsigned baud, const Patience&) {
    device.line_coding(baud);
    return std::make_unique<ModelChannel>(device);
  };
  return serial_sessions(truerng_kind(), uri)(port, info, patient());
}

}  // namespace

TEST_CASE("A TrueRNG is knocked into its mode, whatever it did before") {
  const auto [mode, baud] = GENERATE(table<std::string, unsigned>(
      {{"normal", 300}, {"rng1", 4800}, {"rng2", 9600}, {"raw", 19200}, {"unwhitened", 57600}}));
  EmulatedTrueRng device(4);
  SourceInfo info;
  const auto session = open(device, "?mode=" + mode, info);
  session->begin(patient());
  CHECK(device.mode() == baud);
  CHECK(info.parameters.at("mode") == mode);
  std::vector<std::byte> block(10'000);
  REQUIRE(session->read(block, patient()) == block.size());
  SequenceChecker checker;
  CHECK(checker.feed(block));
}

TEST_CASE("A TrueRNG that did not hear the knock sends text, and that is no entropy") {
  EmulatedTrueRng device(4);
  device.hears_knocks = false;
  SourceInfo info;
  const auto session = open(device, "?mode=raw", info);
  try {
    session->begin(patient());
    FAIL("text was taken for samples");
  } catch (const DeviceFault& fault) {
    CHECK(fault.kind() == DeviceFault::Kind::protocol);
  }
}

TEST_CASE("A first TrueRNG Pro stays what it was when it is knocked at for a mode that it has not") {
  EmulatedTrueRng device(4);
  device.version = 1;
  SourceInfo info;  // of a port whose USB numbers nobody knows
  const auto session = open(device, "?mode=unwhitened", info);
  CHECK_THROWS_AS(session->begin(patient()), DeviceFault);
  CHECK(device.mode() == 38400);
}

TEST_CASE("Text in place of samples in mid-stream is a fault, in reads of whatever size") {
  const std::size_t size = GENERATE(64U, 511U, 10'000U);
  EmulatedTrueRng device(4);
  SourceInfo info;
  const auto session = open(device, "?mode=raw", info);
  session->begin(patient());
  std::vector<std::byte> block(size);
  REQUIRE(session->read(block, patient()) == block.size());
  device.sends_text = true;
  const auto read_on = [&] {
    for (std::size_t got = 0; got < 1000; got += size)
      (void)session->read(block, patient());
  };
  CHECK_THROWS_AS(read_on(), DeviceFault);
}

TEST_CASE("A silent TrueRNG is a fault, and only a Pro has modes") {
  EmulatedTrueRng device(4);
  SourceInfo info;
  const auto session = open(device, "", info);
  session->begin(patient());
  device.silent = true;
  std::vector<std::byte> block(16);
  CHECK_THROWS_AS(session->read(block, patient()), DeviceFault);
  SourceInfo old;
  old.parameters["usb"] = {{"product_id", "f5fe"}};
  CHECK(category_of([&] { (void)open(device, "?mode=raw", old); }) == Category::usage);
  CHECK(category_of([&] { (void)open(device, "?mode=fast", info); }) == Category::usage);
  SourceInfo first;
  first.parameters["usb"] = {{"product_id", "0aa0"}};
  CHECK(category_of([&] { (void)open(device, "?mode=unwhitened", first); }) == Category::usage);
}

TEST_CASE("A TrueRNG gives raw samples where it has any, and what a Mersenne Twister made is named") {
  const auto [product, mode] =
      GENERATE(table<std::string, std::string>({{"f5fe", "normal"}, {"0aa0", "raw"}, {"ebb5", "unwhitened"}}));
  EmulatedTrueRng device(4);
  SourceInfo info;
  info.parameters["usb"] = {{"product_id", product}};
  (void)open(device, "", info);
  CHECK(info.parameters.at("mode") == mode);
  CHECK(info.parameters.contains("conditioned_by_device") == (mode == "normal"));
}
