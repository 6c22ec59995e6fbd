import { TIERS, type Tier } from '../../../shared/topics.ts';
import type { Column } from '../../live/column.ts';
import { nextTheme } from '../appearance.ts';
import { active, collapse, show, shown } from '../column/arrangement.ts';
import { timeJump } from '../column/time-jump.ts';
import { columns, resume } from '../columns.ts';
import { type Command, onlyWhile, register } from '../commands.ts';
import { client } from '../connection.ts';
import { dismissedAlert, producer } from '../header/producer.ts';
import { startTour } from '../help/offer-tour.ts';
import { openHelp } from '../help/open.ts';
import { facts, isPaused, isRelatedOnly, selected } from '../page-state.ts';
import { isLive } from '../pages/place.ts';
import { openSettings } from '../settings/open.ts';
import { changeColumn, clock, columnSettings, density, palette, theme, VIEWS } from '../state/settings.ts';
import { TITLES } from '../words.ts';
import { openCommandMenu } from './open.ts';

const QUARTER_MS = 15 * 60_000;

/** Puts everything that the page itself can do into the registry. What rows and filters can do comes from them. */
export function registerPageCommands(): void {
  register([
    ...onlyWhile(() => isLive.peek(), [...columnCommands(), ...rowCommands()]),
    ...pageCommands(),
    ...appearanceCommands(),
  ]);
}

function columnCommands(): Command[] {
  return [
    ...TIERS.map((tier, index) => ({
      id: `column.${tier}`,
      title: `Go to ${TITLES[tier]}`,
      group: 'Columns',
      keys: [String(index + 1)],
      run: () => {
        show(tier);
        columns[tier].focus();
      },
    })),
    {
      id: 'column.hold',
      title: 'Hold or follow the column',
      group: 'Columns',
      keys: ['h'],
      run: () => (columnSettings[active.peek()].peek().isHeld ? resume(active.peek()) : hold(active.peek())),
    },
    {
      id: 'column.resume',
      title: 'Show what is new and follow',
      group: 'Columns',
      keys: [],
      isEnabled: () => facts[active.peek()].peek().hold === 'held',
      run: () => resume(active.peek()),
    },
    {
      id: 'column.view',
      title: 'Next view: stream, grouped, top',
      group: 'Columns',
      keys: ['v'],
      run: () => {
        const tier = active.peek();
        changeColumn(tier, { view: next(VIEWS, facts[tier].peek().view) });
      },
    },
    {
      id: 'column.collapse',
      title: 'Collapse the column',
      group: 'Columns',
      keys: [],
      isEnabled: () => shown.peek().length > 1,
      run: () => collapse(active.peek()),
    },
    {
      id: 'column.even',
      title: 'Columns of equal width',
      group: 'Columns',
      keys: [],
      isEnabled: () => shown.peek().length > 1,
      run: () => {
        for (const tier of TIERS) changeColumn(tier, { width: 1 });
      },
    },
  ];
}

function rowCommands(): Command[] {
  const hasSelected = () => selected.peek() !== null;
  return [
    {
      id: 'row.down',
      title: 'Next row',
      group: 'Rows',
      keys: ['j', 'ArrowDown'],
      repeats: true,
      run: () => move(1),
    },
    {
      id: 'row.up',
      title: 'Previous row',
      group: 'Rows',
      keys: ['k', 'ArrowUp'],
      repeats: true,
      run: () => move(-1),
    },
    {
      id: 'row.newest',
      title: 'Newest row',
      group: 'Rows',
      keys: ['g g', 'End'],
      run: () => {
        resume(active.peek());
        at(column => column.cursorToNewest());
      },
    },
    {
      id: 'row.oldest',
      title: 'Oldest row',
      group: 'Rows',
      keys: ['Home'],
      run: () => at(column => column.cursorToOldest()),
    },
    {
      id: 'row.earlier',
      title: '15 minutes earlier',
      group: 'Rows',
      keys: ['['],
      repeats: true,
      run: () => jump(active.peek(), -QUARTER_MS),
    },
    {
      id: 'row.later',
      title: '15 minutes later',
      group: 'Rows',
      keys: [']'],
      repeats: true,
      run: () => jump(active.peek(), QUARTER_MS),
    },
    {
      id: 'row.related',
      title: 'Only what is related to the row, or everything again',
      group: 'Rows',
      keys: ['x'],
      isEnabled: hasSelected,
      run: () => {
        isRelatedOnly.value = !isRelatedOnly.peek();
      },
    },
    {
      id: 'row.leave',
      title: 'Back from related rows, then from the row',
      group: 'Rows',
      keys: ['Escape'],
      isEnabled: hasSelected,
      run: () => {
        if (isRelatedOnly.peek()) isRelatedOnly.value = false;
        else selected.value = null;
      },
    },
  ];
}

function pageCommands(): Command[] {
  return [
    { id: 'page.commands', title: 'Search commands', group: 'Page', keys: ['mod+k'], run: openCommandMenu },
    { id: 'page.help', title: 'Help and keyboard', group: 'Page', keys: ['?'], run: openHelp },
    {
      id: 'page.pause',
      title: 'Pause or go on, all columns',
      group: 'Page',
      keys: ['Space'],
      run: () => {
        isPaused.value = !isPaused.peek();
      },
    },
    { id: 'page.settings', title: 'Settings', group: 'Page', keys: [], run: openSettings },
    { id: 'page.tour', title: 'Take the tour', group: 'Page', keys: [], run: startTour },
    { id: 'page.retry', title: 'Connect again now', group: 'Page', keys: [], run: () => client.retryNow() },
    {
      id: 'page.dismiss',
      title: 'Dismiss the producer’s alert',
      group: 'Page',
      keys: [],
      isEnabled: () => producer.peek().alert !== null && producer.peek().alert?.id !== dismissedAlert.peek(),
      run: () => {
        dismissedAlert.value = producer.peek().alert!.id;
      },
    },
  ];
}

function appearanceCommands(): Command[] {
  return [
    {
      id: 'appearance.theme',
      title: 'Next theme: dark, light, system',
      group: 'Appearance',
      keys: ['t'],
      run: () => {
        theme.value = nextTheme();
      },
    },
    {
      id: 'appearance.density',
      title: 'Rows of one or two lines',
      group: 'Appearance',
      keys: ['d'],
      run: () => {
        density.value = density.peek() === 'compact' ? 'default' : 'compact';
      },
    },
    {
      id: 'appearance.palette',
      title: 'Next colours of up and down',
      group: 'Appearance',
      keys: [],
      run: () => {
        palette.value = next(['default', 'western', 'east_asian'], palette.peek());
      },
    },
    {
      id: 'appearance.clock',
      title: 'Exchange time or local time first',
      group: 'Appearance',
      keys: [],
      run: () => {
        clock.value = clock.peek() === 'exchange' ? 'local' : 'exchange';
      },
    },
  ];
}

/** Does something in the active column, with the focus in it, so that what happens there is said. */
function at(act: (column: Column) => void): void {
  const column = columns[active.peek()];
  column.focus();
  act(column);
}

function move(rows: number): void {
  at(column => column.moveCursor(rows));
}

function hold(tier: Tier): void {
  changeColumn(tier, { isHeld: true });
}

function jump(tier: Tier, byMs: number): void {
  const key = timeJump(columns[tier].entries(), columns[tier].cursor, byMs);
  if (key !== null) at(column => column.reveal(key));
}

/** The one after `value`, round and round. */
function next<Value>(values: readonly Value[], value: Value): Value {
  return values[(values.indexOf(value) + 1) % values.length]!;
}
