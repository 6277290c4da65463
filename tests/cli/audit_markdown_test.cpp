// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_markdown.h"

#include <catch2/catch.hpp>

namespace lightseed::cli {
namespace {

TEST_CASE("text of others is no Markdown") {
  CHECK(markdown_text("plain name-1.bin") == "plain name-1.bin");
  CHECK(markdown_text("a|b") == "a\\|b");
  CHECK(markdown_text("<script>&amp;") == "&lt;script&gt;&amp;amp;");
  CHECK(markdown_text("[x](y) `z` **b** _i_ ~s~ # !") == "\\[x\\](y) \\`z\\` \\*\\*b\\*\\* \\_i\\_ \\~s\\~ \\# \\!");
  CHECK(markdown_text("back\\|slash") == "back\\\\\\|slash");
  CHECK(markdown_text("http://a www.b.c @d $e$") == "http\\://a www\\.b.c \\@d \\$e\\$");
  CHECK(markdown_text("a\n# FAIL\r|") == "a\\\\x0a\\# FAIL\\\\x0d\\|");
  CHECK(markdown_text("\u202E") == "\\\\u{202e}");
}

TEST_CASE("the verdict comes first, and a test that was not run says what it needs") {
  AuditRecord audit{.file = "x|y", .form = "packed", .sha256 = "00", .bytes = 1, .bits = 8, .warnings = {"a <b>"}};
  audit.suites.push_back({.id = "sp800-22", .rule = "rule"});
  audit.suites.back().tests.push_back(
      {.id = "frequency", .clause = "2.1", .outcome = AuditOutcome::not_run, .needed_bits = 100});
  audit.verdict.outcome = AuditOutcome::not_run;
  const std::string text = audit_markdown(audit);
  CHECK(text.starts_with("# Audit: NOT RUN\n\n**NOT RUN**: too little data"));
  CHECK(text.find("| file | x\\|y |\n") != std::string::npos);
  CHECK(text.find("| warning | a &lt;b&gt; |\n") != std::string::npos);
  CHECK(text.find("| frequency | NOT RUN, needs 100 bits |\n") != std::string::npos);
}

}  // namespace
}  // namespace lightseed::cli
