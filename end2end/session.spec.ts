import type { Page } from '@playwright/test';
import { Visitor } from './fixtures/http.ts';
import { signOut } from './fixtures/pages.ts';
import { awake, expect, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { titles } from './fixtures/words.ts';

/** These tests move clocks: nobody else may use their server. */
test.use({ needsOwnPortal: true });

const PLAIN_MESSAGE = 'Nic się nie działo przez 15 minut, więc dla bezpieczeństwa wylogowaliśmy Cię z konta.';

const warning = (page: Page) => page.getByRole('dialog', { name: 'Czy nadal tu jesteś?' });

/** A tab that hears nothing of the others, as one that sleeps. */
async function deafen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(BroadcastChannel.prototype, 'onmessage', { set() {} });
  });
}

/** It wakes up after more than 15 minutes. Playwright's clock is one for all tabs, and this is for this one alone. */
async function wakeUp(page: Page): Promise<void> {
  await page.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 15 * 60_000 + 10_000;
    window.dispatchEvent(new Event('focus'));
  });
}

test('R16: after 15 idle minutes both browser and server are done: warned, counted down, wiped, told why', async ({
  page,
  context,
  portal,
}) => {
  const account = await portal.newAccount({ invoices: 1 });
  await page.clock.install();
  await signIn(page, account);
  await open(page, '/invoices');
  const cookies = await context.cookies();
  await page.clock.runFor('12:50');
  await expect(warning(page)).toBeHidden();
  await page.clock.runFor('00:15');
  await expect(warning(page)).toBeVisible();
  await expect(warning(page)).toContainText('1:5');
  await expect(warning(page).getByRole('button', { name: 'Pozostań w portalu' })).toBeFocused();
  await page.clock.runFor('01:00');
  await expect(warning(page)).toContainText('0:5');
  await portal.moveClock(15 * 60);
  await page.clock.runFor('00:58');
  await expectTitle(page, titles.signIn);
  await expect(page.getByText(PLAIN_MESSAGE)).toBeVisible();
  await expect(page.getByText(account.invoices[0]?.number ?? '')).toBeHidden();
  const thief = new Visitor(portal.port, 'mojbok').with(cookies);
  expect((await thief.get('/invoices')).status).toBe(303);
  await page.goto('/invoices');
  await expectTitle(page, titles.signIn);
});

test('what the browser says is over is over on the server, too', async ({ page, context, portal }) => {
  const account = await portal.newAccount();
  await page.clock.install();
  await signIn(page, account);
  await awake(page);
  const cookies = await context.cookies();
  await page.clock.fastForward('15:10');
  await expectTitle(page, titles.signIn);
  await expect(page.getByText(PLAIN_MESSAGE)).toBeVisible();
  const thief = new Visitor(portal.port, 'mojbok').with(cookies);
  expect((await thief.get('/invoices')).status).toBe(303);
  await page.goBack();
  await expectTitle(page, titles.signIn);
});

test('"stay signed in" goes on for another 15 minutes, on the server, too', async ({ page, portal }) => {
  const account = await portal.newAccount();
  await page.clock.install();
  await signIn(page, account);
  await awake(page);
  for (let time = 0; time < 2; time += 1) {
    await portal.moveClock(14 * 60);
    await page.clock.runFor('14:00');
    await warning(page).getByRole('button', { name: 'Pozostań w portalu' }).click();
    await expect(warning(page)).toBeHidden();
  }
  await page.goto('/invoices');
  await expectTitle(page, titles.invoices);
});

test('R16: all tabs are in step: staying in one keeps the others, the end of one ends all', async ({ page, context, portal }) => {
  const account = await portal.newAccount();
  await page.clock.install();
  await signIn(page, account);
  await awake(page);
  const other = await context.newPage();
  await open(other, '/contracts');
  await page.clock.runFor('13:30');
  await portal.moveClock(13 * 60 + 30);
  await expect(warning(page)).toBeVisible();
  await expect(warning(other)).toBeVisible();
  await warning(other).getByRole('button', { name: 'Pozostań w portalu' }).click();
  await expect(warning(other)).toBeHidden();
  await expect(warning(page)).toBeHidden();
  await page.clock.runFor('13:30');
  await expect(warning(page)).toBeVisible();
  await warning(page).getByRole('button', { name: 'Wyloguj teraz' }).click();
  await expectTitle(page, titles.signIn);
  await expectTitle(other, titles.signIn);
});

test('R16: a computer that slept wakes up to the truth', async ({ page, portal }) => {
  const account = await portal.newAccount({ invoices: 1 });
  await page.clock.install();
  await signIn(page, account);
  await open(page, '/invoices');
  await portal.moveClock(3600);
  await page.clock.setSystemTime(Date.now() + 3_600_000);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expectTitle(page, titles.signIn);
  await expect(page.getByText(PLAIN_MESSAGE)).toBeVisible();
});

test('a tab that slept and heard nothing keeps the session that another tab prolonged', async ({ page, context, portal }) => {
  const account = await portal.newAccount();
  await deafen(page);
  await signIn(page, account);
  await awake(page);
  const other = await context.newPage();
  await other.addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 14 * 60_000;
  });
  await open(other, '/contracts');
  await wakeUp(page);
  await expect(page.getByRole('navigation', { name: 'Menu główne' })).toBeVisible();
  await other.getByRole('navigation', { name: 'Menu główne' }).getByRole('link', { name: titles.payers }).click();
  await expectTitle(other, titles.payers);
});

test('a tab of a former session does not end the one that began while it slept', async ({ page, context, portal }) => {
  const account = await portal.newAccount();
  await deafen(page);
  await signIn(page, account);
  await awake(page);
  const other = await context.newPage();
  await open(other, '/contracts');
  await signOut(other);
  await signIn(other, account);
  await wakeUp(page);
  await expectTitle(page, titles.signIn);
  await open(other, '/payers');
  await expectTitle(other, titles.payers);
});

test('without scripts the server ends the session just the same', async ({ visit, portal }) => {
  const account = await portal.newAccount();
  const page = await visit({ javaScriptEnabled: false });
  await signIn(page, account);
  await portal.moveClock(14 * 60);
  await page.goto('/invoices');
  await expectTitle(page, titles.invoices);
  await portal.moveClock(14 * 60);
  await page.goto('/contracts');
  await expectTitle(page, titles.contracts);
  await portal.moveClock(15 * 60);
  await page.goto('/payers');
  await expectTitle(page, titles.signIn);
  await expect(page.getByText(PLAIN_MESSAGE)).toBeVisible();
});

test('signing out in one tab leaves nothing to see in the others', async ({ page, context, portal }) => {
  const account = await portal.newAccount();
  await signIn(page, account);
  await awake(page);
  const other = await context.newPage();
  await open(other, '/contracts');
  await signOut(page);
  await expectTitle(page, titles.signIn);
  await expectTitle(other, titles.signIn);
  await expect(other.getByText(account.contracts[0]?.number ?? '')).toBeHidden();
});

test('assets and failed requests do not keep a session alive', async ({ page, context, portal }) => {
  const account = await portal.newAccount();
  await signIn(page, account);
  const visitor = new Visitor(portal.port, 'mojbok').with(await context.cookies());
  for (let time = 0; time < 3; time += 1) {
    await portal.moveClock(6 * 60);
    await visitor.get('/manifest.webmanifest');
    await visitor.get('/brand/logo');
    await visitor.get('/favicon.svg');
    await visitor.get('/invoices/nothing');
  }
  expect((await visitor.get('/invoices')).status).toBe(303);
});

test('after 12 hours it ends, however busy', async ({ visit, portal }) => {
  const account = await portal.newAccount();
  const page = await visit({ javaScriptEnabled: false });
  await signIn(page, account);
  const visitor = new Visitor(portal.port, 'mojbok').with(await page.context().cookies());
  for (let minutes = 0; minutes < 12 * 60 - 14; minutes += 14) {
    expect((await visitor.get('/contracts')).status).toBe(200);
    await portal.moveClock(14 * 60);
  }
  await portal.moveClock(60);
  expect((await visitor.get('/contracts')).status).toBe(303);
});
