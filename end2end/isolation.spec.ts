import type { Page } from '@playwright/test';
import { Visitor } from './fixtures/http.ts';
import { expect, signIn, test } from './fixtures/test.ts';
import { officePages, titles } from './fixtures/words.ts';

/** Every address of the portal that the pages and their requests showed this customer. */
async function everythingSeen(page: Page): Promise<string[]> {
  const seen = new Set<string>();
  page.on('request', (request) => seen.add(request.url()));
  const visitAndCollect = async (path: string) => {
    await page.goto(path);
    const links = await page.getByRole('link').evaluateAll((found) => found.map((link) => (link as HTMLAnchorElement).href));
    links.forEach((link) => seen.add(link));
  };
  for (const [path] of officePages) {
    await visitAndCollect(path);
  }
  for (const address of [...seen].filter((address) => /\/invoices\/[^/?]+$/.test(address))) {
    await visitAndCollect(address);
  }
  return [...seen];
}

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

test('nothing that one customer ever saw opens for another', async ({ page, visit, portal }) => {
  const [owner, other] = await Promise.all([portal.newAccount({ invoices: 3 }), portal.newAccount({ invoices: 1 })]);
  await signIn(page, owner);
  const addresses = (await everythingSeen(page)).filter((address) => ID.test(address));
  expect(addresses.filter((address) => address.endsWith('/pdf')), 'the documents are among them').toHaveLength(3);

  const stranger = await visit();
  await signIn(stranger, other);
  const cookies = await stranger.context().cookies();
  const wire = new Visitor(portal.port, 'mojbok').with(cookies);
  const missing = '01900000-0000-7000-8000-000000000000';
  for (const address of addresses) {
    const { pathname, search } = new URL(address);
    const answer = await wire.get(`${pathname}${search}`);
    expect(answer.status, address).toBe(404);
    const same = await wire.get(`${pathname}${search}`.replace(ID, missing));
    expect(same.status, 'as if it did not exist').toBe(404);
    for (const invoice of owner.invoices) {
      expect(answer.body).not.toContain(invoice.number);
    }
  }
  const invoice = addresses.find((address) => /\/invoices\/[^/?]+$/.test(address)) ?? '';
  await stranger.goto(invoice);
  await expect(stranger.getByRole('heading', { name: titles.notFound })).toBeVisible();
});

test('a keyset of one customer shows another only their own', async ({ page, visit, portal }) => {
  const [owner, other] = await Promise.all([portal.newAccount({ invoices: 60 }), portal.newAccount({ invoices: 2 })]);
  await signIn(page, owner);
  await page.goto('/invoices');
  const next = await page.getByRole('link', { name: 'Starsze faktury' }).getAttribute('href');
  const stranger = await visit();
  await signIn(stranger, other);
  await stranger.goto(next ?? '');
  for (const invoice of owner.invoices) {
    await expect(stranger.getByText(invoice.number)).toBeHidden();
  }
});

test('a session of one customer cannot be ended by another', async ({ page, visit, portal }) => {
  const [owner, other] = await Promise.all([portal.newAccount(), portal.newAccount()]);
  await signIn(page, owner);
  const second = await visit();
  await signIn(second, owner);
  await page.goto('/settings');
  const session = await page.getByRole('button', { name: /^Zakończ sesję/ }).getAttribute('value');
  expect(session).toMatch(ID);
  const stranger = await visit();
  await signIn(stranger, other);
  const wire = new Visitor(portal.port, 'mojbok').with(await stranger.context().cookies());
  const answer = await wire.tryPost('/settings', {
    _function: '/api/end_session', session: session ?? '', password: other.password,
  });
  expect(answer.status).toBe(404);
  await second.goto('/invoices');
  await expect(second.getByRole('heading', { level: 1, name: titles.invoices })).toBeVisible();
});
