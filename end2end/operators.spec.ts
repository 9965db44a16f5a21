import { customer } from './fixtures/crm.ts';
import { Visitor } from './fixtures/http.ts';
import { SignIn } from './fixtures/pages.ts';
import { expect, expectTitle, signIn, test } from './fixtures/test.ts';
import { titles } from './fixtures/words.ts';

test('a host that belongs to nobody lists the portals', async ({ page, portal }) => {
  await page.goto(`http://localhost:${portal.port}/`);
  await expectTitle(page, 'Wybierz swojego dostawcę');
  await expect(page.getByRole('main').getByRole('link')).toHaveCount(5);
  await page.getByRole('link', { name: 'Polana Energia' }).click();
  await expectTitle(page, titles.signIn);
  expect(page.url()).toBe(portal.url('/sign-in'));
});

test('an account of one operator does not exist at another', async ({ page, visit, portal }) => {
  const account = await portal.newAccount({ invoices: 1 });
  await signIn(page, account);
  const foreign = await visit({ operator: 'panel' });
  await new SignIn(foreign).fail(account.loginName, account.password);
});

test('a session of one operator opens nothing at another', async ({ page, context, portal }) => {
  const account = await portal.newAccount({ invoices: 1 });
  await signIn(page, account);
  const cookies = await context.cookies();
  const home = new Visitor(portal.port, 'mojbok').with(cookies);
  expect((await home.get('/invoices')).status).toBe(200);
  for (const operator of ['ebok', 'teplo', 'pgb', 'panel'] as const) {
    const abroad = new Visitor(portal.port, operator).with(cookies);
    for (const path of ['/', '/invoices', '/settings']) {
      expect((await abroad.get(path)).status, `${operator} ${path}`).toBe(303);
    }
    expect((await abroad.get('/api/invoices?show=&after=')).status, operator).toBe(401);
  }
});

test('the same PESEL is two customers of two operators, who see their own', async ({ page, portal }) => {
  const account = await portal.newAccount({ invoices: 1 });
  const twin = { ...customer({ invoices: 1 }), pesel: account.pesel, number: account.number };
  await portal.import([twin], 'ebok');
  await signIn(page, account);
  await page.goto('/invoices');
  await expect(page.getByText(account.invoices[0]?.number ?? '')).toBeVisible();
  await expect(page.getByText(twin.invoices[0]?.number ?? '')).toBeHidden();
  await page.goto('/contracts');
  await expect(page.getByText(twin.contracts[0].number)).toBeHidden();
});

test('every operator has its own name, language and colour', async ({ visit }) => {
  const accents = new Set<string>();
  for (const [operator, language] of [['mojbok', 'pl'], ['ebok', 'pl'], ['teplo', 'uk'], ['pgb', 'pl'], ['panel', 'pl']] as const) {
    const page = await visit({ operator, locale: 'fr-FR' });
    await page.goto('/sign-in');
    await expect(page.locator(':root')).toHaveAttribute('lang', language);
    accents.add(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--brand-accent')));
  }
  expect(accents.size).toBeGreaterThan(1);
});
