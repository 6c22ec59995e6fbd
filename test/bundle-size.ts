/** Says how large the page is, and fails when it is over its budget or when a module got into it that has no business there. */
import { measurePage, PAGE_BUDGET_KB } from './support/page-size.ts';

const { initialJsKb, cssKb, lazy, modules, forbidden } = await measurePage();
const lazyKb = lazy[0]?.kb ?? 0;
const lazyWords = lazy.map(({ name, kb }) => `${name} ${kb.toFixed(1)}`).join(', ');
console.log(
  `page, gzipped: initial JS ${words(initialJsKb, PAGE_BUDGET_KB.initialJs)}, CSS ${words(cssKb, PAGE_BUDGET_KB.css)}, lazy JS at most ${words(lazyKb, PAGE_BUDGET_KB.lazyJs)}${lazyWords && ` (${lazyWords})`}`,
);
for (const id of forbidden) console.error(`the page must not contain ${id}`);
const { initialJs, css, lazyJs } = PAGE_BUDGET_KB;
const isOver = initialJsKb > initialJs || cssKb > css || lazyKb > lazyJs;
if (isOver) {
  const largest = modules.slice(0, 20).map(({ id, kb }) => `${id} ${kb.toFixed(1)}`);
  console.error(`the page is over its budget; largest from the start, before minifying: ${largest.join(', ')}`);
}
process.exitCode = isOver || forbidden.length > 0 ? 1 : 0;

function words(kb: number, budget: number): string {
  return `${kb.toFixed(1)} of ${budget} kB`;
}
