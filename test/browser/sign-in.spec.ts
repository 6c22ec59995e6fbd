import { SignJWT } from 'jose';
import { axe, column, expect, newSymbol, open, publish, rows, test } from './support/fixtures.ts';
import { askWhyNot, whyDialog } from './support/why.ts';

const JWT_SECRET = 'browser-secret-browser-secret-browser-secret';
const JWT_ISSUER = 'https://issuer.test';
const JWT_AUDIENCE = 'tickstock';

function token(claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({ sub: 'ann', iss: JWT_ISSUER, aud: JWT_AUDIENCE, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(JWT_SECRET));
}

test.use({
  stackOptions: {
    name: 'jwt',
    vars: { AUTH_MODE: 'jwt', JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE },
    token: await token(),
  },
});

test.beforeEach(({ problems }) => {
  // A browser logs every answer that is a refusal.
  problems.allow(/status of 40[13]/);
});

test('asks for a token, shows patterns with it, and forgets it again', async ({ page, stack }) => {
  const symbol = newSymbol();
  await open(page);
  const notice = page.getByRole('region', { name: 'Sign in' });
  const field = notice.getByLabel('Access token');
  await expect(notice).toContainText('a bearer token is needed');
  await expect(field).toHaveAttribute('type', 'password');
  await axe(page, { within: '[data-banner=sign-in]' });

  await field.fill('no token');
  await field.press('Enter');
  await expect(notice).toContainText('this is not a signed JWT');
  await expect(field).toHaveValue('');
  await expect(field).toHaveAttribute('aria-invalid', 'true');

  await field.fill(await token());
  await notice.getByRole('button', { name: 'Sign in' }).click();
  await expect(column(page, 'daily')).toHaveAttribute('data-freshness', 'fresh');
  await expect(notice).toHaveCount(0);
  await publish(stack, { tier: 'daily', symbol, confidence: 0.91 });
  await expect(rows(page, 'daily').and(page.locator(`[data-symbol=${symbol}]`))).toHaveCount(1);
  expect(page.url()).not.toContain(await token());
  await page.reload();
  await expect(rows(page, 'daily').and(page.locator(`[data-symbol=${symbol}]`))).toHaveCount(1);

  const kept = () => page.evaluate(() => Object.keys(localStorage));
  await expect.poll(kept).toContain('tickstock.user.1');
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByText('Signed in as ann')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(notice).toContainText('a bearer token is needed');
  expect(await page.evaluate(() => sessionStorage.getItem('tickstock.token'))).toBeNull();
  expect(await kept()).not.toContain('tickstock.user.1');
});

test('shows the columns that a token is for, and says of the others that they are not allowed', async ({ page }) => {
  await page.addInitScript(text => sessionStorage.setItem('tickstock.token', text), await token({ topics: ['daily'] }));
  await open(page);
  await expect(column(page, 'daily')).toHaveAttribute('data-freshness', 'fresh');
  await expect(column(page, 'combo')).toContainText('You may not read this tier');
});

test('refuses the operations page to who is no operator, says what to do, and asks no more', async ({ page }) => {
  await page.addInitScript(text => sessionStorage.setItem('tickstock.token', text), await token());
  await open(page);
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  const refusal = page.locator('main:visible').getByRole('alert');
  await expect(refusal).toContainText('This page is for operators');
  await expect(refusal).toContainText('role "admin"');
  await axe(page);

  await page.evaluate(text => sessionStorage.setItem('tickstock.token', text), await token({ role: 'admin' }));
  await page.addInitScript(text => sessionStorage.setItem('tickstock.token', text), await token({ role: 'admin' }));
  await page.reload();
  await expect(page.locator('.ops-lanes')).toBeVisible();
});

test('says to whom is no admin that asking why is for admins, and answers one who is', async ({ page, stack }) => {
  const symbol = newSymbol();
  await publish(stack, { tier: 'daily', symbol, confidence: 0.3 });
  await expect
    .poll(() => stack.get(`/api/patterns/daily/count?minutes=5&symbols=${symbol}`))
    .toMatchObject({ matching: 1 });
  await page.goto('/');
  const signInWith = (text: string) => page.evaluate(kept => sessionStorage.setItem('tickstock.token', kept), text);
  await signInWith(await token());
  await open(page);
  await askWhyNot(page, symbol);
  await expect(whyDialog(page).getByRole('alert')).toContainText('You are not allowed to ask this');
  await expect(whyDialog(page).getByRole('alert')).toContainText('the role "admin"');
  await signInWith(await token({ role: 'admin' }));
  await open(page);
  await askWhyNot(page, symbol);
  await expect(whyDialog(page).locator('.why-verdict')).toHaveText('The filter of Daily does not let it through.');
});
