import { linkTo, oneTimePassword } from './fixtures/mailbox.ts';
import { Visitor } from './fixtures/http.ts';
import { NewPassword, Registration, SignIn, expectFault, summary } from './fixtures/pages.ts';
import { expect, expectTitle, open, test } from './fixtures/test.ts';
import type { Customer } from './fixtures/crm.ts';
import type { Portal } from './fixtures/portal.ts';
import type { Page } from '@playwright/test';
import { subjects, titles } from './fixtures/words.ts';

/** Registers and returns the link of the mail. */
async function register(page: Page, portal: Portal): Promise<{ customer: Customer; link: string }> {
  const customer = await portal.newCustomer();
  const form = new Registration(page);
  await page.goto('/register');
  await form.fill(customer);
  await form.submit.click();
  await expectTitle(page, titles.registered);
  const mail = await portal.mailbox.wait(customer.email, subjects.pl.activation);
  return { customer, link: linkTo(mail, '/activate') };
}

async function activate(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Aktywuj konto' }).click();
  await expectTitle(page, titles.activated);
}

async function expectDead(page: Page, reason: string): Promise<void> {
  await expectTitle(page, titles.deadLink);
  await expect(page.getByText(reason)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Aktywuj konto' })).toBeHidden();
}

const USED = 'Ten link był już użyty. Jeśli konto jest aktywne, po prostu się zaloguj.';
const EXPIRED = 'Ten link jest już nieważny. Poproś o nowy.';
const UNKNOWN = 'Nie znamy tego linku.';

test('looking at a link does not use it up, as mail scanners look, too', async ({ page, portal }) => {
  const { customer, link } = await register(page, portal);
  const { pathname, search } = new URL(link);
  for (let look = 0; look < 3; look += 1) {
    const scanner = new Visitor(portal.port, 'mojbok');
    await scanner.get(`${pathname}${search}`);
    expect((await scanner.get('/activate')).status).toBe(200);
  }
  expect(portal.mailbox.to(customer.email)).toHaveLength(1);
  await activate(page, link);
});

test('a link works once', async ({ page, visit, portal }) => {
  const { link } = await register(page, portal);
  await activate(page, link);
  await page.goto(link);
  await expectDead(page, USED);
  const elsewhere = await visit();
  await elsewhere.goto(link);
  await expectDead(elsewhere, USED);
});

test('of two browsers that press the button at once, one activates', async ({ page, visit, portal }) => {
  const { customer, link } = await register(page, portal);
  const other = await visit();
  await Promise.all([page, other].map((one) => one.goto(link)));
  await Promise.all([page, other].map((one) => one.getByRole('button', { name: 'Aktywuj konto' }).click()));
  await expect
    .poll(async () => {
      const shown = await Promise.all([page, other].map((one) => one.getByRole('heading', { level: 1 }).textContent()));
      return shown.filter((title) => title === titles.activated).length;
    })
    .toBe(1);
  await portal.mailbox.wait(customer.email, subjects.pl.oneTimePassword);
  expect(portal.mailbox.to(customer.email).filter((mail) => mail.subject === subjects.pl.oneTimePassword)).toHaveLength(1);
});

test('a link of one operator is unknown to another', async ({ page, visit, portal }) => {
  const { link } = await register(page, portal);
  const foreign = await visit({ operator: 'ebok' });
  const { pathname, search } = new URL(link);
  await foreign.goto(`${pathname}${search}`);
  await expectDead(foreign, UNKNOWN);
  await activate(page, link);
});

test('a cut link is unknown', async ({ page, portal }) => {
  const { link } = await register(page, portal);
  await page.goto(link.slice(0, -5));
  await expectDead(page, UNKNOWN);
});

test('a link that is asked for again replaces the former one', async ({ page, portal }) => {
  const { customer, link } = await register(page, portal);
  await page.goto('/register/done');
  await page.getByRole('link', { name: 'Wyślij link jeszcze raz' }).click();
  await page.getByLabel('Login').fill(customer.pesel);
  await page.getByRole('button', { name: 'Wyślij link' }).click();
  await expectTitle(page, titles.checkMail);
  const again = linkTo(await portal.mailbox.wait(customer.email, subjects.pl.activation, 2), '/activate');
  expect(again).not.toBe(link);
  await page.goto(link);
  await expectDead(page, EXPIRED);
  await activate(page, again);
});

test('asking for a link says the same whether an account waits or not', async ({ page, portal }) => {
  const account = await portal.newAccount();
  const { customer } = await register(page, portal);
  const answers = new Set<string | null>();
  for (const login of [customer.pesel, account.loginName, 'nikogo.takiego.nie.ma']) {
    await page.goto('/activate/resend');
    await page.getByLabel('Login').fill(login);
    await page.getByRole('button', { name: 'Wyślij link' }).click();
    await expectTitle(page, titles.checkMail);
    answers.add(await page.getByRole('main').textContent());
  }
  expect(answers.size).toBe(1);
  expect(portal.mailbox.to(account.email).filter((mail) => mail.subject === subjects.pl.activation)).toHaveLength(1);
});

test('before activation nobody signs in, and the form says what it always says', async ({ page, portal }) => {
  const { customer } = await register(page, portal);
  await new SignIn(page).fail(customer.pesel, 'Cokolwiek-2026');
});

test('the mail is the operator’s and readable as plain text', async ({ page, portal }) => {
  const { customer, link } = await register(page, portal);
  const mail = await portal.mailbox.wait(customer.email, subjects.pl.activation);
  expect(mail.from).toContain('Polana Energia');
  expect(mail.text).toContain('Link działa przez 24 godziny i tylko raz.');
  expect(mail.html).toContain(link.replaceAll('&', '&amp;'));
  expect(new URL(link).origin).toBe(new URL(portal.url()).origin);
  expect(mail.text).not.toContain(customer.pesel);
  expect(mail.html, 'no tracking pixel').not.toMatch(/<img[^>]+src="http/);
});

test('a one-time password opens nothing but the change, works once, and not as a password of choice', async ({
  page,
  visit,
  portal,
}) => {
  const { customer, link } = await register(page, portal);
  await activate(page, link);
  const code = oneTimePassword(await portal.mailbox.wait(customer.email, subjects.pl.oneTimePassword));
  await page.goto('/sign-in');
  await new SignIn(page).send(customer.pesel, code.toLowerCase().replaceAll('-', ' '));
  await expectTitle(page, titles.mustChange);
  for (const path of ['/', '/invoices', '/settings', '/contracts']) {
    await page.goto(path);
    await expectTitle(page, titles.mustChange);
  }
  await expect(page.getByRole('navigation', { name: 'Menu główne' })).toBeHidden();
  const form = new NewPassword(page, 'Hasło jednorazowe');
  await open(page, '/password-required');
  await form.send(code, code);
  await expectFault(page, form.chosen, 'Hasło w polu Nowe hasło musi być inne niż dotychczasowe');
  await form.send('ABCD-EFGH-JKMN-PQRS', 'Modrzew-na-skale-7');
  await expectFault(page, form.current, 'Wartość w polu Hasło jednorazowe jest nieprawidłowa');
  await form.send(code, 'Modrzew-na-skale-7');
  await expectTitle(page, titles.home);
  const elsewhere = await visit();
  await new SignIn(elsewhere).fail(customer.pesel, code);
});

test.describe('after a day', () => {
  test.use({ needsOwnPortal: true });
  const DAY_S = 24 * 3600;

  test('a link is dead, a new one works, and the one-time password after it lives a day', async ({ page, portal }) => {
    const { customer, link } = await register(page, portal);
    await page.goto(link);
    await expectTitle(page, titles.activate);
    await portal.moveClock(DAY_S + 1);
    await page.getByRole('button', { name: 'Aktywuj konto' }).click();
    await expect(page.getByText(EXPIRED)).toBeVisible();
    await page.goto(link);
    await expectDead(page, EXPIRED);
    await page.getByRole('link', { name: 'Wyślij nowy link' }).click();
    await page.getByLabel('Login').fill(customer.pesel);
    await page.getByRole('button', { name: 'Wyślij link' }).click();
    await expectTitle(page, titles.checkMail);
    await activate(page, linkTo(await portal.mailbox.wait(customer.email, subjects.pl.activation, 2), '/activate'));
    const code = oneTimePassword(await portal.mailbox.wait(customer.email, subjects.pl.oneTimePassword));
    await portal.moveClock(DAY_S + 1);
    await new SignIn(page).fail(customer.pesel, code);
    await expect(summary(page)).not.toContainText('jednorazowe');
  });
});
