import { column, expect, newSymbol, open, publish, reload, rows, socketsOf, test } from './support/fixtures.ts';

test.use({ stackOptions: { name: 'universes' } });

test('a universe in a filter is sent as its symbols, and shown, linked to and kept by its name', async ({
  page,
  stack,
}) => {
  const [member, other] = [newSymbol('M'), newSymbol('O')];
  await stack.edge.loadReference(
    JSON.stringify({
      symbols: [{ symbol: member, name: 'One of them', sector: 'Energy' }],
      universes: [{ name: 'mine', symbols: [member, 'NVDA'] }],
    }),
  );
  const sockets = socketsOf(page);
  const asked = () => sockets.sent('combo', 'subscribe').findLast(({ id }) => id === 'main')?.filter;
  await open(page, { market: 'open' });
  const text = column(page, 'combo').getByRole('combobox', { name: /^Filter/ });
  await text.click();
  await text.press('ControlOrMeta+a');
  await text.pressSequentially('in:m');
  await expect(page.getByRole('option', { name: /^mine/ })).toBeVisible();
  await text.pressSequentially('ine conf>=50');
  await text.press('Enter');
  await expect.poll(asked).toMatchObject({ symbols: [member, 'NVDA'] });
  await publish(stack, { tier: 'combo', symbol: other, confidence: 0.9 });
  await publish(stack, { tier: 'combo', symbol: member, confidence: 0.9 });
  const rowOf = (symbol: string) => rows(page, 'combo').and(page.locator(`[data-symbol="${symbol}"]`));
  await expect(rowOf(member)).toHaveCount(1);
  await expect(rowOf(other)).toHaveCount(0);
  await expect(column(page, 'combo').getByText('in mine')).toBeVisible();
  expect(decodeURIComponent(page.url())).toContain('in:mine');

  await reload(page);
  await expect(rowOf(member)).toHaveCount(1);
  await expect(column(page, 'combo').getByText('in mine')).toBeVisible();
});
