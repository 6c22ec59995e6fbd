import { TIERS, type Tier } from '../../../shared/topics.ts';
import { active, device, show } from '../column/arrangement.ts';
import { openFilterSheet } from '../column/open-filter-sheet.ts';
import { type Command, onlyWhile, register } from '../commands.ts';
import { client } from '../connection.ts';
import { detail, openDetail } from '../detail/open.ts';
import { copyRow, mute, type RowAction, rowActions, star } from '../detail/row-actions.ts';
import { copyText } from '../export/copy.ts';
import { flash } from '../flash.tsx';
import { selected } from '../page-state.ts';
import { isLive } from '../pages/place.ts';
import { shareLink } from '../state/address.ts';
import { applyToAllTiers, clearFilters } from '../state/tiers.ts';
import { openManager } from '../subscriptions/open.ts';
import { openViews } from '../views/open.ts';
import { askForSessions, openWhy } from '../why/open.ts';
import { countWords, TITLES } from '../words.ts';

/** Puts what can be done with filters and rows into the registry. */
export function registerFilterCommands(): void {
  askForSessions(tier => client.topic(tier).hello?.session_id);
  register(onlyWhile(() => isLive.peek(), [...filterCommands(), ...rowCommands(), ...keepCommands()]));
}

function filterCommands(): Command[] {
  return [
    {
      id: 'filter.text',
      title: 'Filter the column',
      group: 'Filters',
      keys: ['/'],
      run: () => enterFilter(active.peek()),
    },
    ...TIERS.map(tier => ({
      id: `filter.${tier}`,
      title: `Filter ${TITLES[tier]}`,
      group: 'Filters',
      keys: [],
      run: () => enterFilter(tier),
    })),
    {
      id: 'filter.panel',
      title: 'All filters of the column',
      group: 'Filters',
      keys: ['f'],
      run: () => openPanel(active.peek()),
    },
    {
      id: 'filter.apply_to_all',
      title: 'Give all columns this filter',
      group: 'Filters',
      keys: [],
      run: () => applyToAllTiers(active.peek()),
    },
    {
      id: 'filter.clear',
      title: 'Clear the column’s filter',
      group: 'Filters',
      keys: [],
      run: () => clearFilters(active.peek()),
    },
    {
      id: 'filter.why',
      title: 'Why is an event not here?',
      group: 'Filters',
      keys: [],
      run: () => openWhy(active.peek()),
    },
    {
      id: 'filter.subscriptions',
      title: 'Subscriptions of the column',
      group: 'Filters',
      keys: [],
      run: () => openManager(active.peek()),
    },
    {
      id: 'filter.mutes',
      title: 'Muted symbols',
      group: 'Filters',
      keys: [],
      run: () => openManager(active.peek(), 'mutes'),
    },
  ];
}

function rowCommands(): Command[] {
  const isEnabled = () => selected.peek() !== null;
  const row = () => selected.peek()!;
  const act = (wanted: RowAction['id']) =>
    rowActions(row().tier, row().entry)
      .find(({ id }) => id === wanted)!
      .act();
  return [
    { id: 'row.detail', title: 'Everything about the row', group: 'Rows', keys: ['Enter'], isEnabled, run: openDetail },
    { id: 'row.star', title: 'Star the row', group: 'Rows', keys: ['s'], isEnabled, run: () => star(row().entry) },
    {
      id: 'row.mute',
      title: 'Mute the row’s symbol',
      group: 'Rows',
      keys: ['m'],
      isEnabled,
      run: () => mute(row().entry.event.symbol),
    },
    {
      id: 'row.only',
      title: 'Only the row’s symbol, or all again',
      group: 'Rows',
      keys: [],
      isEnabled,
      run: () => act('only'),
    },
    {
      id: 'row.why',
      title: 'Why is the row here?',
      group: 'Rows',
      keys: [],
      isEnabled,
      run: () => act('why'),
    },
    {
      id: 'row.copy',
      title: 'Copy the row as text',
      group: 'Rows',
      keys: ['c'],
      isEnabled: () => isEnabled() || detail.peek() !== null,
      run: () => void copyRow((detail.peek() ?? row()).entry),
    },
  ];
}

function keepCommands(): Command[] {
  return [
    { id: 'views.open', title: 'Saved views', group: 'Filters', keys: [], run: openViews },
    { id: 'views.share', title: 'Copy a link to what is shown', group: 'Filters', keys: [], run: () => void share() },
    {
      id: 'export.column',
      title: 'Export the column’s rows as CSV',
      group: 'Rows',
      keys: ['e'],
      run: () => void exportTiers([active.peek()]),
    },
    {
      id: 'export.all',
      title: 'Export the rows of all columns as CSV',
      group: 'Rows',
      keys: [],
      run: () => void exportTiers(TIERS),
    },
  ];
}

function enterFilter(tier: Tier): void {
  if (device.peek() === 'phone') openFilterSheet(tier);
  else part(tier, '[data-filter-text]')?.focus();
}

function openPanel(tier: Tier): void {
  if (device.peek() === 'phone') openFilterSheet(tier);
  else part(tier, '[data-filters-of]')?.click();
}

function part(tier: Tier, selector: string): HTMLElement | null {
  show(tier);
  return document.querySelector<HTMLElement>(`[data-column="${tier}"] ${selector}`);
}

async function share(): Promise<void> {
  const link = shareLink();
  if (link === null) flash('These filters are too long for a link; they are kept in this browser only');
  else flash((await copyText(link)) ? 'Link copied' : 'The browser does not allow copying: take it from the address');
}

async function exportTiers(tiers: readonly Tier[]): Promise<void> {
  const { exportRows } = await import('../export/export-rows.ts');
  const rows = exportRows(tiers);
  flash(`${countWords(rows)} ${rows === 1 ? 'row' : 'rows'} exported as CSV`);
}
