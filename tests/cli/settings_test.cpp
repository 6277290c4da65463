// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <optional>

#include "core/error.h"
#include "tests/category_of.h"
#include "tests/cli/run_captured.h"
#include "tests/scratch.h"

using namespace lightseed;
using namespace lightseed::cli;

namespace {

struct World {
  test::Scratch scratch;
  std::map<std::string, std::string> variables{};

  World() {
    variables["HOME"] = scratch.path().string();
    std::filesystem::create_directories(scratch.path() / ".config/lightseed");
  }
  [[nodiscard]] std::filesystem::path own() const { return scratch.path() / ".config/lightseed/config"; }
  [[nodiscard]] std::filesystem::path system() const { return scratch.path() / "system"; }

  static void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
    REQUIRE(chmod(path.c_str(), 0600) == 0);
  }

  [[nodiscard]] Settings read() const {
    return read_settings({.variable = [this](const std::string& name) -> std::optional<std::string> {
                            const auto found = variables.find(name);
                            return found == variables.end() ? std::nullopt : std::optional(found->second);
                          },
                          .system_file = system()});
  }

  [[nodiscard]] std::string words() const {
    try {
      (void)read();
    } catch (const Error& error) {
      return error.what();
    }
    return "taken";
  }
};

}  // namespace

TEST_CASE("settings: a variable before the person's file before the system's") {
  World world;
  CHECK(world.read().values.empty());
  world.write(world.system(), "ledger = /var/lib/lightseed/ledger.db\nsource = usb:rava\nsigner=/etc/s.crt\n");
  world.write(world.own(), "# mine\n\nledger = sqlite:~/ledger.db\r\ncard-recipient = kek:k1:~/k1\n");
  world.variables["LIGHTSEED_SOURCE"] = "sim:homodyne?seed=1";
  world.variables["LIGHTSEED_SIGNER"] = "";
  const Settings settings = world.read();
  REQUIRE(settings.find("ledger") != nullptr);
  CHECK(settings.find("ledger")->value == "sqlite:" + world.variables["HOME"] + "/ledger.db");
  CHECK(settings.find("ledger")->origin == world.own().string() + ":3");
  CHECK(settings.find("card-recipient")->value == "kek:k1:" + world.variables["HOME"] + "/k1");
  CHECK(settings.find("source")->origin == "LIGHTSEED_SOURCE");
  CHECK(settings.find("signer")->origin == world.system().string() + ":3");
  CHECK(settings.find("trust") == nullptr);
  CHECK(settings.files.size() == 2);

  world.variables["LIGHTSEED_CONFIG"] = "";
  CHECK(world.read().values.size() == 1);
  world.variables["LIGHTSEED_CONFIG"] = (world.scratch.path() / "missing").string();
  CHECK(test::category_of([&] { (void)world.read(); }) == Category::io);
}

TEST_CASE("settings: what is wrong in a file is named by its line, and a secret is never repeated") {
  const World world;
  const std::pair<const char*, const char*> cases[] = {
      {"ledger /a", "config:1: expected NAME = VALUE"},
      {"\nledgr = /a", "config:2: 'ledgr' is no setting; did you mean ledger?"},
      {"colour = red", "there are source, "},
      {"ledger =", "ledger has no value"},
      {"ledger = /a\nledger = /b", "config:2: ledger is given twice"},
      {"ledger = here.db", "ledger needs a whole path"},
      {"card-recipient = kek:k1:here", "needs a whole path"},
      {"signer-passphrase = hunter2", "secrets have no place"},
      {"hunter2", "expected NAME = VALUE"},
  };
  for (const auto& [text, wanted] : cases) {
    World::write(world.own(), text);
    CHECK_THAT(world.words(), Catch::Contains(wanted) && !Catch::Contains("hunter2"));
  }
  World::write(world.own(), "ledger = /a");
  for (const mode_t mode : {0620U, 0602U}) {
    REQUIRE(chmod(world.own().c_str(), mode) == 0);
    CHECK_THAT(world.words(), Catch::Contains("can be changed by others"));
  }
}

TEST_CASE("settings: a verb takes them for options that were not given, and says so") {
  const test::Scratch scratch;
  const std::string config = (scratch.path() / "config").string();
  World::write(config, "source = sim:homodyne?seed=3\nledger = /nowhere/ledger.db\n");
  // NOLINTBEGIN(concurrency-mt-unsafe): a test has one thread here
  setenv("LIGHTSEED_CONFIG", config.c_str(), 1);
  const std::string raw = (scratch.path() / "raw.bin").string();
  const test::Captured made = test::run_captured({"capture", "--samples", "100", "-o", raw});
  CHECK(made.code == 0);
  CHECK_THAT(made.err, Catch::Contains("settings in force: --source (" + config + ":1)\n"));
  CHECK_THAT(made.err, Catch::Contains("sim:homodyne?seed=3"));
  const test::Captured own = test::run_captured({"capture", "--source", "sim:homodyne?seed=4", "-o", raw + "2"});
  CHECK_THAT(own.err, Catch::Contains("seed=4") && !Catch::Contains("settings in force"));
  CHECK_THAT(test::run_captured({"batch", "status"}).err, Catch::Contains("/nowhere/ledger.db"));
  const test::Captured shown = test::run_captured({"config"});
  CHECK(shown.code == 0);
  CHECK_THAT(shown.out, Catch::Contains("ledger             /nowhere/ledger.db\n") && Catch::Contains(config + ":2") &&
                            Catch::Contains("not set (LIGHTSEED_TRUST)"));
  World::write(config, "nonsense\n");
  CHECK(test::run_captured({"batch", "status"}).code == 4);
  CHECK(test::run_captured({"devices"}).code == 0);
  unsetenv("LIGHTSEED_CONFIG");
  // NOLINTEND(concurrency-mt-unsafe)
}
