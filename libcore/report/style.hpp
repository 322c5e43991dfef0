// The style sheet of pages.
#pragma once

#include <string_view>

namespace tow::report {

// Colours of text keep a contrast of 4.5 with what is behind them, in light and in dark: a test in
// a real browser measures it.
constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --back: #ffffff; --raised: #f4f6f8; --line: #d4dae0; --text: #1a1d21;
  --quiet: #525b64; --link: #0b57b0; --good: #17672f; --warning: #7d4a00; --critical: #b00020;
  --s0: #0b62c4; --s1: #b85c00; --s2: #7a3fb5; --s3: #00766c; --s4: #b3261e; --s5: #5f6b76; }
@media (prefers-color-scheme: dark) { :root { --back: #14171a; --raised: #1e2327; --line: #3a424a;
  --text: #e6e8ea; --quiet: #a9b3bc; --link: #8ec2ff; --good: #7bd897; --warning: #f3be5c; --critical: #ff9c92;
  --s0: #6cb0ff; --s1: #ffab5c; --s2: #c49bff; --s3: #5fd0c0; --s4: #ff8a80; --s5: #aab4bd; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--back); color: var(--text);
  font: 1rem/1.45 system-ui, sans-serif; }
a { color: var(--link); }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
header p, footer, .note, caption, .figure span, figcaption { color: var(--quiet); }
header p { margin: .2rem 0 .8rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0; margin: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .6rem; margin: 0; }
.figure { background: var(--raised); border-radius: .4rem; padding: .5rem .7rem; display: flex; flex-direction: column; }
.figure dt { color: var(--quiet); font-size: .85rem; }
.figure dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.figure dd.under { font-size: .8rem; color: var(--quiet); }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; }
.scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .2rem 0; font-size: .85rem; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
thead th { background: var(--raised); white-space: nowrap; overflow-wrap: normal; }
tbody th { font-weight: 600; min-width: 7rem; }
.n { text-align: right; overflow-wrap: normal; }
.good { color: var(--good); } .warning { color: var(--warning); } .critical { color: var(--critical); font-weight: 600; }
details ol { margin: .2rem 0; padding-left: 1.4rem; }
summary { cursor: pointer; }
meter { width: 6rem; vertical-align: middle; }
figure { margin: .5rem 0 1.2rem; }
figcaption { font-weight: 600; }
.plot { width: 100%; height: auto; display: block; }
.plot text { fill: var(--quiet); font-size: 12px; }
.grid { stroke: var(--line); stroke-width: 1; fill: none; }
.trend { width: 6rem; height: 1.2rem; vertical-align: middle; }
.l { fill: none; stroke-width: 2; stroke-linejoin: round; }
.a { stroke-width: 1; fill-opacity: .55; }
.l.s0 { stroke: var(--s0); } .l.s1 { stroke: var(--s1); stroke-dasharray: 7 3; } .l.s2 { stroke: var(--s2); stroke-dasharray: 2 3; }
.l.s3 { stroke: var(--s3); stroke-dasharray: 10 3 2 3; } .l.s4 { stroke: var(--s4); } .l.s5 { stroke: var(--s5); stroke-dasharray: 5 5; }
.a.s0, .key.s0 { fill: var(--s0); stroke: var(--s0); } .a.s1, .key.s1 { fill: var(--s1); stroke: var(--s1); }
.a.s2, .key.s2 { fill: var(--s2); stroke: var(--s2); } .a.s3, .key.s3 { fill: var(--s3); stroke: var(--s3); }
.a.s4, .key.s4 { fill: var(--s4); stroke: var(--s4); } .a.s5, .key.s5 { fill: var(--s5); stroke: var(--s5); }
.key { width: .8rem; height: .8rem; margin-right: .4rem; }
.legend { width: auto; }
@media (min-width: 60rem) { figure { display: inline-block; width: calc(50% - .7rem); vertical-align: top; }
  figure:nth-of-type(odd) { margin-right: 1rem; } .plot text { font-size: 16px; } }
@media (max-width: 40rem) { body { padding: .6rem; } .later { display: none; } .plot text { font-size: 20px; } }
@media print { nav, .skip { display: none; } body { max-width: none; padding: 0; font-size: 9pt; }
  .scroll { overflow: visible; } figure, tr { break-inside: avoid; } h2 { break-after: avoid; } thead { display: table-header-group; } }
)css";

}  // namespace tow::report
