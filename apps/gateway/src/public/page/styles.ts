/** The whole look of the page; contrast of text is at least 7:1. No font, image or script is loaded from anywhere. */
export const STYLES = `
:root { color-scheme: light dark; --ink: #16202a; --paper: #ffffff; --quiet: #46535f; --line: #c9d2da; --fill: #f2f5f7;
  --link: #0b4a8f; --get: #0b5d3b; --post: #7a3d00; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef2f5; --paper: #14191e; --quiet: #b9c4ce; --line: #3c4852;
  --fill: #1e262d; --link: #9cc9ff; --get: #8fe0b8; --post: #ffc48a; } }
* { box-sizing: border-box; }
html { scroll-behavior: auto; scroll-padding-top: 1rem; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1rem/1.55 system-ui, sans-serif; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem; background: var(--paper); }
header, main, nav, footer { padding: 1rem 1.5rem; }
header { border-bottom: 1px solid var(--line); }
header h1 { margin: 0; font-size: 1.75rem; }
header p { margin: .25rem 0 0; color: var(--quiet); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav ul ul { padding-left: 1rem; }
nav a { display: block; padding: .15rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
main { max-width: 72rem; }
h2 { margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 3px solid var(--line); }
h3 { margin: 2rem 0 .25rem; }
h4 { margin: 1.25rem 0 .25rem; font-size: 1rem; }
.call { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.get, .post { display: inline-block; min-width: 3.5rem; font-weight: 700; }
.get { color: var(--get); }
.post { color: var(--post); }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
td code { overflow-wrap: anywhere; }
td:first-child code { white-space: nowrap; }
pre { padding: .75rem; overflow-x: auto; background: var(--fill); border: 1px solid var(--line); }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .35rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { background: var(--fill); }
summary { cursor: pointer; padding: .25rem 0; }
@media (min-width: 64rem) { body { display: grid; grid-template-columns: 18rem 1fr; }
  header, footer { grid-column: 1 / -1; } nav { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; } }
@media print { nav, .skip { display: none; } body { display: block; } }
`;
