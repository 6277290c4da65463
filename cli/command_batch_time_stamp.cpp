// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/batch_options.h"
#include "cli/payload.h"
#include "cli/verbs.h"
#include "core/byte_views.h"
#include "core/clock.h"
#include "core/error.h"
#include "provision/time_stamp.h"

namespace lightseed::cli {
namespace {

int write_query(const Context& context, const TrustAnchor& trusted) {
  const std::string target = context.text("output");
  Payload out(context, target, AtomicFile::Mode::open);
  const std::string query = query_time_stamp(context.text("directory"), trusted);
  out.write(bytes_of(query));
  out.commit();
  if (context.json()) context.print_json("batch-time-stamp", {{"query", target}});
  context.note(
      fmt::format("a query for a time stamp is in {}: send it to the authority, and keep both for the answer", target));
  return 0;
}

int keep_response(const Context& context, const TrustAnchor& trusted) {
  const TimeStamp stamp = keep_time_stamp(context.text("directory"), trusted, context.text("query"),
                                          context.text("response"), TimeStampTrust::read(context.text("tsa")));
  const std::string moment = utc_text(stamp.moment);
  if (context.json()) {
    context.print_json(
        "batch-time-stamp",
        {{"moment", moment}, {"authority", stamp.authority}, {"serial", stamp.serial}, {"policy", stamp.policy}});
  }
  context.note(fmt::format("the certificate was there on {}, says {}", moment, stamp.authority));
  return 0;
}

int run_batch_time_stamp(const Context& context) {
  const bool answers = context.has("response") && context.has("query") && context.has("tsa");
  const bool asks = context.has("output");
  if (answers == asks || (asks && (context.has("response") || context.has("query") || context.has("tsa")))) {
    throw Error(Category::usage,
                "-o FILE writes a query; --query, --response and --tsa together take the answer to it");
  }
  const auto trusted = TrustAnchor::read(context.text("trust"));
  return asks ? write_query(context, trusted) : keep_response(context, trusted);
}

}  // namespace

Command batch_time_stamp_command() {
  return {
      .name = "batch time-stamp",
      .group = "Life of a batch",
      .summary = "a time stamp of a batch's certificate (RFC 3161)",
      .description =
          "In two steps, so that no network is needed here. With -o it writes a query, a file that the authority takes "
          "as `application/timestamp-query`. With --query, --response and --tsa it takes the authority's answer, looks "
          "whether it answers that query, is about this certificate and is signed by whom --tsa vouches for, and puts "
          "it beside the certificate as BATCH.tsr; send it along. `batch verify --tsa` looks at it again, and so does "
          "`openssl ts -verify -data BATCH.certificate.json -in BATCH.tsr`.\n"
          "The time stamp says that the certificate was there at a moment at the latest. An order in parts is stamped "
          "part by part.",
      .examples =
          {"lightseed batch time-stamp batch --trust signer.crt -o batch.tsq",
           "lightseed batch time-stamp batch --trust signer.crt --query batch.tsq \\\n    --response answer.tsr "
           "--tsa tsa.crt"},
      .options = {{.name = "directory", .value = "DIR", .text = "the batch", .required = true},
                  trust_option(),
                  {.name = "output", .letter = 'o', .value = "FILE", .text = "the query: a new file, or -"},
                  {.name = "query", .value = "FILE", .text = "the query that was answered"},
                  {.name = "response", .value = "FILE", .text = "the authority's answer, DER"},
                  {.name = "tsa", .value = "CRT", .text = "certificates that vouch for the authority's, or its own"}},
      .positional = {"directory"},
      .run = run_batch_time_stamp};
}

}  // namespace lightseed::cli
