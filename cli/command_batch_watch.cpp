// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <span>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/notifier.h"
#include "cli/verbs.h"
#include "core/atomic_file.h"
#include "core/wait.h"
#include "provision/order.h"

namespace lightseed::cli {
namespace {

namespace fs = std::filesystem;

/// Options of `batch issue` that are this verb's to say, for each order.
constexpr std::string_view said_for_each[] = {"order", "order-id", "output", "dry-run"};

/// An answer to an order.
struct Answer {
  int code = 0;
  std::string json;  ///< what `batch issue --json` prints
};

/// Takes orders from one directory and leaves answers in another.
///
/// An order's way: the batch is issued, the answer written, the program told, and only then the order leaves the box.
/// Whatever ends a run in between, the next one begins that order again, and `batch issue` finds what it issued before:
/// nothing is made twice, and the program may be told twice but never not at all.
///
/// What is wrong with an order is an answer. What is wrong with the world – the source, a disk, the signer – ends the
/// watch and leaves the order where it is.
class Watch {
 public:
  explicit Watch(const Context& context) : context_(context), in_(context.text("in")), out_(context.text("out")) {
    for (const fs::path& directory : {in_, out_})
      if (!fs::is_directory(directory))
        throw Error(Category::io, fmt::format("{} is no directory; make it first", directory.string()));
    if (fs::equivalent(in_, out_)) throw Error(Category::usage, "--in and --out are the same directory");
    for (const Option& option : batch_issue_command().options) {
      if (std::ranges::find(said_for_each, option.name) != std::end(said_for_each)) continue;
      if (!context.options.given(option.name)) continue;
      words_.push_back("--" + option.name);
      if (!option.is_flag() && !context.text(option.name).empty()) words_.push_back(context.text(option.name));
    }
  }

  /// Goes through what is there once. Returns 0, or the exit code that ends the watch.
  int turn() {
    for (const fs::path& order : orders()) {
      if (context_.stop.stop_requested()) break;
      if (const int code = take(order); code != 0) return code;
    }
    return 0;
  }

 private:
  const Context& context_;
  fs::path in_, out_;
  std::vector<std::string> words_;  ///< of every call of `batch issue`

  /// Orders in the box, by name: who writes one gives it its name when it is whole.
  [[nodiscard]] std::vector<fs::path> orders() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(in_)) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with('.') && entry.path().extension() == ".csv" && entry.is_regular_file())
        found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
  }

  [[nodiscard]] Answer issue(const fs::path& order, const std::string& id) const {
    std::vector<std::string> words{"batch", "issue",    "--order", order.string(), "--order-id",
                                   id,      "--output", out_ / id, "--json"};
    words.insert(words.end(), words_.begin(), words_.end());
    std::ostringstream said;
    Console console(said, context_.console.err(), {.columns = context_.console.settings().columns});
    const int code = run_command_line(words, context_.sources, context_.stop, console);
    return {code, said.str()};
  }

  /// Why an order came to nothing is in it: it is refused, or cannot be read as an order. Else it is in the world.
  [[nodiscard]] static bool is_own_fault(int code, const fs::path& order, const std::string& id) {
    if (code == exit_code(Category::refused)) return true;
    try {
      (void)read_order(order, id);
      return false;
    } catch (const Error& why) {
      return why.category() != Category::io;
    }
  }

  int take(const fs::path& order) {
    const std::string id = order.stem().string();
    const Answer answer = issue(order, id);
    if (answer.code == exit_code(Category::busy)) return context_.has("once") ? answer.code : 0;
    const bool is_refusal = answer.code != 0 && is_own_fault(answer.code, order, id);
    if (answer.code != 0 && !is_refusal) return answer.code;
    const fs::path result = out_ / (id + (is_refusal ? ".error.json" : ".result.json"));
    if (is_refusal) fs::remove(result);
    if (!fs::exists(result)) {
      AtomicFile file(result, AtomicFile::Mode::open);
      file.write(answer.json);
      file.commit();
    }
    if (context_.has("notify")) {
      if (const std::string why = notify(context_.text("notify"), result); !why.empty()) {
        context_.warn(fmt::format("{}: {}; the order stays, and is told of again", result.string(), why));
        return context_.has("once") ? exit_code(Category::io) : 0;
      }
    }
    leave_box(order, out_ / (id + (is_refusal ? ".refused.csv" : ".order.csv")));
    context_.note(fmt::format("{}: {}", order.filename().string(), is_refusal ? "refused" : "issued"));
    return 0;
  }

  /// The order goes beside its answer; on another file system it is copied there first.
  static void leave_box(const fs::path& order, const fs::path& place) {
    std::error_code error;
    fs::rename(order, place, error);
    if (error == std::errc::cross_device_link) {
      fs::copy_file(order, place, fs::copy_options::overwrite_existing);
      fs::remove(order);
    } else if (error && error != std::errc::no_such_file_or_directory) {  // another watch was faster
      throw system_error("move", order.string(), error.value());
    }
  }
};

int run_batch_watch(const Context& context) {
  Watch watch(context);
  const std::chrono::seconds between(context.options.count("every", {1, 86'400}));
  for (;;) {
    if (const int code = watch.turn(); code != 0 || context.has("once")) return code;
    pause(Patience{.stop = context.stop}.within(between));
    if (context.stop.stop_requested()) return exit_code(Category::interrupted);
  }
}

}  // namespace

Command batch_watch_command() {
  Command command{
      .name = "batch watch",
      .group = "Batches of SIM keys",
      .summary = "issue every order that is dropped into a directory",
      .description =
          "Takes every *.csv in the directory --in, in the order of their names, and issues it as `batch issue` would: "
          "ID.csv becomes the batch ID in --out, the answer is ID.result.json (what `batch issue --json` prints) or, "
          "for an order that is refused, ID.error.json; the order itself goes beside it as ID.order.csv or "
          "ID.refused.csv. Give a file its name when it is whole: names that begin with a dot are left alone.\n"
          "--notify PROGRAM is run with the answer's file as its argument before the order leaves the box; when it "
          "fails it is run again later. After a crash or a signal the next run goes on; nothing is issued twice.\n"
          "An alarm of the source, a full disk or a wrong option ends the watch with the exit code that `batch "
          "issue` has, and the order stays.",
      .examples = {"lightseed batch watch --in orders --out batches --source sim:homodyne \\\n"
                   "    --keys-per-sim 1000 --card-recipient perso.crt --network-recipient auc.crt \\\n"
                   "    --signer signer.crt --signer-key signer.key --ledger ledger.db"},
      .options = {{.name = "in", .value = "DIR", .text = "where orders are dropped", .required = true},
                  {.name = "out", .value = "DIR", .text = "where batches and answers appear", .required = true},
                  {.name = "once", .text = "take what is there and end"},
                  {.name = "every", .value = "SECONDS", .text = "how often to look", .fallback = "2"},
                  {.name = "notify", .value = "PROGRAM", .text = "is told of each answer"}},
      .run = run_batch_watch};
  for (Option& option : batch_issue_command().options)
    if (std::ranges::find(said_for_each, option.name) == std::end(said_for_each))
      command.options.push_back(std::move(option));
  return command;
}

}  // namespace lightseed::cli
