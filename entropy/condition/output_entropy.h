// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json.h"

namespace lightseed {

/// The sizes of a conditioning component, in bits (SP 800-90B 3.1.5).
struct Conditioning {
  unsigned n_in = 0;   ///< input
  unsigned n_out = 0;  ///< output
  unsigned nw = 0;     ///< narrowest internal width
  double h_in = 0;     ///< min-entropy of the input, above 0 and at most n_in
};

/// What comes out of a conditioning component.
struct ConditionedEntropy {
  double h_out = 0;  ///< min-entropy of the output

  /// log2 of (n - Output_Entropy) with n = min(n_out, nw, n_in): what is missing to n. Exact to the last place even
  /// where n - 2^-900 and n are the same double.
  double log2_deficit = 0;

  /// log2 of the part of the output's length that is missing: log2(1 - Output_Entropy / n_out), for comparison
  /// with the 2^-32 of full entropy (NIST IR 8427). Meaningful when nw >= n_out.
  double log2_epsilon_per_bit = 0;

  /// Output_Entropy below h_in by 2^log2_deficit_of_input; the interesting figure when h_in < n.
  double log2_deficit_of_input = 0;
};

/// Output_Entropy of 3.1.5.1.2 in the log domain; h_out = Output_Entropy: the rule for vetted components. A component
/// is as narrow as its input where that is narrower than everything behind it (n = min(n_out, nw, n_in), corrected so
/// in NIST's tool), and no more comes out than went in.
/// Throws Error(usage) when a size is zero or above 2^31, or h_in out of its range.
ConditionedEntropy vetted_output_entropy(const Conditioning& sizes);

/// 3.1.5.2: h_out = min(Output_Entropy, 0.999 n_out, h' n_out), h' in (0, 1] being the entropy a bit that an assessment
/// of the conditioned data found. A Toeplitz extractor is such a component for NIST, however strong its proof.
ConditionedEntropy non_vetted_output_entropy(const Conditioning& sizes, double assessed_per_bit);

/// SP 800-90C: a vetted component gives full entropy when h_in >= n_out + 64 and nw >= n_out.
bool gives_full_entropy(const Conditioning& sizes) noexcept;

Json to_json(const Conditioning& sizes, const ConditionedEntropy& entropy);

}  // namespace lightseed
