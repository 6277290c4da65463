// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lightseed::cli {

/// What stands before the title of a page. The page may load nothing, run nothing and send nothing: whatever of others'
/// text slipped through would stay text. Colours have a contrast of 4.5 and more on the paper, in light and in dark.
inline constexpr std::string_view begin_of_page = R"page(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1a1a; --faint: #5f5f5f; --rule: #d0d0d0; --mark: #2563a8;
  --band: #dcead7; --good: #1d6b2f; --bad: #a81b1b; --notice: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --paper: #14161a; --ink: #e8e8e8; --faint: #a8a8a8; --rule: #3d4148;
  --mark: #7db3f0; --band: #24382a; --good: #7fd694; --bad: #ff8f8f; --notice: #f0c060; } }
body { background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; max-width: 62rem;
  margin: 1rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; }
.outcome { font-weight: 700; } .pass { color: var(--good); } .fail { color: var(--bad); }
.retest, .not-run, .not-applicable { color: var(--notice); }
.verdict { border: 2px solid currentColor; border-radius: 6px; padding: .1rem 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .85rem; margin: .5rem 0; }
th, td { border-bottom: 1px solid var(--rule); padding: .1rem .5rem; text-align: right; overflow-wrap: normal; }
th[scope=row], th:first-child, .words { text-align: left; } td { white-space: nowrap; } td.words, td.free { white-space: normal; } td.free { overflow-wrap: anywhere; text-align: left; }
.wide { overflow-x: auto; } summary { cursor: pointer; }
figure { margin: 1rem 0; } figcaption { font-weight: 600; } .how { color: var(--faint); font-size: .85rem; margin: 0; }
svg { width: 100%; max-width: 640px; height: auto; display: block; } svg text { fill: var(--ink); font-size: 12px; }
.axis { fill: none; stroke: var(--faint); } .bar { fill: var(--mark); } .band { fill: var(--band); }
.level { stroke: var(--faint); stroke-dasharray: 4 3; }
.points { stroke: var(--mark); stroke-width: 3; stroke-linecap: round; fill: none; }
.bits { max-width: 512px; border: 1px solid var(--rule); } .ones { stroke: var(--ink); stroke-width: 1; fill: none;
  shape-rendering: crispEdges; }
@media print { :root { color-scheme: light; --paper: #fff; --ink: #000; --faint: #444; --rule: #999; --mark: #000;
  --band: #ddd; --good: #000; --bad: #000; --notice: #000; } body { font-size: 10pt; max-width: none; margin: 0; }
  svg, rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .wide { overflow: visible; } table { font-size: .7rem; } th, td { padding: 0 .25rem; }
  details:not(.long)::details-content { content-visibility: visible; block-size: auto; }
  details.long:not([open]) > summary::after { content: " (long: open it on the screen to print it)";
}
}
</style>
)page";

}  // namespace lightseed::cli
