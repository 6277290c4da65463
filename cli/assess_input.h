// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/progress.h"
#include "stats/input/input.h"
#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/iid/permutation_test.h"

namespace lightseed::cli {

/// What the verbs that assess raw samples share: which samples, how they lie in the file, and what is said of it.

/// The names of the forms a file of raw samples may have (stats/input/form.h).
std::vector<std::string> form_names();

/// FILE, --format, --column, --bits, --container, --order, --keep, --skip, --samples, --threads, --force.
std::vector<Option> sample_options(bool several_files);

/// `more` behind them.
std::vector<Option> with_sample_options(bool several_files, std::vector<Option> more);

/// The format that the options name, else the side-car's, else what is recognised, else a byte a sample. Throws
/// Error(usage).
sp800_90b::InputOptions input_options(const Context& context, const std::string& file);

/// Shows how far the reading of an input has come: a pipe from a slow device takes its time.
class Reading {
 public:
  explicit Reading(const Context& context) : context_(context), progress_(std::in_place, context.console, "reading") {}
  ~Reading() = default;
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  /// input_options() that show it, until end(). Must not outlive this.
  [[nodiscard]] sp800_90b::InputOptions options(const std::string& file);

  /// Something else begins, with a progress of its own.
  void end() { progress_.reset(); }

 private:
  const Context& context_;
  std::optional<Progress> progress_;
};

/// Refuses what would not fit in memory; says what to expect of what takes long.
void announce(const Context& context, const std::string& file, std::uint64_t samples, unsigned width);

/// Throws if FILE is not there or may not be read, without opening it: who opens a named pipe and closes it again has
/// taken away its writer.
void require_readable(const std::string& file);

/// All samples in memory, with their warnings said: a file that does not fit is refused before it is read, a pipe when
/// it turns out so.
sp800_90b::Input read_whole(const Context& context, const std::string& file);

/// Says what was chosen because nobody said it, and what looks like one of the classic mistakes.
void say_warnings(const Context& context, const sp800_90b::Input& input);

/// A file's facts in front of what its samples came to, with the source that gave them where the side-car of this very
/// file knows it.
Json with_input(const Context& context, const sp800_90b::Input& input, const Json& result);

/// --claim, in bits per sample of `width` bits. Throws Error(usage) for what is no number or more than a sample holds.
double claim_of(const Context& context, unsigned width);

/// Threads for --threads, as the assessments take them: 0 is one a core.
unsigned assessment_threads(const Context& context);

/// The options of the non-IID track: --only, --quick, --as-written, --threads.
sp800_90b::AssessmentOptions assessment_options(const Context& context, unsigned width, Progress& progress);

/// --seed, --full, --threads.
sp800_90b::PermutationOptions permutation_options(const Context& context, Progress& progress);
std::vector<Option> permutation_option_table();

/// "lrs,markov" as two words.
std::vector<std::string> split_list(const std::string& list);

}  // namespace lightseed::cli
