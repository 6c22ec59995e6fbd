import { asyncApiDocument } from '../../workers/documents/asyncapi.ts';
import { openApiDocument } from '../../workers/documents/openapi.ts';
import { axe, CONTRAST, expect, test } from './support/fixtures.ts';

test('the reference says where each route and frame is, at any width and in any light', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const width of [390, 900, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto('/api/docs#get_patterns_by_tier');
    await expect(page.getByRole('heading', { name: 'GET /api/patterns/{tier}', exact: true })).toBeInViewport();
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow, `of ${width} px`).toBe(0);
  }
  await axe(page);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.reload();
  // Some of each kind of part: all are a long document, and of the same few colours.
  await axe(page, { within: 'header, nav, #access, #tag-patterns, #ws_topic_LiveEvents', ...CONTRAST });
  // At the last of these widths there is room for the whole list.
  await page.getByRole('navigation').getByRole('link', { name: 'BackfillEvents' }).click();
  await expect(page).toHaveURL(/#ws_topic_BackfillEvents$/);
  await expect(page.getByRole('heading', { name: 'BackfillEvents' })).toBeInViewport();
});

test('the documents are served as they were made, and need asking for once', async ({ request }) => {
  for (const [path, document] of [
    ['/api/openapi.json', openApiDocument({ strict: false })],
    ['/api/asyncapi.json', asyncApiDocument({ strict: false })],
  ] as const) {
    const answer = await request.get(path);
    expect(answer.headers()['content-type']).toContain('application/json');
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
    const again = await request.get(path, { headers: { 'if-none-match': answer.headers().etag! } });
    expect(again.status()).toBe(304);
  }
});
