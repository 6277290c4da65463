// SPDX-License-Identifier: Apache-2.0
// scripts/model-table: what each model says of itself beside what its samples say, as rows of docs/models.md, and a
// plot of simulated samples against the law of each model.
//
//   model_table SAMPLES FOLDER    the rows on stdout; FOLDER/<model>.svg
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "core/error.h"
#include "driver/simulated/frame/simulated_source.h"
#include "driver/simulated/models.h"

namespace {

using namespace lightseed;
using namespace lightseed::simulated;

constexpr const char* rows[] = {"sim:homodyne",
                                "sim:homodyne?qcnr_db=0&range=3.2&offset=0.3",
                                "sim:homodyne?range=4&bandwidth=0.1",
                                "sim:which-path",
                                "sim:which-path?dark=1e-3&afterpulse=0",
                                "sim:which-path?photons=2&dead=5",
                                "sim:arrival-time",
                                "sim:arrival-time?encoding=bin",
                                "sim:arrival-time?clock=free",
                                "sim:photon-number",
                                "sim:photon-number?prnu=0&dsnu=0&gain=2&offset=-12",
                                "sim:photon-number?prnu=0&dsnu=0&gain=0.5&bits=8",
                                "sim:phase-noise",
                                "sim:phase-noise?visibility=0.5&noise=0.05",
                                "sim:phase-noise?mode=cw",
                                "sim:ase",
                                "sim:ase?modes=1",
                                "sim:ase?modes=16&noise=0.05"};

/// Without memory, so that there is a law to compare with.
constexpr const char* plotted[] = {"sim:homodyne",     "sim:which-path?afterpulse=0",
                                   "sim:arrival-time", "sim:photon-number",
                                   "sim:phase-noise",  "sim:ase"};

struct Drawn {
  std::vector<double> counts;
  double guessed = 0;  ///< samples that the oracle's adversary named
  Analytic analytic;
};

Drawn draw(const std::string& uri, std::size_t samples) {
  SourceRegistry sources;
  add_models(sources);
  const auto source = sources.open(uri + (uri.find('?') == std::string::npos ? "?" : "&") + "seed=1&path=full");
  auto& simulated = dynamic_cast<SimulatedSource&>(*source);
  const SampleFormat& format = source->info().format;
  Drawn drawn{
      .counts = std::vector<double>(std::size_t{1} << format.bits), .guessed = 0, .analytic = simulated.analytic()};
  std::vector<std::uint16_t> guesses;
  simulated.explain_to([&](std::span<const Trace> traces) {
    for (const Trace& trace : traces)
      guesses.push_back(trace.guess);
  });
  source->start({});
  std::vector<std::byte> raw(format.bytes_for(65536));
  std::vector<std::uint16_t> codes(65536);
  for (std::size_t done = 0; done < samples; done += codes.size()) {
    guesses.clear();
    if (source->read(raw, {}).bytes != raw.size()) throw Error(Category::device, uri + " fell silent");
    unpack(raw, format, codes);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      ++drawn.counts[codes[i]];
      drawn.guessed += codes[i] == guesses[i] ? 1 : 0;
    }
  }
  return drawn;
}

void print_row(const std::string& uri, std::size_t samples) {
  const Drawn drawn = draw(uri, samples);
  double total = 0;
  for (const double count : drawn.counts)
    total += count;
  const double seen = std::log2(total / *std::max_element(drawn.counts.begin(), drawn.counts.end()));
  const ModelClaim& model = drawn.analytic.entropy;
  fmt::print("| `{}` | {:.4f} | {:.4f} | {:.4f} | {:.4f} | {:.4f} | {:.4f} |\n", uri, model.marginal, seen,
             model.average_conditional, std::log2(total / drawn.guessed), model.worst_case_conditional,
             drawn.analytic.claim);
  std::fflush(stdout);
}

/// The law of a model's codes, mixed over its pixels; of single bits that of the ones in 64 of them.
std::vector<double> law_of(const std::string& uri) {
  SourceUri parsed = SourceUri::parse(uri);
  for (const ModelKind& kind : models()) {
    if (kind.name != parsed.scheme() + ":" + parsed.path()) continue;
    const auto model = kind.make(Parameters::take(parsed, kind.parameters), 1);
    const auto laws = model->laws();
    const auto pattern = model->pattern();
    std::vector<double> weights(laws.size(), pattern.empty() ? 1 : 0);
    for (const std::uint8_t row : pattern)
      weights[row] += 1 / static_cast<double>(pattern.size());
    std::vector<double> law(laws[0].size());
    for (std::size_t row = 0; row < laws.size(); ++row)
      for (std::size_t c = 0; c < law.size(); ++c)
        law[c] += weights[row] * laws[row][c];
    return law;
  }
  return {};
}

std::vector<double> binomial(double p) {
  std::vector<double> law(65);
  for (int k = 0; k <= 64; ++k)
    law[static_cast<std::size_t>(k)] = std::exp(std::lgamma(65) - std::lgamma(k + 1) - std::lgamma(65 - k) +
                                                k * std::log(p) + (64 - k) * std::log1p(-p));
  return law;
}

/// Shares of codes in samples; of single bits those of the ones in 64 of them.
std::vector<double> shares_of(const std::string& uri, std::size_t samples) {
  SourceRegistry sources;
  add_models(sources);
  const auto source = sources.open(uri + (uri.find('?') == std::string::npos ? "?" : "&") + "seed=1&path=full");
  const SampleFormat& format = source->info().format;
  source->start({});
  std::vector<std::byte> raw(format.bytes_for(65536));
  std::vector<std::uint16_t> codes(65536);
  std::vector<double> shares(format.bits == 1 ? 65 : std::size_t{1} << format.bits);
  double total = 0;
  for (std::size_t done = 0; done < samples; done += codes.size()) {
    if (source->read(raw, {}).bytes != raw.size()) throw Error(Category::device, uri + " fell silent");
    unpack(raw, format, codes);
    const std::size_t together = format.bits == 1 ? 64 : 1;
    for (std::size_t i = 0; i < codes.size(); i += together) {
      std::size_t value = 0;
      for (std::size_t j = 0; j < together; ++j)
        value += codes[i + j];
      ++shares[value];
      ++total;
    }
  }
  for (double& share : shares)
    share /= total;
  return shares;
}

/// The law as a line of steps, what came as dots.
void plot(const std::string& uri, std::size_t samples, const std::filesystem::path& file) {
  std::vector<double> law = law_of(uri);
  const bool bits = law.size() == 2;
  if (bits) law = binomial(law[1]);
  const std::vector<double> shares = shares_of(uri, samples);
  std::size_t first = 0, last = law.size() - 1;
  while (law[first] < 1e-6 && shares[first] <= 0)
    ++first;
  while (law[last] < 1e-6 && shares[last] <= 0)
    --last;
  constexpr double width = 720, height = 240, left = 50, bottom = 30, top = 24;
  const double highest =
      1.08 * std::max(*std::max_element(law.begin(), law.end()), *std::max_element(shares.begin(), shares.end()));
  const double step = (width - left - 10) / static_cast<double>(last - first + 1);
  const auto x = [&](double code) { return left + (code - static_cast<double>(first)) * step; };
  const auto y = [&](double share) { return height - bottom - share / highest * (height - bottom - top); };
  std::ofstream out(file);
  out << fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n",
      width, height);
  out << fmt::format(
      "<text x=\"{}\" y=\"15\">{}: share of each {}; line: the law, dots: {} samples drawn photon by "
      "photon</text>\n",
      left, uri, bits ? "number of ones in 64 bits" : "code", samples);
  out << "<path fill=\"none\" stroke=\"#1f5fa8\" d=\"";
  for (std::size_t c = first; c <= last; ++c) {
    const auto code = static_cast<double>(c);
    out << (c == first ? fmt::format("M{:.1f} {:.1f}", x(code), y(law[c])) : fmt::format("V{:.1f}", y(law[c])))
        << fmt::format("H{:.1f}", x(code + 1));
  }
  out << "\"/>\n<g fill=\"#c2410c\">\n";
  for (std::size_t c = first; c <= last; ++c)
    out << fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"1.4\"/>\n", x(static_cast<double>(c) + 0.5),
                       y(shares[c]));
  out << "</g>\n";
  out << fmt::format("<path stroke=\"black\" fill=\"none\" d=\"M{0} {1}V{2}H{3}\"/>\n", left, top, height - bottom,
                     width - 10);
  for (const std::size_t c : {first, (first + last) / 2, last})
    out << fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                       x(static_cast<double>(c) + 0.5), height - 12, c);
  out << fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:.3g}</text>\n</svg>\n", left - 4,
                     y(highest / 1.08) + 4, highest / 1.08);
}

}  // namespace

int main(int count, char** words) try {
  if (count != 3) {
    fmt::print(stderr, "usage: model_table SAMPLES FOLDER\n");
    return 2;
  }
  const std::size_t samples = std::strtoull(words[1], nullptr, 10);
  for (const char* const uri : rows)
    print_row(uri, samples);
  for (const char* const uri : plotted) {
    const std::string name = std::string(uri).substr(4, std::string(uri).find('?') - 4);
    plot(uri, samples, std::filesystem::path(words[2]) / (name + ".svg"));
  }
  return 0;
} catch (const std::exception& e) {
  fmt::print(stderr, "model_table: {}\n", e.what());
  return 1;
}
