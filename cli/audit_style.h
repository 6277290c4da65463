// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lightseed::cli {

/// Colours have a contrast of 4.5 and more on the paper, in light, in dark and in print; what is drawn has 3. Vega's
/// marks take their colours from here, too (cli/report/specs.mjs).
inline constexpr std::string_view audit_style =
    R"page(:root { color-scheme: light dark; --paper: #fff; --ink: #1a1a1a; --faint: #5f5f5f; --rule: #d0d0d0; --mark: #2563a8;
  --second: #b0560f; --band: #dcead7; --good: #1d6b2f; --bad: #a81b1b; --notice: #7a5200; --card: #f6f7f9; }
@media (prefers-color-scheme: dark) { :root { --paper: #14161a; --ink: #e8e8e8; --faint: #a8a8a8; --rule: #3d4148; --mark: #7db3f0;
  --second: #f0a868; --band: #24382a; --good: #7fd694; --bad: #ff8f8f; --notice: #f0c060; --card: #1c1f25; } }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; max-width: 66rem;
  margin: 1.5rem auto 3rem; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; } h2 { font-size: 1.25rem; line-height: 1.3; margin: 2.5rem 0 .5rem;
  padding-top: 1rem; border-top: 1px solid var(--rule); } h3 { font-size: 1rem; }
.outcome { font-weight: 700; } .pass { color: var(--good); } .fail { color: var(--bad); }
.retest, .not-run, .not-applicable { color: var(--notice); }
.verdict { border: 1px solid var(--rule); border-left: .5rem solid currentColor; border-radius: 6px; padding: .1rem 1rem;
  background: var(--card); font-size: 1.1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .85rem; margin: .5rem 0; }
th, td { border-bottom: 1px solid var(--rule); padding: .15rem .6rem; text-align: right; overflow-wrap: normal; }
th { font-weight: 600; } th[scope=row], th:first-child, .words { text-align: left; } th:first-child { padding-left: 0; }
td { white-space: nowrap; } td.words, td.free { white-space: normal; } td.free { overflow-wrap: anywhere; text-align: left; }
tbody tr:hover { background: var(--card); }
.wide { overflow-x: auto; } summary { cursor: pointer; } details { margin: .25rem 0; } pre { overflow-x: auto; font-size: .8rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem; margin: 1rem 0; }
.plots > * { min-width: 0; }
figure { margin: 0; padding: .75rem 1rem; border: 1px solid var(--rule); border-radius: 6px; }
figcaption { font-weight: 600; margin-bottom: .25rem; } .how { color: var(--faint); font-size: .85rem; line-height: 1.4; margin: .25rem 0; }
.plot { min-height: 4rem; color: var(--faint); font-size: .85rem; } .plot svg { display: block; max-width: 100%; height: auto; }
.squares svg { width: 100%; max-width: 512px; border: 1px solid var(--rule); shape-rendering: crispEdges; }
@media print { :root { color-scheme: light; --paper: #fff; --ink: #000; --faint: #444; --rule: #999; --mark: #666; --second: #767676;
  --band: #ddd; --good: #000; --bad: #000; --notice: #000; --card: #fff; } body { font-size: 10pt; max-width: none; margin: 0; }
  .plots { display: block; } figure { max-width: 15cm; border: 0; padding: 0; margin: 1rem 0; }
  .verdict, svg, svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .plot, tr { break-inside: avoid; } figcaption, h2, h3 { break-after: avoid; }
  .wide { overflow: visible; } table { font-size: .7rem; } th, td { padding: 0 .25rem; }
  details:not(.long)::details-content { content-visibility: visible; block-size: auto; }
  details.long:not([open]) > summary::after { content: " (long: open it on the screen to print it)";
}
}
)page";

}  // namespace lightseed::cli
