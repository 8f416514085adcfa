/** Colours are told apart by words too; every pair of text and ground has a contrast of at least 4.5. */
export const STYLE = `
:root { color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --text: #1b1f24; --dim: #57606a; --line: #d5dae1; --link: #0550ae; --code: #f3f5f8;
  --yes: #116329; --no: #a40e26; --on: #fff; --warn: #fff4d6; --warn-text: #5c3d00; --warn-line: #d9a528;
  --good: #e3f6e8; --good-text: #0f4d22; --bad: #fdeaec; --bad-text: #86061d; --mark: #ffd75e; --mark-text: #3b2600;
  --read: #0a5c91; --write: #6b4a00; --execute: #5b2ea6; --destructive: #a40e26; --financial: #8a1568; --unknown: #4a5159; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #0e1116; --card: #171b22; --text: #e4e8ee; --dim: #9da7b3; --line: #323a45; --link: #79b8ff; --code: #0e1116;
  --yes: #1f7a3a; --no: #b3263c; --on: #fff; --warn: #33270a; --warn-text: #f5d486; --warn-line: #8a6a1a;
  --good: #10291a; --good-text: #8fdca6; --bad: #35141a; --bad-text: #ffb0ba; --mark: #8a6a00; --mark-text: #fff6d8;
  --read: #1467a0; --write: #7d5800; --execute: #6a3dbb; --destructive: #b3263c; --financial: #9c2a7c; --unknown: #59616b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere; }
.bar { background: var(--card); border-bottom: 1px solid var(--line); }
.bar > div, main { max-width: 50rem; margin: 0 auto; padding: .6rem 1rem; }
.bar > div { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: center; justify-content: space-between; }
.bar .home { font-weight: 650; color: inherit; text-decoration: none; }
.bar .who { display: flex; gap: .75rem; align-items: center; color: var(--dim); font-size: .9rem; }
main { padding-top: 1.25rem; padding-bottom: 3rem; }
h1 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 .35rem; }
h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
h3 { font-size: .95rem; margin: 1rem 0 .35rem; }
p { margin: .4rem 0; }
a { color: var(--link); }
.dim { color: var(--dim); font-size: .9rem; }
section, .row { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1rem; margin: .9rem 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .35rem 1.1rem; margin: 0; }
dt { color: var(--dim); }
dd { margin: 0; }
code, pre, textarea.json { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
pre, blockquote { background: var(--code); border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0 0; padding: .7rem .8rem; max-height: 32rem; overflow: auto;
  white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 2; }
blockquote { border-left: 4px solid var(--line); max-height: 16rem; }
pre:focus-visible, blockquote:focus-visible { outline-offset: 0; }
mark { background: var(--mark); color: var(--mark-text); border-radius: 3px; padding: 0 .15em; }
.eol { color: var(--dim); }
.end::after { content: "\\A\\2506\\00a0"; white-space: pre; color: var(--dim); }
blockquote .end::after { content: "\\A"; }
.badge { display: inline-block; border-radius: 999px; padding: .05rem .6rem; font-size: .8rem; font-weight: 600; color: var(--on); background: var(--unknown); white-space: nowrap;
  vertical-align: middle; }
.badge.read { background: var(--read); } .badge.write { background: var(--write); } .badge.execute { background: var(--execute); }
.badge.destructive { background: var(--destructive); } .badge.financial { background: var(--financial); }
.say { border: 1px solid var(--line); border-radius: 8px; padding: .65rem 1rem; margin: .9rem 0; }
.say.warn { background: var(--warn); color: var(--warn-text); border-color: var(--warn-line); }
.say.good { background: var(--good); color: var(--good-text); border-color: currentcolor; }
.say.bad { background: var(--bad); color: var(--bad-text); border-color: currentcolor; }
section > :first-child { margin-top: 0; } section h2:not(:first-child) { margin-top: 1.1rem; }
.say.plain { border-left: 4px solid var(--link); background: var(--card); }
.say p { margin: 0; } .say p + p { margin-top: .3rem; }
label { display: block; font-weight: 600; margin: .7rem 0 .25rem; }
input, textarea, select { width: 100%; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--dim); border-radius: 6px; padding: .5rem .6rem; }
textarea.json { font-size: .875rem; }
input[type=date], input[type=number], .short { width: auto; min-width: 8rem; max-width: 100%; }
button, .button { font: inherit; font-weight: 600; border: 1px solid var(--dim); border-radius: 6px; padding: .55rem 1.2rem; min-height: 2.75rem; background: var(--card);
  color: var(--text); cursor: pointer; text-decoration: none; display: inline-block; }
button.yes { background: var(--yes); border-color: var(--yes); color: #fff; } button.no { background: var(--no); border-color: var(--no); color: #fff; }
button.plain { padding: .2rem .7rem; min-height: 2rem; font-weight: 400; }
button:hover, .button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.pair { display: flex; flex-wrap: wrap; gap: 0 1rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: .9rem; }
summary { cursor: pointer; font-weight: 600; padding: .25rem 0; }
details { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: .6rem; }
li { margin: .15rem 0; }
ul { margin: .3rem 0; padding-left: 1.2rem; }
.rows { list-style: none; padding: 0; margin: 0; }
.row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .15rem 1rem; align-items: start; }
.row a { font-weight: 650; font-size: 1.05rem; }
.row .left { text-align: right; }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1.1rem; margin: .5rem 0 0; }
nav a[aria-current] { color: inherit; font-weight: 650; text-decoration: none; }
.add { color: var(--good-text); background: var(--good); display: block; } .cut { color: var(--bad-text); background: var(--bad); display: block; }
.same { display: block; }
@media (max-width: 34rem) {
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: .5rem; }
  main, .bar > div { padding-left: .75rem; padding-right: .75rem; }
  .buttons > button { flex: 1 1 8rem; }
}
`;
