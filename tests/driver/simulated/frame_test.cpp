// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <Eigen/Dense>
#include <numbers>
#include <numeric>

#include "core/hex.h"
#include "crypto/digest.h"
#include "driver/simulated/frame/levinson.h"
#include "tests/driver/simulated/bench.h"

using namespace lightseed;
using namespace lightseed::simulated;
using namespace lightseed::simulated::testing;

TEST_CASE("a stream of words is the same however it is made and cut") {
  Keystream fastest("cut", 7, 3), openssl("cut", 7, 3, Keystream::By::openssl);
  std::size_t together = 0;
  // Nothing, less than a block, blocks, what is made at a time and one more or less, and a lot.
  for (const std::size_t count :
       {0U, 1U, 3U, 4U, 63U, 64U, 65U, 5000U, 2U, 61U, 64U, 128U, 127U, 129U, 0U, 1U, 40000U}) {
    std::vector<std::uint32_t> by_fastest(count), by_openssl(count, 1);
    fastest.fill(by_fastest);
    openssl.fill(by_openssl);
    CAPTURE(together);
    CHECK(by_fastest == by_openssl);
    together += count;
  }
}

TEST_CASE("the alias table holds its law to 2^-32, for every width") {
  for (unsigned bits = 1; bits <= 16; ++bits) {
    Dice dice(Keystream("test", bits, 0));
    std::vector<std::vector<double>> laws(2, std::vector<double>(std::size_t{1} << bits));
    for (auto& law : laws) {
      for (double& p : law)
        p = dice.chance(0.2) ? 0 : std::pow(dice.unit(), 6);
      const double sum = std::accumulate(law.begin(), law.end(), 0.0);
      for (double& p : law)
        p /= sum;
    }
    laws[1].assign(laws[1].size(), 0.0);
    laws[1].back() = 1;
    const AliasTable table(laws);
    for (std::size_t row = 0; row < 2; ++row) {
      const auto exact = table.exact_law(row);
      CHECK(std::accumulate(exact.begin(), exact.end(), std::uint64_t{0}) == 1ULL << 32);
      double off = 0;
      for (std::size_t c = 0; c < exact.size(); ++c)
        off = std::max(off, std::abs(static_cast<double>(exact[c]) - laws[row][c] * 0x1p32));
      CHECK(off < 1);
    }
    // All three ways to draw agree with the law they hold, word for word.
    std::vector<std::uint32_t> words(5000);
    Keystream("words", bits, 0).fill(words);
    std::vector<std::uint16_t> wide(words.size());
    std::vector<std::uint16_t> by_row(words.size());
    std::vector<std::uint8_t> narrow(words.size());
    std::vector<std::uint8_t> rows(words.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i] = i % 2;
    table.draw(words, std::span(wide));
    table.draw(words, rows, by_row);
    if (bits <= 8) table.draw(words, std::span(narrow));
    bool same = true;
    for (std::size_t i = 0; i < words.size(); ++i) {
      same = same && (bits > 8 || narrow[i] == wide[i]);
      same = same && by_row[i] == (i % 2 == 0 ? wide[i] : (1U << bits) - 1);
      same = same && laws[0][wide[i]] > 0;
    }
    CHECK(same);
  }
  const std::vector<std::vector<double>> half{{0.25, 0.25}};
  CHECK_THROWS_AS(AliasTable(half), Error);
}

TEST_CASE("dice: means, variances and tails") {
  Dice dice(Keystream("test", 1, 0));
  const auto moments = [](auto draw) {
    constexpr int count = 200'000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; ++i) {
      const auto x = static_cast<double>(draw());
      sum += x;
      squares += x * x;
    }
    return std::pair(sum / count, squares / count - sum * sum / count / count);
  };
  for (const double mean : {0.3, 5.0, 10.0, 33.3, 410.0, 15000.0}) {
    INFO(mean);
    const auto [m, v] = moments([&] { return dice.poisson(mean); });
    CHECK(m == Approx(mean).margin(5 * std::sqrt(mean / 200'000)));
    CHECK(v == Approx(mean).epsilon(0.03));
  }
  const auto normal = moments([&] { return dice.normal(); });
  CHECK(normal.first == Approx(0).margin(0.01));
  CHECK(normal.second == Approx(1).margin(0.02));
  CHECK(moments([&] { return dice.exponential(); }).first == Approx(1).margin(0.01));
  CHECK(moments([&] { return dice.failures(0.02); }).first == Approx(49).margin(0.6));
  CHECK(dice.failures(1) == 0);
  CHECK(dice.poisson(0) == 0);
  // Poisson's law, not only its moments.
  std::vector<double> seen(60);
  for (int i = 0; i < 200'000; ++i)
    ++seen.at(std::min<std::uint64_t>(59, dice.poisson(20)));
  double chi2 = 0;
  for (int n = 5; n < 40; ++n) {
    const double expected = 200'000 * std::exp(n * std::log(20.0) - 20 - log_factorial(n));
    const double off = seen[static_cast<std::size_t>(n)] - expected;
    chi2 += off * off / expected;
  }
  CHECK(chi2 < 35 + 4 * std::sqrt(70.0));
  for (const double n : {0.0, 1.0, 2.0, 5.0, 20.0, 170.0})
    CHECK(log_factorial(n) == Approx(std::lgamma(n + 1)).margin(1e-12));
}

TEST_CASE("Levinson's innovations variance is LDLT's last pivot, and Szegö's limit") {
  // A spectrum folded from a one-pole filter, on a fine grid, normalised to mean 1.
  constexpr int grid = 4096;
  constexpr Eigen::Index order = 64;
  std::vector<double> spectrum(grid);
  for (int i = 0; i < grid; ++i) {
    for (int m = -40; m <= 40; ++m) {
      const double f = (static_cast<double>(i) / grid + m) / 0.35;
      spectrum[static_cast<std::size_t>(i)] += 1 / (1 + f * f);
    }
  }
  const double mean = std::accumulate(spectrum.begin(), spectrum.end(), 0.0) / grid;
  double log_mean = 0;
  Eigen::VectorXd acf = Eigen::VectorXd::Zero(order + 1);
  for (int i = 0; i < grid; ++i) {
    const double s = spectrum[static_cast<std::size_t>(i)] / mean;
    log_mean += std::log(s) / grid;
    for (Eigen::Index k = 0; k <= order; ++k)
      acf[k] += s * std::cos(2 * std::numbers::pi * static_cast<double>(k * i % grid) / grid) / grid;
  }
  Eigen::MatrixXd toeplitz(order + 1, order + 1);
  for (Eigen::Index i = 0; i <= order; ++i) {
    for (Eigen::Index j = 0; j <= order; ++j)
      toeplitz(i, j) = acf[std::abs(i - j)];
  }
  // The conditional variance of the last given the others is 1 over the last diagonal of the inverse.
  Eigen::VectorXd last = Eigen::VectorXd::Zero(order + 1);
  last[order] = 1;
  const double by_ldlt = 1 / toeplitz.ldlt().solve(last)[order];
  CHECK(innovations_variance(acf) == Approx(by_ldlt).margin(1e-12));
  CHECK(innovations_variance(acf) == Approx(0.987564).margin(1e-6));
  CHECK(innovations_variance(acf) == Approx(std::exp(log_mean)).margin(1e-6));
  const Eigen::VectorXd impossible = Eigen::Vector2d(1, 1.5);
  CHECK_THROWS_AS(innovations_variance(impossible), Error);
}

TEST_CASE("a seed gives the same samples, for ever") {
  const auto digest = [](const std::string& uri) { return hex(sha256(bytes_of(*open(uri), 1 << 20))).substr(0, 16); };
  CHECK(digest("sim:homodyne?seed=42") == "6578ff96411c2afe");
}

TEST_CASE("a seed gives the same samples, another seed or a restart others; the canonical name opens the same source") {
  for (const ModelKind& kind : models()) {
    for (const char* const path : {"", "&path=full"}) {
      INFO(kind.name << path);
      const auto a = open(kind.name + "?seed=1" + path);
      const auto b = open(kind.name + "?seed=1" + path);
      const auto first = bytes_of(*a, 4000);
      CHECK(first == bytes_of(*b, 4000));
      CHECK(first != bytes_of(*b, 4000));  // the second start of b
      CHECK(first != bytes_of(*open(kind.name + "?seed=2" + path), 4000));
      const auto drawn = open(kind.name);
      CHECK(bytes_of(*open(drawn->info().uri), 1000) == bytes_of(*drawn, 1000));
      CHECK(open(drawn->info().uri)->info().uri == drawn->info().uri);
    }
  }
}

TEST_CASE("how reads are cut does not change the samples") {
  for (const ModelKind& kind : models()) {
    for (const char* const more : {"&path=full", "&fault=stuck@5000", "&fault=replay@5000:size=100"}) {
      const std::string uri = kind.name + "?seed=3" + more;
      INFO(uri);
      const auto source = open(uri);
      const std::size_t unit = source->info().format.container_bits == 16 ? 2 : 1;
      const auto whole = bytes_of(*open(uri), 10'000);
      source->start({});
      std::vector<std::byte> pieces(10'000);
      for (std::size_t at = 0, size = 1; at < pieces.size(); at += size, size = (size / unit * 3 % 1999 + 1) * unit) {
        size = std::min(std::max(size, unit), pieces.size() - at);
        REQUIRE(source->read(std::span(pieces).subspan(at, size), {}).bytes == size);
      }
      CHECK(pieces == whole);
    }
  }
}

TEST_CASE("the first faults set in at their sample and stay") {
  const auto of = [](const std::string& fault) { return bytes_of(*open("sim:homodyne?seed=5&fault=" + fault), 3000); };
  const auto healthy = of("none");
  const auto stuck = of("stuck@1000");
  const auto bias = of("bias@1000");
  const auto dead = of("dead@1000");
  for (const auto& faulty : {stuck, bias, dead})
    CHECK(std::equal(healthy.begin(), healthy.begin() + 1000, faulty.begin()));
  CHECK(std::all_of(stuck.begin() + 1000, stuck.end(), [&](std::byte b) { return b == healthy[999]; }));
  CHECK(std::all_of(dead.begin() + 1000, dead.end(), [](std::byte b) { return b == std::byte{128}; }));
  const auto top = std::count(bias.begin() + 1000, bias.end(), std::byte{255});
  CHECK(top > 800);
  CHECK(top < 1200);
}

TEST_CASE("digital faults: what each does to the codes, and when it ends") {
  const std::string base = "sim:homodyne?seed=5&bits=10&fault=";
  const auto healthy = samples_of(base + "none", 3000);
  const auto damaged = [&](const std::string& fault) {
    const auto samples = samples_of(base + fault, 3000);
    CHECK(std::equal(healthy.begin(), healthy.begin() + 1000, samples.begin()));
    CHECK(samples != healthy);
    return samples;
  };
  const auto all = [&](const std::vector<std::uint16_t>& samples, auto&& expected) {
    for (std::size_t i = 1000; i < samples.size(); ++i) {
      if (samples[i] != expected(i)) return false;
    }
    return true;
  };
  CHECK(all(damaged("ones@1000"), [](std::size_t) { return 1023; }));
  CHECK(all(damaged("alternate@1000"), [](std::size_t i) { return i % 2 == 0 ? 0x155 : 0x2aa; }));
  CHECK(all(damaged("counter@1000"), [](std::size_t i) { return static_cast<int>((i - 1000) % 1024); }));
  CHECK(all(damaged("set_bit@1000:size=3"), [&](std::size_t i) { return healthy[i] | 8; }));
  CHECK(all(damaged("clear_bit@1000"), [&](std::size_t i) { return healthy[i] & ~1; }));
  CHECK(
      all(damaged("missing_code@1000:size=512"), [&](std::size_t i) { return healthy[i] == 512 ? 511 : healthy[i]; }));
  CHECK(all(damaged("swap_bits@1000"),
            [&](std::size_t i) { return (healthy[i] & ~3) | (healthy[i] >> 1 & 1) | (healthy[i] << 1 & 2); }));
  CHECK(all(damaged("duplicate_block@1000:size=50"),
            [&](std::size_t i) { return (i - 1000) / 50 % 2 == 0 ? healthy[i] : healthy[i - 50]; }));
  CHECK(all(damaged("replay@1000:size=77"), [&](std::size_t i) { return healthy[1000 + (i - 1000) % 77]; }));
  CHECK(std::abs(chi_square_deviations(
            [&] {
              auto codes = samples_of("sim:homodyne?seed=5&fault=substitute", 1'000'000);
              return codes;
            }(),
            std::vector<double>(256, 1.0 / 256))) < 4);
  // A fault that ends leaves the samples as they would have been.
  const auto mended = samples_of(base + "dead@1000:for=500", 3000);
  CHECK(std::equal(healthy.begin() + 1500, healthy.end(), mended.begin() + 1500));
  CHECK(std::all_of(mended.begin() + 1000, mended.begin() + 1500, [](std::uint16_t c) { return c == 512; }));
  // Bytes out of step make samples that are too large, which nobody unpacks.
  for (const char* const fault : {"slip_byte@10", "swap_bytes@10"}) {
    const auto source = open(base + fault);
    const auto bytes = bytes_of(*source, 2000);
    std::vector<std::uint16_t> samples(1000);
    CHECK_THROWS_AS(unpack(bytes, source->info().format, samples), Error);
  }
}

TEST_CASE("a cable's faults end in what a Source says of them") {
  const auto ends = [](const std::string& fault, std::size_t good) {
    const auto source = open("sim:homodyne?seed=1&fault=" + fault);
    source->start({});
    std::vector<std::byte> bytes(1000);
    const Read first = source->read(bytes, {});
    CHECK(first.bytes == good);
    CHECK(first.state == ReadState::ok);
    const Read second = source->read(bytes, {});
    return second;
  };
  CHECK(ends("unplug@600", 600).state == ReadState::disconnected);
  CHECK(ends("corrupted@600", 600).state == ReadState::fault);
  CHECK(ends("stall@600", 600).state == ReadState::timeout);
  const Read few = ends("short_read@0:size=16", 16);
  CHECK(few.bytes == 16);
  CHECK(few.state == ReadState::ok);
}

TEST_CASE("fault schedules: text and back, and what is refused") {
  using Catch::Contains;
  const auto canonical = [](const std::string& text) {
    return open("sim:homodyne?seed=1&fault=" + text)->info().parameters["fault"];
  };
  CHECK(canonical("none") == "none");
  CHECK(canonical("stuck") == "stuck@0");
  CHECK(canonical("dc_drift@10:for=20:ramp=30:size=0.5;laser_off@9") ==
        "dc_drift@10:for=20:ramp=30:size=0.5;laser_off@9");
  CHECK(canonical("dc_drift@10:size=0.3") == "dc_drift@10");  // the usual size
  const auto refused = [](const std::string& text) { return refusal_of("sim:homodyne?fault=" + text); };
  CHECK_THAT(refused("laser_of@3"), Contains("did you mean laser_off") && Contains("known here: none, "));
  CHECK_THAT(refused("stuck@soon"), Contains("fault=stuck@soon"));
  CHECK_THAT(refused("stuck@"), Contains("number of a sample"));
  CHECK_THAT(refused("dc_drift@1:size=1000"), Contains("size=1000") && Contains("from -100 to 100"));
  CHECK_THAT(refused("dc_drift@1:size=nan"), Contains("size=nan"));
  CHECK_THAT(refused("dc_drift@1:for=0"), Contains("for="));
  CHECK_THAT(refused("dc_drift@1:until=9"), Contains("'until'"));
  CHECK_THAT(refusal_of("sim:homodyne?path=short"), Contains("fast or full"));
  CHECK_THAT(refusal_of("sim:homodyne?path=fast&fault=laser_off"), Contains("photon by photon"));
  CHECK_THAT(refusal_of("sim:homodine"), Contains("did you mean sim:homodyne"));
}

TEST_CASE("a ramp climbs in steps of 64 samples and stays at its size until the fault ends") {
  const FaultSchedule schedule("a@100:ramp=640:for=1000:size=0.5", {{"a", "analog", "", 1, 0, 1}});
  CHECK(schedule.strength(99, 0) == 0);
  CHECK(schedule.strength(100, 0) == Approx(0.05));
  CHECK(schedule.strength(163, 0) == Approx(0.05));
  CHECK(schedule.strength(164, 0) == Approx(0.10));
  CHECK(schedule.strength(739, 0) == Approx(0.5));
  CHECK(schedule.strength(1099, 0) == Approx(0.5));
  CHECK(schedule.strength(1100, 0) == 0);
  for (std::uint64_t sample = 0; sample < 1200;) {
    const std::uint64_t next = schedule.next_change(sample);
    REQUIRE(next > sample);
    for (std::uint64_t s = sample; s < std::min<std::uint64_t>(next, 1200); ++s)
      REQUIRE(schedule.strength(s, 0) == schedule.strength(sample, 0));
    sample = next;
  }
}

TEST_CASE("nothing a simulator says calls it anything but simulated, and every model states what it grants") {
  for (const ModelKind& kind : models()) {
    INFO(kind.name);
    const auto source = open(kind.name + "?seed=1");
    const SourceInfo& info = source->info();
    CHECK(info.provenance == Provenance::simulated);
    CHECK_THAT(info.model, Catch::Contains("simulated"));
    CHECK_THAT(to_json(info).dump(), Catch::Contains("no entropy beyond the simulator's seed"));
    const ModelClaim claim = model_claim_from(ObjectReader(info.claim.details, "details"));
    CHECK_FALSE(claim.side_information.empty());
    CHECK(claim.worst_case_conditional <= claim.average_conditional + 1e-9);
    CHECK(claim.average_conditional <= claim.marginal + 1e-9);
    CHECK(info.claim.bits_per_sample <= claim.average_conditional);
    CHECK(info.claim.bits_per_sample <= info.format.bits);
    CHECK(kind.faults.size() + frame_faults().size() <= Strengths{}.size());
    for (const FaultKind& fault : kind.faults) {
      INFO(fault.name);
      CHECK(fault.usual >= fault.least);
      CHECK(fault.usual <= fault.most);
      const auto faulty = open(fmt::format("{}?seed=1&fault={}@64", kind.name, fault.name));
      std::vector<std::byte> bytes(512);
      faulty->start({});
      CHECK(faulty->read(bytes, {}).bytes >= 8);
    }
    if (source->info().uri.find("path=fast") != std::string::npos)
      CHECK_THROWS_AS(dynamic_cast<SimulatedSource&>(*source).explain_to([](std::span<const Trace>) {}), Error);
  }
}
