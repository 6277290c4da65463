// SPDX-License-Identifier: Apache-2.0
#include "stats/input/input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <functional>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "evidence/input_record.h"
#include "stats/input/bit_choice.h"
#include "stats/input/form.h"
#include "stats/input/input_warnings.h"

namespace lightseed::stats {
namespace {

/// A file descriptor of our own, or stdin's.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ > STDIN_FILENO) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

/// Fills `out` unless the input ends. A pipe may stay silent for ever: the stop is looked at between short waits. A
/// slow one gives little at a time: each part is told.
std::size_t read_fully(int fd, const std::string& name, std::span<std::byte> out, const std::stop_token& stop,
                       const std::function<void(std::size_t)>& heard) {
  std::size_t got = 0;
  while (got < out.size()) {
    if (stop.stop_requested()) throw Error(Category::interrupted, "interrupted");
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 100) == 0) continue;
    const ssize_t step = ::read(fd, out.data() + got, out.size() - got);
    if (step == 0) break;
    if (step < 0 && errno != EINTR && errno != EAGAIN) throw system_error("read", name, errno);
    if (step <= 0) continue;
    got += static_cast<std::size_t>(step);
    heard(static_cast<std::size_t>(step));
  }
  return got;
}

constexpr std::size_t piece_bytes = std::size_t{1} << 16;
constexpr std::uint64_t chosen_from = 1'000'000;  // samples that decide which bits are kept

std::uint8_t keep_bits(std::uint32_t sample, std::span<const unsigned> kept) {
  unsigned symbol = 0;
  for (const unsigned bit : kept)
    symbol = symbol << 1 | (sample >> bit & 1U);
  return static_cast<std::uint8_t>(symbol);
}

/// Bits to keep must be different ones that samples of `bits` bits have.
void check_kept(std::span<const unsigned> keep, unsigned bits) {
  const std::uint64_t all = std::accumulate(keep.begin(), keep.end(), std::uint64_t{0}, [&](auto mask, unsigned bit) {
    return bit < bits ? mask | std::uint64_t{1} << bit : mask;
  });
  if (keep.size() > 8 || static_cast<std::size_t>(std::popcount(all)) != keep.size()) {
    throw Error(Category::usage, fmt::format("the bits to keep are up to 8 different ones of 0 to {}, not {}", bits - 1,
                                             fmt::join(keep, ",")));
  }
}

void check(const InputOptions& options) {
  const bool is_raw = options.form == "raw";
  if (is_raw) validate(options.format);
  if (!options.form.empty()) static_cast<void>(form_named(options.form));
  if (is_raw) check_kept(options.keep, options.format.bits);
}

}  // namespace

struct InputStream::State {
  std::string path;
  InputOptions options;
  std::function<std::size_t(std::span<std::byte>)> source;  ///< fewer bytes than asked for: the end
  std::optional<std::uint64_t> length{};                    ///< bytes in all, where that is known
  std::unique_ptr<Descriptor> file{};
  Sha256 hash{};
  Suspicions suspicions{};
  const Form* form = nullptr;  ///< known once the beginning has been looked at
  std::unique_ptr<FormDecoder> decoder{};
  SampleWidth sample{};
  std::vector<std::string> choices{};
  std::vector<std::string> warnings{};
  std::uint64_t bytes = 0;              ///< read so far
  std::vector<std::int64_t> waiting{};  ///< numbers decoded, not yet given out, from `at` on
  std::size_t at = 0;
  std::uint64_t next = 0;   ///< which sample of the file waiting[at] is
  std::uint64_t taken = 0;  ///< samples of the range given out
  bool ended = false;
  bool bits_chosen = false;
  std::vector<unsigned> kept{};

  /// Errors name the file, where there is one.
  template <typename Action>
  auto named(const Action& action) try {
    return action();
  } catch (const Error& error) {
    if (path.empty() || error.category() == Category::io) throw;
    throw Error(error.category(), fmt::format("{}: {}", path, error.what()));
  }

  std::vector<std::byte> read_bytes() {
    const std::size_t wanted = std::min<std::uint64_t>(piece_bytes, most_bytes() - bytes);
    std::vector<std::byte> piece(wanted);
    piece.resize(source(piece));
    hash.update(piece);
    bytes += piece.size();
    ended = piece.size() < wanted || bytes == most_bytes();
    return piece;
  }

  void decode(std::span<const std::byte> piece) {
    if (at == waiting.size()) {
      waiting.clear();
      at = 0;
    }
    if (form == &forms().front()) suspicions.see_bytes(piece);
    decoder->decode(piece, waiting);
    if (ended) decoder->end(waiting);
  }

  void read_piece() { decode(read_bytes()); }

  /// Finds the form, from what is said or from the first bytes.
  void look() {
    if (decoder) return;
    std::vector<std::byte> head;
    if (options.form != "raw") head = read_bytes();
    form = options.form.empty() ? &recognised_sample_form(head) : &form_named(options.form);
    const bool is_plain = form == &forms().front();
    if (options.form.empty() && is_plain) {
      say_of_unknown(head);
      validate(options.format);
    }
    decoder = form->decoder(options, head);
    sample = decoder->width();
    if (sample.bits == 0 || sample.bits > 32) {
      throw Error(Category::usage, fmt::format("a sample has 1 to 32 bits, not {}", sample.bits));
    }
    check_kept(options.keep, sample.bits);
    if (options.form.empty() && !is_plain) {
      choices.push_back(fmt::format("this is {} and is read as such ({})", form->what, form->name));
    }
    if (sample.guessed) {
      choices.push_back(fmt::format("its numbers are taken for samples of {} bit{}{}, as the first ones need",
                                    sample.bits, sample.bits == 1 ? "" : "s", sample.with_sign ? " with a sign" : ""));
    }
    if (!head.empty()) decode(head);
  }

  void say_of_unknown(std::span<const std::byte> head) {
    if (const auto kind = foreign_kind(head)) {
      throw Error(Category::usage, fmt::format("this looks like {}; the form raw takes its bytes as they are", *kind));
    }
    if (looks_like_text(head)) {
      warnings.emplace_back("this looks like text, of no form that is known, and its bytes are taken for samples");
    }
  }

  /// Bytes up to the end of the range where the input's length is not known; otherwise no limit.
  [[nodiscard]] std::uint64_t most_bytes() const {
    constexpr std::uint64_t most_samples = UINT64_MAX / 128;
    if (length || !options.count) return UINT64_MAX;
    if (options.skip > most_samples || *options.count > most_samples - options.skip) return UINT64_MAX;
    const std::uint64_t samples = options.skip + *options.count;
    // The beginning, which tells the form, is no longer than plain samples would be.
    if (!decoder) return bytes == 0 ? options.format.bytes_for(samples) : UINT64_MAX;
    return std::max(bytes, decoder->bytes_for(samples).value_or(UINT64_MAX));
  }

  /// Leaves out what lies before the range, as far as it is there.
  void reach_range() {
    if (next >= options.skip) return;
    const std::uint64_t away = std::min<std::uint64_t>(options.skip - next, waiting.size() - at);
    at += away;
    next += away;
  }

  /// Samples of the range that wait, `most` at most.
  std::uint64_t ready(std::uint64_t most) {
    reach_range();
    if (next < options.skip) return 0;
    return std::min<std::uint64_t>({most, options.count.value_or(UINT64_MAX) - taken, waiting.size() - at});
  }

  [[nodiscard]] bool may_come() const { return !ended && taken != options.count; }

  [[nodiscard]] std::uint32_t sample_at(std::size_t i) const try {
    return sample_of(waiting[i], sample);
  } catch (const Error& error) {
    const bool is_plain = form == &forms().front();
    throw Error(error.category(),
                fmt::format("sample {} has {}{}", next + (i - at), error.what(),
                            is_plain ? ": is the number of bits, the container or the byte order right? Numbers with a "
                                       "sign have a form of their own"
                                     : ""));
  }

  /// Which bits of wide samples are kept: those that are said, or what the first million says.
  void choose() {
    look();
    if (bits_chosen) return;
    bits_chosen = true;
    kept = options.keep;
    if (!kept.empty() || sample.bits <= 8) return;
    while (ready(chosen_from) < chosen_from && !ended && ready(UINT64_MAX) < options.count.value_or(UINT64_MAX))
      read_piece();
    std::vector<std::uint32_t> first(ready(chosen_from));
    for (std::size_t i = 0; i < first.size(); ++i)
      first[i] = sample_at(at + i);
    if (first.empty()) return;
    const BitChoice choice = choose_bits(first, sample.bits, options.eight_bits);
    kept = choice.kept;
    choices.push_back(words_of(choice, sample.bits));
  }

  unsigned symbol_bits() {
    look();
    if (options.keep.empty() && sample.bits > 8 && options.eight_bits) return 8;
    choose();
    return kept.empty() ? std::min(8U, sample.bits) : static_cast<unsigned>(kept.size());
  }

  std::vector<std::uint8_t> read(std::size_t most) {
    choose();
    std::vector<std::uint8_t> symbols;
    symbols.reserve(std::min<std::uint64_t>(most, expected().value_or(0)));
    for (;;) {
      const std::uint64_t count = ready(most - symbols.size());
      for (std::size_t i = at; i < at + count; ++i)
        symbols.push_back(kept.empty() ? static_cast<std::uint8_t>(sample_at(i)) : keep_bits(sample_at(i), kept));
      at += count;
      next += count;
      taken += count;
      if (symbols.size() == most || !may_come()) break;
      read_piece();
    }
    suspicions.see_symbols(symbols);
    return symbols;
  }

  bool is_over() {
    look();
    while (may_come() && ready(1) == 0)
      read_piece();
    return ready(1) == 0;
  }

  std::optional<std::uint64_t> expected() {
    if (!length) return std::nullopt;
    look();
    const auto there = decoder->samples_in(*length);
    if (!there) return std::nullopt;
    return std::min(*there - std::min(*there, options.skip), options.count.value_or(UINT64_MAX));
  }

  Input finish() {
    const unsigned width = symbol_bits();
    // Samples behind the range count only where there are too few in it; a stream with a range may have no end.
    const bool whole = length || !options.count;
    while (!ended && whole)
      static_cast<void>(read_bytes());
    if (whole) decoder->check_length(bytes);
    if (taken == 0 || taken < options.count.value_or(0)) {
      const std::uint64_t there = decoder->samples_in(bytes).value_or(next + (waiting.size() - at));
      throw Error(Category::not_enough_data,
                  fmt::format("there are {} samples, {} after the {} to skip; {} are asked for", there,
                              there - std::min(there, options.skip), options.skip,
                              options.count.value_or(0) == 0 ? "some" : fmt::format("{}", *options.count)));
    }
    std::vector<std::string> mistakes = suspicions.words(options.format, width, form == &forms().front());
    mistakes.insert(mistakes.begin(), warnings.begin(), warnings.end());
    return {.file = path,
            .sha256 = hex(hash.digest()),
            .bytes = bytes,
            .whole = whole,
            .first = options.skip,
            .width = width,
            .kept = kept,
            .form = std::string(form->name),
            .choices = choices,
            .warnings = mistakes};
  }
};

InputStream::InputStream(std::string path, InputOptions options)
    : state_(new State{.path = std::move(path), .options = std::move(options), .source = {}}) {
  State& state = *state_;
  state.named([&] { check(state.options); });
  int fd = STDIN_FILENO;
  if (state.path != "-") {
    fd = open(state.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw system_error("open", state.path, errno);
    state.file = std::make_unique<Descriptor>(fd);
  }
  struct stat facts {};
  if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode)) state.length = static_cast<std::uint64_t>(facts.st_size);
  const auto count = [tell = state.options.heard, all = std::uint64_t{0}](std::size_t more) mutable {
    all += more;
    if (tell) tell(all);
  };
  state.source = [fd, name = state.path, stop = state.options.stop, heard = std::function<void(std::size_t)>(count)](
                     std::span<std::byte> out) { return read_fully(fd, name, out, stop, heard); };
}

InputStream::InputStream(std::span<const std::byte> bytes, InputOptions options)
    : state_(new State{.path = {},
                       .options = std::move(options),
                       .source =
                           [bytes](std::span<std::byte> out) mutable {
                             const std::size_t got = std::min(bytes.size(), out.size());
                             std::copy_n(bytes.begin(), got, out.begin());
                             bytes = bytes.subspan(got);
                             return got;
                           },
                       .length = bytes.size()}) {
  check(state_->options);
}

InputStream::InputStream(InputStream&&) noexcept = default;
InputStream::~InputStream() = default;

std::optional<std::uint64_t> InputStream::expected() {
  return state_->named([&] { return state_->expected(); });
}

unsigned InputStream::width() {
  return state_->named([&] { return state_->symbol_bits(); });
}

std::vector<std::uint8_t> InputStream::read(std::size_t most) {
  return state_->named([&] { return state_->read(most); });
}

bool InputStream::at_end() {
  return state_->named([&] { return state_->is_over(); });
}

Input InputStream::finish() {
  return state_->named([&] { return state_->finish(); });
}

Input read_all(InputStream&& stream) {
  std::vector<std::uint8_t> symbols = stream.read(SIZE_MAX);
  Input input = stream.finish();
  input.symbols = std::move(symbols);
  return input;
}

Json to_json(const Input& input) {
  return lightseed::to_json(InputRecord{.file = input.file,
                                        .sha256 = input.sha256,
                                        .bytes = input.bytes,
                                        .first = input.first,
                                        .whole = input.whole,
                                        .kept_bits = input.kept,
                                        .format = input.form});
}

}  // namespace lightseed::stats
