// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
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

/// What an answer's files are called behind the order's name; of a longer one no file system could hold them.
constexpr std::string_view endings[] = {".result.json", ".order.csv", ".error.json", ".refused.csv"};
constexpr std::size_t longest_name = 200;

/// Which file a name stands for: another one may be put in its place while the first is issued.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  std::int64_t seconds = 0, nanoseconds = 0, bytes = -1;

  /// Nothing is there: a default one.
  static FileIdentity of(const fs::path& path) {
    struct stat found {};
    if (lstat(path.c_str(), &found) != 0) return {};
    return {found.st_dev, found.st_ino, found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_size};
  }
  bool operator==(const FileIdentity&) const = default;
};

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
      for (const std::string& value : context.options.texts(option.name)) {
        words_.push_back("--" + option.name);
        if (!option.is_flag() && !value.empty()) words_.push_back(value);
      }
    }
    if (context.has("quiet")) words_.emplace_back("--quiet");
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
  std::vector<std::string> words_;       ///< of every call of `batch issue`
  std::set<std::string> passed_over_{};  ///< names that were warned of

  /// Orders in the box, by name: who writes one gives it its name when it is whole.
  std::vector<fs::path> orders() {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(in_, error), end; !error && entry != end; entry.increment(error)) {
      const fs::path& path = entry->path();
      if (path.filename().string().starts_with('.') || !is_csv(path)) continue;
      if (const char* const why = why_passed_over(path); why == nullptr) {
        found.push_back(path);
      } else if (passed_over_.insert(path.filename()).second) {
        context_.warn(fmt::format("{} is passed over: {}", path.string(), why));
      }
    }
    if (error) throw system_error("look into", in_.string(), error.value());
    std::ranges::sort(found);
    return found;
  }

  static bool is_csv(const fs::path& path) {
    std::string ending = path.extension();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
    return ending == ".csv";
  }

  /// What has an order's name and can get no answer; null for an order.
  static const char* why_passed_over(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(fs::symlink_status(path, error))) return "it is no file";
    // Names that differ in capitals alone would share their answers where file systems make no difference.
    if (path.extension() != ".csv") return "an order's name ends in .csv, in small letters";
    const std::string id = path.stem().string();
    for (const std::string_view ending : endings)
      if (id.ends_with(ending)) return "answers have such names";
    return id.size() > longest_name ? "its name is too long" : nullptr;
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

  /// Why an order came to nothing is in it: it is refused for what it asks for, or cannot be read as an order. Else it
  /// is in the world: the ledger, the signer and the source refuse every order.
  [[nodiscard]] static bool is_own_fault(const Answer& answer, const fs::path& order, const std::string& id) {
    const Json said = Json::parse(answer.json, nullptr, false);
    if (said.is_object() && said.contains("error") && said["error"].contains("order_refused")) return true;
    try {
      (void)read_order(order, id);
      return false;
    } catch (const Error& why) {
      return why.category() != Category::io;
    }
  }

  int take(const fs::path& order) {
    const std::string id = order.stem().string();
    const FileIdentity issued = FileIdentity::of(order);
    const Answer answer = issue(order, id);
    if (answer.code == exit_code(Category::busy)) return context_.has("once") ? answer.code : 0;
    const bool is_refusal = answer.code != 0 && is_own_fault(answer, order, id);
    // A failure to read it, and it is gone: another watch was faster, or whoever wrote it took it back.
    if (answer.code != 0 && FileIdentity::of(order) == FileIdentity{}) return 0;
    if (answer.code != 0 && !is_refusal) return answer.code;
    const fs::path result = out_ / (id + (is_refusal ? ".error.json" : ".result.json"));
    if (is_refusal) remove(result);
    if (!fs::exists(fs::symlink_status(result))) {
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
    // An order of this name that was refused earlier is answered by this one.
    if (!is_refusal)
      for (const char* const ending : {".error.json", ".refused.csv"})
        remove(out_ / (id + ending));
    if (FileIdentity::of(order) != issued) {
      context_.warn(
          fmt::format("{} was exchanged or taken while it was issued; what is there now comes next", order.string()));
      return 0;
    }
    leave_box(order, out_ / (id + (is_refusal ? ".refused.csv" : ".order.csv")));
    context_.note(fmt::format("{}: {}", order.filename().string(), is_refusal ? "refused" : "issued"));
    return 0;
  }

  static void remove(const fs::path& path) {
    if (unlink(path.c_str()) != 0 && errno != ENOENT) throw system_error("remove", path.string(), errno);
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
