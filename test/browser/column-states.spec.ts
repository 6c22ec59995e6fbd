import { TIERS } from '../../shared/topics.ts';
import { axe, CONTRAST, column, expect, newSymbol, open, publish, rows, test } from './support/fixtures.ts';
import { expectState, notice, pill } from './support/state-words.ts';
import { STATES } from './support/states.ts';

for (const name of Object.keys(STATES).filter(name => !STATES[name]!.isOutage)) {
  test(`a column says its state, to everyone, in every theme and width: ${name}`, async ({ page, stack, problems }) => {
    await expectState(name, { page, stack, problems });
  });
}

test('a connection that is back within two seconds was never lost', async ({ page, stack, problems }) => {
  // What else the page asks for meanwhile.
  problems.allow(/ERR_INTERNET_DISCONNECTED/);
  const said: (string | undefined)[] = [];
  await page.exposeFunction('say', (state?: string) => said.push(state));
  await open(page, { market: 'open' });
  await publish(stack, { tier: 'daily', symbol: newSymbol() });
  await expect(column(page, 'daily')).toHaveAttribute('data-state', 'live');
  await page.evaluate(() => {
    const daily = document.querySelector<HTMLElement>('[data-column=daily]')!;
    const { say } = globalThis as unknown as { say(state?: string): void };
    new MutationObserver(() => say(daily.dataset.state)).observe(daily, { attributeFilter: ['data-state'] });
  });
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await expect(pill(page, 'daily')).toHaveAttribute('data-link', 'up');
  expect(said).not.toContain('reconnecting');
});

test('one tier that is refused leaves the others running', async ({ page, stack }) => {
  await page.routeWebSocket(/\/ws\/daily/, socket => socket.close({ code: 4003, reason: 'topic not allowed' }));
  await open(page, { market: 'open' });
  await expect(column(page, 'daily')).toHaveAttribute('data-state', 'error');
  const symbol = newSymbol();
  await publish(stack, { tier: 'combo', symbol });
  await expect(column(page, 'combo').locator(`[data-symbol=${symbol}]`)).toHaveCount(1);
});

test('an empty column says what hides its patterns, and lowers or clears the filter', async ({ page, stack }) => {
  const symbol = newSymbol();
  for (const confidence of [0.72, 0.74]) {
    await publish(stack, { tier: 'daily', symbol, confidence, pattern: newSymbol('P') });
  }
  await open(page, { market: 'open', path: `/?d=${encodeURIComponent(`sym:${symbol} conf>=80`)}` });
  await expect(notice(page, 'daily')).toContainText('No Daily patterns match. 2 hidden by confidence ≥ 80');
  await notice(page, 'daily').getByRole('button', { name: 'Lower to 70' }).click();
  await expect(rows(page, 'daily')).toHaveCount(2);
  await expect(notice(page, 'daily')).toHaveCount(0);
});

test('dialogs, popovers and the tour are for everyone too', async ({ page, stack }) => {
  await publish(stack, ...TIERS.map(tier => ({ tier, symbol: newSymbol() })));
  await open(page, { market: 'open' });
  const check = async (within: string) => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await axe(page, { within });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await axe(page, { within, ...CONTRAST });
  };
  for (const name of ['daily', 'producer', 'latency', 'clock', 'appearance']) {
    await page.locator(`[data-popover-of=${name}]`).click();
    await expect(page.locator(`[data-popover=${name}] h2`)).toBeVisible();
    await check(`[data-popover=${name}]`);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('?');
  await expect(page.locator('[data-dialog=help]')).toBeVisible();
  await check('[data-dialog=help]');
  await page.getByRole('button', { name: 'Change keys' }).click();
  await expect(page.locator('[data-dialog=settings]')).toBeVisible();
  await check('[data-dialog=settings]');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.locator('[data-dialog=commands]')).toBeVisible();
  await check('[data-dialog=commands]');
});
