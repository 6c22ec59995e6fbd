import { type EventBatch, TickstockClient } from './client/client.ts';
import { Announcer } from './live/announcer.ts';
import { Column } from './live/column.ts';
import { ColumnSwitch } from './live/column-switch.ts';
import { part, setText } from './live/dom.ts';
import { Painter } from './live/painter.ts';
import { System } from './live/system.ts';

const COLUMNS = [
  { topic: 'daily', title: 'Daily' },
  { topic: 'intraday', title: 'Intraday' },
  { topic: 'combo', title: 'Combo' },
] as const;

const client = new TickstockClient({ url: location.origin });
const painter = new Painter();
const announcer = new Announcer(part(document, 'announcer'));
const template = document.querySelector<HTMLTemplateElement>('template#column')!;

const columns = COLUMNS.map(({ topic, title }) => ({
  title,
  column: new Column(template, { topic, title, client, painter, announcer, onEvents: tellSimulated }),
}));
document.querySelector('#columns')!.append(...columns.map(({ column }) => column.element));
painter.add(new ColumnSwitch(document.querySelector<HTMLElement>('.switch')!, columns));
new System(client, painter, announcer);

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) client.retryNow();
});
window.addEventListener('pageshow', () => client.retryNow());
window.addEventListener('online', () => client.retryNow());

/** Nobody may take a simulator's events for the market's. */
function tellSimulated({ events }: EventBatch): void {
  const simulated = events.find(event => event.source.toLowerCase().includes('simulator'));
  if (!simulated) return;
  const banner = part(document, 'simulated');
  banner.hidden = false;
  setText(banner, `Simulated data: these events come from ${simulated.source}, not from the market.`);
}
