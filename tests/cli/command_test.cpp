// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "cli/fd_stream.h"
#include "cli/help.h"
#include "core/version.h"
#include "tests/cli/run_captured.h"
#include "tests/scratch.h"

namespace lightseed::test {
namespace {

using Catch::Contains;
using Catch::StartsWith;

std::size_t columns_of(const std::string& line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

TEST_CASE("every page fits 80 columns") {
  std::string all = cli::overview();
  for (const cli::Command& command : cli::commands())
    all += cli::help_of(command);
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(columns_of(line) <= 80);
  }
}

TEST_CASE("help is found wherever a person looks for it") {
  const std::string page = run_captured({"help", "batch", "issue"}).out;
  CHECK_THAT(page, StartsWith("lightseed batch issue – "));
  CHECK(run_captured({"batch", "issue", "--help"}).out == page);
  CHECK(run_captured({"--help", "batch", "issue"}).out == page);
  CHECK(run_captured({"batch", "issue", "--order", "x", "-h"}).out == page);
  CHECK_THAT(run_captured({"help", "assess"}).out, StartsWith("lightseed assess – "));
  CHECK_THAT(run_captured({"help", "assess", "iid"}).out, StartsWith("lightseed assess iid – "));
  for (const std::vector<std::string>& words : {std::vector<std::string>{"batch", "--help"}, {"help", "batch"}}) {
    const Captured family = run_captured(words);
    CHECK(family.code == 0);
    CHECK_THAT(family.out, Contains("batch issue ") && Contains("batch status ") && !Contains("assess"));
  }
  const Captured nothing = run_captured({});
  CHECK(nothing.code == 2);
  CHECK(nothing.out.empty());
  CHECK_THAT(nothing.err, Contains("batch issue"));
  CHECK(run_captured({"help"}).code == 0);
  CHECK(run_captured({"help", "nonsense"}).code == 2);
}

TEST_CASE("a mistyped verb is named, with what was meant") {
  const auto said = [](const std::vector<std::string>& words) {
    const Captured captured = run_captured(words);
    CHECK(captured.code == 2);
    CHECK(captured.out.empty());
    return captured.err;
  };
  CHECK_THAT(said({"asess"}), Contains("no verb 'asess'; did you mean 'assess'?"));
  CHECK_THAT(said({"batch", "isue"}), Contains("no verb 'batch isue'; did you mean 'batch issue'?"));
  CHECK_THAT(said({"batch"}), Contains("'batch' is not a verb. There are:") && Contains("batch verify"));
  CHECK_THAT(said({"batch", "frob"}), Contains("'batch frob' is not a verb") && Contains("batch verify"));
  CHECK_THAT(said({"nonsense"}), Contains("`lightseed help` lists them"));
  CHECK_THAT(said({"\033[2J"}), !Contains("\033"));
  CHECK_THAT(said({"--bytes", "3"}), Contains("a verb comes before '--bytes'"));
  CHECK_THAT(said({std::string(100'000, 'x')}), Contains("bytes more)"));
}

TEST_CASE("the words --version and --json may stand anywhere") {
  const std::string version = "lightseed " + std::string(lightseed::version());
  CHECK_THAT(run_captured({"--version"}).out, StartsWith(version));
  CHECK_THAT(run_captured({"batch", "issue", "--version"}).out, StartsWith(version));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--version", "--json"}, {"--json", "--version"}, {"assess", "--json", "--version"}}) {
    CHECK(Json::parse(run_captured(words).out).at("schema") == "lightseed/version/v1");
  }
  for (const std::vector<std::string>& words : {std::vector<std::string>{"devices", "--json"}, {"--json", "devices"}}) {
    const Captured captured = run_captured(words);
    CHECK(captured.code == 0);
    CHECK(Json::parse(captured.out).at("schema") == "lightseed/devices/v1");
  }
  CHECK(Json::parse(run_captured({"--help", "--json"}).out).at("verbs").size() == cli::commands().size());
  CHECK(Json::parse(run_captured({"devices", "--udev-rules", "--json"}).out).at("schema") == "lightseed/udev-rules/v1");
}

TEST_CASE("an error is a sentence on stderr, and with --json an object on stdout") {
  const Captured captured = run_captured({"assess", "no/such/file", "--json"});
  CHECK(captured.code == 4);
  CHECK_THAT(captured.err, StartsWith("lightseed: cannot open no/such/file"));
  const Json error = Json::parse(captured.out).at("error");
  CHECK(error.at("category") == "io");
  CHECK(error.at("exit_code") == 4);
}

TEST_CASE("no argument of any verb ends in an abort or in broken JSON") {
  const Scratch scratch;
  std::ofstream(scratch.path() / "file") << "no directory";
  for (const cli::Command& command : cli::commands()) {
    std::vector<std::string> words;
    std::istringstream name(command.name);
    for (std::string word; name >> word;)
      words.push_back(word);
    for (const cli::Option& option : command.options) {
      if (!option.required && option.name != "file" && option.name != "info" && option.name != "input") continue;
      words.push_back("--" + option.name);
      words.push_back(option.name == "output" ? (scratch.path() / "\xff").string()
                      : option.value == "N"   ? "1"
                      : option.value == "DIR" ? (scratch.path() / "file" / "r\xe4w\033[2J").string()
                                              : "r\xe4w\033[2J\n\u202E.bin");
    }
    words.emplace_back("--json");
    const Captured captured = run_captured(words);
    CAPTURE(command.name, captured.err);
    const bool needs_nothing = command.name == "config";
    CHECK((captured.code == 0) == needs_nothing);
    CHECK(captured.code != 70);
    const Json json = Json::parse(captured.out);
    CHECK(json.contains("error") != needs_nothing);
    CHECK(captured.err.find('\033') == std::string::npos);
    CHECK(captured.err.find('\xe4') == std::string::npos);
  }
}

/// A source that fails in a way nobody foresaw.
template <typename Exception>
SourceRegistry failing_sources(const Exception& exception) {
  SourceRegistry sources;
  sources.add({.name = "sim:broken",
               .summary = "fails",
               .list = [] { return std::vector<Listing>{}; },
               .open = [exception](SourceUri) -> std::unique_ptr<Source> { throw exception; }});
  return sources;
}

TEST_CASE("what nobody foresaw asks for a report") {
  const std::vector<std::string> words{"devices", "--info", "sim:broken", "--json"};
  const Captured captured = run_captured_with(failing_sources(std::runtime_error("boom \033[2J")), words);
  CHECK(captured.code == 70);
  CHECK_THAT(captured.err, StartsWith("lightseed: a fault of lightseed itself: boom \\x1b[2J\n") &&
                               Contains("Please report it") && Contains(std::string(commit())) && Contains("devices"));
  CHECK(Json::parse(captured.out).at("error").at("category") == "internal");
  CHECK(run_captured_with(failing_sources(Error(Category::internal, "called twice")), words).code == 70);
  CHECK(run_captured_with(failing_sources(std::bad_alloc()), words).code == 4);
  CHECK(run_captured_with(failing_sources(Error(Category::busy, "wait")), words).code == 75);
}

TEST_CASE("a reader that has gone is no error") {
  const Captured captured = run_captured_with(failing_sources(cli::ReaderGone()), {"devices", "--info", "sim:broken"});
  CHECK(captured.code == 141);
  CHECK(captured.err.empty());
}

TEST_CASE("a file whose name leaves no room for a side-car's is assessed") {
  const Scratch scratch;
  const auto path = scratch.path() / std::string(252, 'x');
  std::ofstream(path) << std::string(2000, 'a');
  CHECK(run_captured({"assess", path.string(), "--only", "mcv"}).code == 0);
}

TEST_CASE("somebody else's FILE.json is left alone") {
  const Scratch scratch;
  const std::string path = (scratch.path() / "raw.bin").string();
  std::ofstream(path) << std::string(2000, 'a');
  for (const char* text : {"", "{\"mine\": 1}", "[1, 2", "\xff\xfe"}) {
    std::ofstream(path + ".json") << text;
    const Captured captured = run_captured({"assess", path, "--only", "mcv"});
    CHECK(captured.code == 0);
    CHECK_THAT(captured.err, Contains("is no side-car of a capture; it is left alone"));
  }
}

TEST_CASE("numbers of every verb are within their range") {
  const Scratch scratch;
  const std::string path = (scratch.path() / "raw.bin").string();
  std::ofstream(path) << std::string(2000, 'a');
  const auto said = [&](const std::vector<std::string>& words) {
    const Captured captured = run_captured(words);
    CHECK(captured.code == 2);
    return captured.err;
  };
  CHECK_THAT(said({"assess", path, "--claim", "nan"}), Contains("expected a number above 0 and up to 16"));
  CHECK_THAT(said({"assess", path, "--claim", "-1"}), Contains("expected a number above 0 and up to 16"));
  CHECK_THAT(said({"assess", path, "--claim", "9"}), Contains("--claim 9: a sample of 8 bits holds 8 bits at most"));
  CHECK_THAT(said({"assess", path, "--threads", "-1"}), Contains("expected a count from 0 to 256"));
  CHECK_THAT(said({"assess", path, "--threads", "1000"}), Contains("expected a count from 0 to 256"));
  CHECK_THAT(said({"assess", path, "--bits", "33"}), Contains("expected a count from 1 to 32"));
  CHECK_THAT(said({"assess", path, "--bits", "17"}), Contains("a sample has 1 to 16 bits, not 17"));
  CHECK_THAT(said({"assess", "cutoffs", "--claim", "inf"}), Contains("expected a number"));
  CHECK_THAT(said({"assess", "cutoffs", "--claim", "1", "--alpha-log2", "30"}), Contains("from -1000 to -1"));
  CHECK_THAT(said({"extract", path, "-o", path + "x", "--claim", "9"}), Contains("holds 8 bits at most"));
  CHECK_THAT(said({"extract", path, "-o", path + "x", "--claim", "1", "--block-bits", "-1"}),
             Contains("a count above 0"));
  CHECK_THAT(said({"extract", path, "-o", path + "x", "--claim", "1", "--epsilon", "2^64"}),
             Contains("a probability from"));
  const auto generate = [&](const char* option, const char* value) {
    return said({"generate", "--source", "sim:homodyne", "--bytes", "1", "-o", path + "x", option, value});
  };
  CHECK_THAT(generate("--epsilon", "2^-1"), Contains("from 2^-1000 to 2^-32"));
  CHECK_THAT(generate("--drbg", "nonsense"), Contains("expected hmac-sha2-256, "));
  CHECK_THAT(generate("--drbg", "ctr-aes-256"), Contains("no effect with --mode full-entropy"));
  CHECK_THAT(generate("--seed-bytes", "1K"), Contains("no effect with --mode full-entropy"));
  CHECK_THAT(said({"capture", "--source", "sim:homodyne", "--restarts", "99999999999x2", "-o", path + "x"}),
             Contains("expected a count from 1 to"));
}

TEST_CASE("bytes and JSON do not share stdout") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"capture", "--source", "sim:homodyne", "-o", "-", "--json"},
        {"generate", "--source", "sim:homodyne", "--bytes", "9", "-o", "-", "--json"}}) {
    const Captured captured = run_captured(words);
    CHECK(captured.code == 2);
    CHECK_THAT(captured.err, Contains("--json and -o - would both write to stdout"));
    CHECK(Json::parse(captured.out).contains("error"));
  }
  const Captured to_terminal =
      run_captured({"capture", "--source", "sim:homodyne", "-o", "-"}, {.out_is_terminal = true});
  CHECK_THAT(to_terminal.err, Contains("stdout is a terminal"));
  const Captured piped = run_captured({"capture", "--source", "sim:homodyne?seed=1", "--samples", "5000", "-o", "-"});
  CHECK(piped.out.size() == 5000);
  CHECK_THAT(piped.err, StartsWith("5000 samples of sim:homodyne"));
  CHECK(run_captured({"capture", "--source", "sim:homodyne?seed=1", "--samples", "5000", "-o", "-", "-q"}).err.empty());
}

TEST_CASE("old spellings do the same as today's and say so") {
  const Captured old = run_captured({"assess", "--cutoffs", "--claim", "6.4"});
  const Captured now = run_captured({"assess", "cutoffs", "--claim", "6.4"});
  CHECK(old.code == 0);
  CHECK(old.out == now.out);
  CHECK(now.err.empty());
  CHECK_THAT(old.err, Contains("`assess --cutoffs` is now written `assess cutoffs`"));
  const Captured conditioning = run_captured({"assess", "--conditioning", "2048,256,256,1200", "--vetted"});
  CHECK(conditioning.out == run_captured({"assess", "conditioning", "--sizes", "2048,256,256,1200", "--vetted"}).out);
  CHECK_THAT(conditioning.err,
             Contains("`assess --conditioning 2048,256,256,1200` is now written `assess conditioning --sizes "
                      "2048,256,256,1200`"));
  const Captured epsilon =
      run_captured({"generate", "--source", "sim:homodyne", "--bytes", "1", "-o", "x", "--log2-epsilon", "-1"});
  CHECK_THAT(epsilon.err, Contains("`--log2-epsilon -1` is now written `--epsilon 2^-1`") &&
                              Contains("--epsilon 2^-1: expected a probability from 2^-1000 to 2^-32"));
  const Captured entropy = run_captured({"extract", "--plan", "--raw-bits", "1M", "--entropy=0.8", "--json"});
  CHECK(Json::parse(entropy.out).at("recommended").is_string());
  CHECK_THAT(entropy.err, Contains("`--entropy=0.8` is now written `--claim 0.8 --bits 1`"));
}

TEST_CASE("a batch is no stream") {
  const Captured captured = run_captured({"batch",
                                          "issue",
                                          "--order",
                                          "x",
                                          "--source",
                                          "x",
                                          "--keys-per-sim",
                                          "1",
                                          "--card-recipient",
                                          "x",
                                          "--network-recipient",
                                          "x",
                                          "--signer",
                                          "x",
                                          "--signer-key",
                                          "x",
                                          "--ledger",
                                          "x",
                                          "-o",
                                          "-"});
  CHECK(captured.code == 2);
  CHECK_THAT(captured.err, Contains("a batch is a directory"));
  CHECK_FALSE(std::filesystem::exists("-"));
}

}  // namespace
}  // namespace lightseed::test
