import { html } from 'hono/html';

export type Html = ReturnType<typeof html>;

/** A description: paragraphs and lists of a line each, with `code` in them. */
export function prose(text = ''): Html {
  const lines = text.split('\n').filter(Boolean);
  const items = lines.filter(line => line.startsWith('- '));
  const paragraphs = lines.filter(line => !line.startsWith('- '));
  return html`${paragraphs.map(line => html`<p>${inline(line)}</p>`)}${
    items.length > 0 ? html`<ul class="list">${items.map(item => html`<li>${inline(item.slice(2))}</li>`)}</ul>` : ''
  }`;
}

/** Text with `code` in it, on one line. */
export function inline(text: string): Html {
  return html`${text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** A value as JSON that a reader can copy. */
export function example(value: unknown, label: string): Html {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return html`<figure><figcaption>${label}</figcaption><pre tabindex="0" aria-label="${label}"><code>${text}</code></pre></figure>`;
}
