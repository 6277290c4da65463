// SPDX-License-Identifier: Apache-2.0
// A small share of scripts/campaign-detection: each model's monitors at its own gate.
#include <catch2/catch.hpp>

#include "tests/campaign/detection.h"

using namespace lightseed;
using namespace lightseed::campaign;

TEST_CASE("every model's monitors accept it, at several settings and with memory") {
  for (const char* const uri :
       {"sim:homodyne", "sim:homodyne?bits=16&range=4.5", "sim:homodyne?range=4&bandwidth=0.1", "sim:which-path",
        "sim:which-path?dead=5", "sim:which-path?afterpulse=0", "sim:arrival-time", "sim:arrival-time?clock=free",
        "sim:photon-number", "sim:photon-number?pixels=64&prnu=0.1", "sim:phase-noise", "sim:ase"}) {
    CAPTURE(uri);
    Bench bench(uri, "", 5);
    CHECK(bench.monitors() == (bench.info().format.bits == 1 ? 6 : 9));
    std::map<std::string, std::uint64_t> by_test;
    CHECK(bench.false_alarms(1 << 20, by_test) == 0);
  }
  // What has no law, or changes in time, brings none.
  CHECK(Bench("sim:homodyne?noise_correlation=0.9", "", 1).monitors() == 0);
  CHECK(Bench("sim:homodyne?hum=0.1", "", 1).monitors() == 0);
}

TEST_CASE("what the monitors are for is noticed within a million samples, and by the one that is meant") {
  struct Row {
    const char* model;
    const char* fault;
    const char* test;  ///< nothing: any
  };
  for (const Row& row :
       {Row{"sim:homodyne", "laser_off", nullptr}, Row{"sim:homodyne", "laser_off:size=0.2057", "model-variance"},
        Row{"sim:homodyne", "dc_drift", "model-mean"}, Row{"sim:homodyne", "tone:size=0.05", "model-spectrum"},
        Row{"sim:homodyne", "set_bit", "model-bit-bias"}, Row{"sim:homodyne", "gain_drift", nullptr},
        Row{"sim:homodyne", "bandwidth_drop:size=0.0432", "model-correlation"},
        Row{"sim:homodyne", "duplicate_block", "model-replay"}, Row{"sim:homodyne", "substitute", nullptr},
        Row{"sim:homodyne", "missing_code", "model-codes"}, Row{"sim:homodyne", "swap_bits", "model-codes"},
        Row{"sim:arrival-time", "missing_code", "model-codes"}, Row{"sim:photon-number", "swap_bits", "model-codes"},
        Row{"sim:which-path", "light_leak", "model-drift"},
        Row{"sim:which-path", "afterpulse_rise", "model-correlation"}, Row{"sim:arrival-time", "dark_rise", nullptr},
        Row{"sim:photon-number", "led_ageing", nullptr}, Row{"sim:phase-noise", "visibility_loss", "model-variance"},
        Row{"sim:ase", "supply_ripple", nullptr}}) {
    CAPTURE(row.model, row.fault);
    Bench bench(row.model, row.fault, 6);
    for (std::uint64_t run = 0; run < 2; ++run) {
      const Detection found = bench.run(run * 7, 1'000'000);
      CHECK(found.samples);
      if (row.test != nullptr) CHECK(found.test == row.test);
    }
  }
}

TEST_CASE("the trap: a lost laser behind gain control is seen by nobody who has only the codes") {
  CHECK_FALSE(Bench("sim:homodyne", "agc_mask", 7).run(0, 1'000'000).samples);
}
