import type { ComponentChildren } from 'preact';

/** What a row is of; where there is little room it goes on below, between its parts. */
export function ChannelName({ name }: { name: string }) {
  return (
    <th scope="row" class="ops-name">
      {name.split(/(?<=[.:])/).flatMap(part => [part, <wbr key={part} />])}
    </th>
  );
}

/** A table that scrolls sideways by itself where there is no room, by keyboard too. */
export function Table({
  name,
  head,
  children,
}: {
  /** What a screen reader calls it, and for tests. */
  name: string;
  head: readonly string[];
  children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="ops-scroll" aria-label={`${name}, table`} tabIndex={0}>
      <table class="ops-table" data-table={name}>
        <thead>
          <tr>
            {head.map(title => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
