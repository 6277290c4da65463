// SPDX-License-Identifier: Apache-2.0
#include "stats/input/input.h"

#include <fcntl.h>
#include <fmt/format.h>
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

constexpr std::size_t piece_bytes = 1 << 20;

/// The eight bits whose own most common value is rarest, the more significant first: what 6.4 asks the submitter
/// to rank, done from the data.
std::vector<unsigned> best_bits(std::span<const std::uint16_t> samples, unsigned bits) {
  std::array<std::uint64_t, 16> ones{};
  for (const std::uint16_t sample : samples) {
    for (unsigned bit = 0; bit < bits; ++bit)
      ones[bit] += sample >> bit & 1;
  }
  std::vector<unsigned> order(bits);
  std::iota(order.begin(), order.end(), 0U);
  const auto mode = [&](unsigned bit) { return std::max(ones[bit], samples.size() - ones[bit]); };
  std::stable_sort(order.begin(), order.end(), [&](unsigned a, unsigned b) { return mode(a) < mode(b); });
  order.resize(8);
  std::sort(order.begin(), order.end(), std::greater<>());
  return order;
}

std::uint8_t keep_bits(std::uint16_t sample, std::span<const unsigned> kept) {
  unsigned symbol = 0;
  for (const unsigned bit : kept)
    symbol = symbol << 1 | (sample >> bit & 1U);
  return static_cast<std::uint8_t>(symbol);
}

void check(const InputOptions& options) {
  validate(options.format);
  const auto& keep = options.keep;
  if (keep.empty()) return;
  const unsigned all = std::accumulate(keep.begin(), keep.end(), 0U, [&](unsigned mask, unsigned bit) {
    return bit < options.format.bits ? mask | 1U << bit : mask;
  });
  if (keep.size() > 8 || static_cast<std::size_t>(std::popcount(all)) != keep.size()) {
    throw Error(Category::usage, fmt::format("the bits to keep are up to 8 different ones of 0 to {}, not {}",
                                             options.format.bits - 1, fmt::join(keep, ",")));
  }
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
  std::uint64_t bytes = 0;           ///< read so far
  std::vector<std::byte> waiting{};  ///< read, not yet decoded
  std::uint64_t next = 0;            ///< number of the sample the next bit in `waiting` belongs to
  std::uint64_t taken = 0;           ///< samples of the range given out
  bool ended = false;
  std::vector<unsigned> kept{};

  /// Errors name the file, where there is one.
  template <typename Action>
  auto named(const Action& action) try {
    return action();
  } catch (const Error& error) {
    if (path.empty() || error.category() == Category::io) throw;
    throw Error(error.category(), fmt::format("{}: {}", path, error.what()));
  }

  /// Samples that lie whole in `waiting`.
  [[nodiscard]] std::uint64_t decodable() const { return waiting.size() * 8 / options.format.container_bits; }

  void read_piece() {
    const std::size_t before = waiting.size();
    const std::size_t wanted = std::min<std::uint64_t>(piece_bytes, most_bytes() - bytes);
    waiting.resize(before + wanted);
    const std::size_t got = source(std::span(waiting).subspan(before));
    waiting.resize(before + got);
    const auto piece = std::span(waiting).subspan(before);
    hash.update(piece);
    suspicions.see_bytes(piece);
    bytes += got;
    ended = got < wanted || bytes == most_bytes();
  }

  /// Bytes up to the end of the range where the input's length is not known; otherwise no limit.
  [[nodiscard]] std::uint64_t most_bytes() const {
    if (length || !options.count) return UINT64_MAX;
    const std::uint64_t most_samples = UINT64_MAX / 16;
    if (options.skip > most_samples || *options.count > most_samples - options.skip) return UINT64_MAX;
    return options.format.bytes_for(options.skip + *options.count);
  }

  /// Forgets the first `samples` of `waiting`, a multiple of eight or all there are.
  void drop(std::uint64_t samples) {
    waiting.erase(waiting.begin(),
                  waiting.begin() + static_cast<std::ptrdiff_t>(samples * options.format.container_bits / 8));
    next += samples;
  }

  /// Makes `waiting` begin at most seven samples before the range.
  void reach_range() {
    while (next + 8 <= options.skip) {
      if (decodable() < 8 && !ended) read_piece();
      const std::uint64_t away = std::min(options.skip - next, decodable()) / 8 * 8;
      if (away == 0) break;
      drop(away);
    }
  }

  [[nodiscard]] std::uint16_t decode(std::uint64_t sample) const {
    const unsigned width = options.format.container_bits;
    const std::uint64_t bit = (sample - next) * width;
    auto value = std::to_integer<unsigned>(waiting[bit / 8]);
    if (width == 16) {
      const auto other = std::to_integer<unsigned>(waiting[bit / 8 + 1]);
      value = options.big_endian ? value << 8 | other : other << 8 | value;
    } else if (width < 8) {
      const auto at = static_cast<unsigned>(bit % 8);
      value = value >> (options.lsb_first ? at : 8 - width - at) & ((1U << width) - 1);
    }
    if (value >> options.format.bits != 0) {
      throw Error(Category::usage, fmt::format("sample {} has the value {}, more than {} bits hold: is the number of "
                                               "bits, the container or the byte order right?",
                                               sample, value, options.format.bits));
    }
    return static_cast<std::uint16_t>(value);
  }

  /// Samples from the range that can be decoded now, `most` at most.
  [[nodiscard]] std::uint64_t ready(std::uint64_t most) const {
    const std::uint64_t from = options.skip + taken;
    const std::uint64_t there = next + decodable();
    return std::min({most, options.count.value_or(UINT64_MAX) - taken, there - std::min(there, from)});
  }

  std::vector<std::uint16_t> samples(std::size_t most) {
    reach_range();
    std::vector<std::uint16_t> result;
    for (;;) {
      const std::uint64_t from = options.skip + taken;
      const std::uint64_t count = ready(most - result.size());
      for (std::uint64_t i = 0; i < count; ++i)
        result.push_back(decode(from + i));
      taken += count;
      const std::uint64_t done = options.skip + taken - next;
      if (done <= decodable()) drop(done / 8 * 8);
      if (result.size() == most || taken == options.count || ended) return result;
      read_piece();
    }
  }

  std::vector<std::uint8_t> symbols(std::span<const std::uint16_t> samples) {
    const bool first = taken == samples.size();
    if (first) {
      kept = options.keep;
      if (kept.empty() && options.format.bits > 8 && !samples.empty()) kept = best_bits(samples, options.format.bits);
    }
    std::vector<std::uint8_t> result(samples.size());
    std::transform(samples.begin(), samples.end(), result.begin(), [&](std::uint16_t sample) {
      return kept.empty() ? static_cast<std::uint8_t>(sample) : keep_bits(sample, kept);
    });
    suspicions.see_symbols(result);
    return result;
  }

  Input finish(unsigned width) {
    while (!ended) {
      waiting.clear();
      read_piece();
    }
    if (bytes * 8 % options.format.container_bits != 0) {
      throw Error(Category::usage, fmt::format("{} bytes end in the middle of a {}-bit container: is the file cut off?",
                                               bytes, options.format.container_bits));
    }
    if (taken == 0 || taken < options.count.value_or(0)) {
      const std::uint64_t there = options.format.samples_in(bytes);
      throw Error(Category::not_enough_data,
                  fmt::format("there are {} samples, {} after the {} to skip; {} are asked for", there,
                              there - std::min(there, options.skip), options.skip,
                              options.count.value_or(0) == 0 ? "some" : fmt::format("{}", *options.count)));
    }
    return {.file = path,
            .sha256 = hex(hash.digest()),
            .bytes = bytes,
            .whole = most_bytes() == UINT64_MAX,
            .first = options.skip,
            .width = width,
            .kept = kept,
            .warnings = suspicions.words(options.format, width)};
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

std::optional<std::uint64_t> InputStream::expected() const {
  if (!state_->length) return std::nullopt;
  const InputOptions& options = state_->options;
  const std::uint64_t there = options.format.samples_in(*state_->length);
  return std::min(there - std::min(there, options.skip), options.count.value_or(UINT64_MAX));
}

unsigned InputStream::width() const {
  const InputOptions& options = state_->options;
  return options.keep.empty() ? std::min(8U, options.format.bits) : static_cast<unsigned>(options.keep.size());
}

std::vector<std::uint8_t> InputStream::read(std::size_t most) {
  return state_->named([&] { return state_->symbols(state_->samples(most)); });
}

bool InputStream::at_end() {
  State& state = *state_;
  state.reach_range();
  while (!state.ended && state.ready(1) == 0 && state.taken != state.options.count)
    state.read_piece();
  return state.ready(1) == 0;
}

Input InputStream::finish() {
  return state_->named([&] { return state_->finish(width()); });
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
                                        .kept_bits = input.kept});
}

}  // namespace lightseed::stats
