// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/rava/rava.h"
#include "core/hex.h"

#include <catch2/catch.hpp>
#include <random>

#include "crypto/digest.h"
#include "driver/devices/rava/rava_frames.h"
#include "driver/usb/device_source.h"
#include "tests/driver/reading.h"
#include "tests/driver/serial_bench.h"
#include "tests/emulated/pty_device.h"
#include "tests/emulated/rava/emulated_rava.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

struct RavaBench {
  EmulatedRava rava;
  PtyDevice pty;

  explicit RavaBench(EmulatedRava::Options options = {}) : rava(std::move(options)), pty(rava) {}

  [[nodiscard]] std::unique_ptr<Source> open(const std::string& parameters = "") {
    return open_serial_source(
        rava_kind(), SourceUri::parse("tty:" + pty.path() + parameters), [this] { return serial_place(pty.path()); },
        patient());
  }
};

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace

TEST_CASE("RAVA frames are the ones its firmware's author wrote down") {
  CHECK(rava::crc(bytes_of("123456789")) == 0x6F91);
  CHECK(hex(rava::encode(1, 0, {})) == "21240100000000005b0c");
  const std::array generate{std::byte{0x10}, std::byte{0}, std::byte{1}, std::byte{0}};
  CHECK(hex(rava::encode(7, 15, generate)) == "212407000f00000410000100a91e");
  const std::array stream{std::byte{0x40}, std::byte{0}, std::byte{0xE8}, std::byte{3}, std::byte{1}, std::byte{0}};
  CHECK(hex(rava::encode(9, 25, stream)) == "21240900190000064000e8030100367a");
}

TEST_CASE("The frame parser finds frames in pieces, skips noise and refuses nonsense") {
  rava::FrameParser parser;
  const auto frame = rava::encode(5, 32, std::array{std::byte{1}, std::byte{2}});
  parser.feed(bytes_of("noise! $ !"));
  for (const std::byte b : frame) {
    CHECK_FALSE(parser.next());
    parser.feed(std::span(&b, 1));
  }
  const auto found = parser.next();
  REQUIRE(found);
  CHECK(found->request == 5);
  CHECK(found->command == 32);
  CHECK(found->data.size() == 2);
  CHECK_FALSE(parser.next());

  auto wrong = frame;
  wrong[4] ^= std::byte{1};
  parser.feed(wrong);
  CHECK_THROWS_AS(parser.next(), DeviceFault);
  CHECK_FALSE(parser.next());
  parser.feed(bytes_of(std::string_view("!$\1\0\0\0\0\x37", 8)));  // D_LEN 55
  CHECK_THROWS_AS(parser.next(), DeviceFault);
  parser.feed(bytes_of(std::string_view("!$\1\0\0\1\x08\0", 8)));  // R_LEN 2049
  CHECK_THROWS_AS(parser.next(), DeviceFault);
  parser.feed(bytes_of(std::string(5000, 'x')));
  CHECK_THROWS_AS(parser.next(), DeviceFault);
}

TEST_CASE("Any bytes are frames, faults or nothing, and all three occur") {
  std::mt19937 random(3);
  unsigned frames = 0, faults = 0, nothing = 0;
  for (int round = 0; round < 200; ++round) {
    rava::FrameParser parser;
    for (int piece = 0; piece < 50; ++piece) {
      std::string bytes(random() % 40, '\0');
      for (char& c : bytes)
        c = random() % 3 == 0 ? "!$"[random() % 2] : static_cast<char>(random() % 16);
      parser.feed(bytes_of(bytes));
      if (random() % 5 == 0) parser.feed(rava::encode(7, 15, {}));
      try {
        while (parser.next())
          ++frames;
        ++nothing;
      } catch (const DeviceFault& fault) {
        CHECK(fault.kind() == DeviceFault::Kind::protocol);
        ++faults;
      }
    }
  }
  CHECK(frames > 0);
  CHECK(faults > 0);
  CHECK(nothing > 0);
}

TEST_CASE("A RAVA of protocol 3 is detected, described and read") {
  RavaBench bench;
  const auto source = bench.open();
  CHECK(source->info().serial == "EMULATED01");
  CHECK(source->info().firmware == "3.0.0");
  CHECK(source->info().provenance == Provenance::simulated);
  CHECK(source->info().parameters.at("rava").at("protocol") == 3);
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 40, 3000)) == 0);
  const Json status = source->status();
  CHECK(status.at("device").at("temperature_adc") == 0x012E);
}

TEST_CASE("A RAVA of protocol 2 is told apart by the same question, and read") {
  RavaBench bench({.protocol = 2, .serial = "OLD-EMU-02"});
  const auto source = bench.open("?processing=xor");
  CHECK(source->info().serial == "OLD-EMU-02");
  CHECK(source->info().parameters.at("rava").at("protocol") == 2);
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 40, 3000)) == 0);
  bench.pty.with_model([&] { bench.rava.faults.wrong_request = true; });
  const auto states = read_blocks(*source, 40, 3000);
  CHECK(restarts_in(states) == 1);
  CHECK(states.size() == 40);
  bench.pty.with_model([&] { bench.rava.faults.short_random = true; });
  CHECK(restarts_in(read_blocks(*source, 40, 3000)) == 1);
}

TEST_CASE("A RAVA of protocol 2 says its firmware; its start-up test counts, and only where it has one") {
  RavaBench bench({.protocol = 2});
  CHECK(bench.open()->info().firmware == "2.0.0");
  RavaBench failed({.protocol = 2, .start_up_passed = false});
  const auto other = failed.open();
  CHECK(category_of([&] { other->start(patient()); }) == Category::health);
  RavaBench untested({.protocol = 2, .modules = 0});
  const auto plain = untested.open();
  plain->start(patient());
  CHECK(restarts_in(read_blocks(*plain, 5, 3000)) == 0);
}

TEST_CASE("A RAVA of protocol 3 without a start-up test is not alarmed by the result that it does not have") {
  RavaBench bench({.modules = 0x0E});
  const auto source = bench.open();
  CHECK(source->info().parameters.at("rava").at("start_up_test") == false);
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5, 3000)) == 0);
}

TEST_CASE("A RAVA that another program left streaming is stopped, though it loses some of the STOPs") {
  const int protocol = GENERATE(3, 2);
  const unsigned deaf = GENERATE(0U, 5U);
  RavaBench bench({.protocol = protocol});
  bench.pty.with_model([&] {
    bench.rava.streaming = true;
    bench.rava.deaf_to_stops = deaf;
  });
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5, 3000)) == 0);
}

TEST_CASE("A RAVA in the middle of a command whose sender was cut off is brought back into step") {
  // A stream asked for, in either protocol, of which so many bytes arrived.
  const auto stream = rava::encode(
      9, 25, std::array{std::byte{0x40}, std::byte{0}, std::byte{0xE8}, std::byte{3}, std::byte{1}, std::byte{0}});
  const std::size_t heard = GENERATE(1U, 2U, 7U, 8U, 9U, 13U, 15U);
  const int protocol = GENERATE(3, 2);
  RavaBench bench({.protocol = protocol});
  bench.pty.with_model([&] {
    // Protocol 2 knows frames of eight bytes, which begin with the second of these.
    const auto whole = protocol == 3 ? std::span(stream) : std::span(stream).subspan(1, 8);
    bench.rava.receive(whole.first(std::min(heard, whole.size() - 1)), emulated::Clock::now());
  });
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3, 3000)) == 0);
}

TEST_CASE("A RAVA that cannot be stopped says so, and what helps") {
  RavaBench bench;
  bench.pty.with_model([&] {
    bench.rava.streaming = true;
    bench.rava.deaf_to_stops = 1'000'000;
    bench.rava.stream_interval = 0ms;
  });
  try {
    (void)bench.open();
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(error.category() == Category::device);
    CHECK(std::string(error.what()).find("unplug it") != std::string::npos);
  }
}

TEST_CASE("Both protocols' STOP is one frame") {
  CHECK(hex(rava::encode(51, 26, {})) == "212433001a000000d2dc");
}

TEST_CASE("A RAVA of a firmware generation that nobody knows is refused by name") {
  const auto [protocol, firmware] = GENERATE(table<int, unsigned>({{2, 1}, {2, 9}, {3, 4}, {3, 2}}));
  RavaBench bench({.protocol = protocol, .firmware = firmware});
  try {
    (void)bench.open();
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(error.category() == Category::device);
    CHECK(std::string(error.what()).find("firmware " + std::to_string(firmware)) != std::string::npos);
  }
}

TEST_CASE("Nonsense from a RAVA begins the stream anew; noise between frames does not") {
  RavaBench bench;
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5, 3000)) == 0);
  const auto restarts_after = [&](auto set) {
    bench.pty.with_model([&] { set(bench.rava.faults); });
    const auto states = read_blocks(*source, 120, 3000);  // enough to be forgiven
    CHECK(states.size() == 120);
    return restarts_in(states);
  };
  CHECK(restarts_after([](auto& faults) { faults.noise = true; }) == 0);
  CHECK(restarts_after([](auto& faults) { faults.bad_crc = true; }) == 1);
  CHECK(restarts_after([](auto& faults) { faults.wrong_request = true; }) == 1);
  CHECK(restarts_after([](auto& faults) { faults.absurd_length = true; }) == 1);
  CHECK(restarts_after([](auto& faults) { faults.error = 8; }) == 1);
  CHECK(restarts_after([](auto& faults) { faults.short_random = true; }) == 1);
}

TEST_CASE("A RAVA whose start-up test failed does not start, and is a health alarm") {
  RavaBench bench({.start_up_passed = false});
  const auto source = bench.open();
  CHECK(category_of([&] { source->start(patient()); }) == Category::health);
}

TEST_CASE("One continuous-test failure is expected in minutes; several between two checks are an alarm") {
  const int protocol = GENERATE(3, 2);
  EmulatedRava rava({.protocol = protocol});
  const auto source = supervised(rava_kind(), "tty:emulated",
                                 [&rava](unsigned, const Patience&) { return std::make_unique<ModelChannel>(rava); },
                                 {.check_every = 0ms});
  source->start(patient());
  CHECK(read_blocks(*source, 10, 3000).back() == ReadState::ok);
  rava.faults.continuous_errors = 1;
  CHECK(read_blocks(*source, 10, 3000).back() == ReadState::ok);
  CHECK(source->status().at("device").at("continuous_test_errors") == 1);
  rava.faults.continuous_errors = 2;
  CHECK(read_blocks(*source, 10, 3000).back() == ReadState::alarm);
}

TEST_CASE("A RAVA that falls silent ends with a fault within the time given") {
  RavaBench bench;
  const auto source = bench.open("?give_up_ms=300");
  source->start(patient());
  CHECK(read_blocks(*source, 3, 3000).back() == ReadState::ok);
  bench.pty.with_model([&] { bench.rava.faults.silent = true; });
  CHECK(read_blocks(*source, 1000, 3000).back() == ReadState::fault);
}

TEST_CASE("What talks for ever, or says something else, is not taken for a RAVA") {
  RavaBench chatter;
  chatter.pty.with_model([&] { chatter.rava.faults.chatter = true; });
  CHECK(category_of([&] { (void)chatter.open(); }) == Category::device);
  RavaBench silent;
  silent.pty.with_model([&] { silent.rava.faults.silent = true; });
  CHECK(category_of([&] { (void)silent.open(); }) == Category::device);
}

TEST_CASE("An unplugged RAVA is disconnected") {
  RavaBench bench;
  const auto source = bench.open("?give_up_ms=200");
  source->start(patient());
  CHECK(read_blocks(*source, 3, 3000).back() == ReadState::ok);
  bench.pty.unplug();
  CHECK(read_blocks(*source, 1000, 3000).back() == ReadState::disconnected);
}
