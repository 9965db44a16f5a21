import type { Page } from '@playwright/test';
import { newPassword, unique } from './fixtures/identifiers.ts';
import { oneTimePassword } from './fixtures/mailbox.ts';
import { NewPassword, SignIn, expectFault, signOut } from './fixtures/pages.ts';
import { expect, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { subjects, titles } from './fixtures/words.ts';

async function askForPassword(page: Page, login: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Nie pamiętasz hasła?' }).click();
  await expectTitle(page, titles.recoverPassword);
  await page.getByLabel('Login').fill(login);
  await page.getByRole('button', { name: 'Wyślij hasło jednorazowe' }).click();
  await expectTitle(page, titles.checkMail);
}

async function askForLogin(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Nie pamiętasz nazwy użytkownika?' }).click();
  await expectTitle(page, titles.recoverLogin);
  await page.getByLabel('Adres email').fill(email);
  await page.getByRole('button', { name: 'Przypomnij login' }).click();
  await expectTitle(page, titles.checkMail);
}

test('a forgotten password: the old one works until the one-time password is used', async ({ page, visit, portal }) => {
  const account = await portal.newAccount();
  await askForPassword(page, account.loginName);
  const code = oneTimePassword(await portal.mailbox.wait(account.email, subjects.pl.passwordReset));
  await signIn(page, account);
  await signOut(page);

  const elsewhere = await visit();
  await signIn(elsewhere, account);
  await new SignIn(page).send(account.loginName, code);
  await expectTitle(page, titles.mustChange);
  const password = newPassword('Malina-las');
  await new NewPassword(page, 'Hasło jednorazowe').send(code, password);
  await expectTitle(page, titles.home);
  await portal.mailbox.wait(account.email, subjects.pl.passwordChanged, 2);

  await elsewhere.goto('/invoices');
  await expectTitle(elsewhere, titles.signIn);
  const form = new SignIn(elsewhere);
  await form.fail(account.loginName, account.password);
  await form.fail(account.loginName, code);
  await form.send(account.loginName, password);
  await expectTitle(elsewhere, titles.home);
});

test('a forgotten login comes by mail, a PESEL masked, one address for several accounts', async ({ page, portal }) => {
  const first = await portal.newAccount();
  const second = await portal.newAccount({ email: first.email, login: unique('wanda') });
  await askForLogin(page, first.email);
  const mail = await portal.mailbox.wait(first.email, subjects.pl.loginReminder);
  expect(mail.text).toContain(second.login);
  expect(mail.text).not.toContain(first.pesel);
  expect(mail.text).toContain(`${first.pesel.slice(0, 3)}••••••${first.pesel.slice(-2)}`);
});

test('the answers are the same whether the account exists or not', async ({ page, portal }) => {
  const account = await portal.newAccount();
  const unknown = `${unique('nikt')}@poczta.example`;
  const said: Record<string, Set<string | null>> = { password: new Set(), login: new Set() };
  for (const login of [account.loginName, unique('nikt')]) {
    await askForPassword(page, login);
    said.password?.add(`${page.url()} ${await page.getByRole('main').textContent()}`);
  }
  for (const email of [account.email, unknown]) {
    await askForLogin(page, email);
    said.login?.add(`${page.url()} ${await page.getByRole('main').textContent()}`);
  }
  expect(said.password?.size).toBe(1);
  expect(said.login?.size).toBe(1);
  await portal.mailbox.wait(account.email, subjects.pl.loginReminder);
  expect(portal.mailbox.to(unknown)).toEqual([]);
});

test('more than three mails an hour do not come, and the page does not tell', async ({ page, portal }) => {
  const account = await portal.newAccount();
  for (let time = 1; time <= 4; time += 1) {
    await askForPassword(page, account.loginName);
    await portal.mailbox.wait(account.email, subjects.pl.passwordReset, Math.min(time, 3));
  }
  await askForLogin(page, account.email);
  await portal.mailbox.wait(account.email, subjects.pl.loginReminder);
  const resets = portal.mailbox.to(account.email).filter((mail) => mail.subject === subjects.pl.passwordReset);
  expect(resets).toHaveLength(3);
});

test('an empty or impossible field is said at the field', async ({ page }) => {
  await open(page, '/recover/password');
  await page.getByRole('button', { name: 'Wyślij hasło jednorazowe' }).click();
  await expectFault(page, page.getByLabel('Login'), 'Pole Login jest wymagane');
  await open(page, '/recover/login');
  const email = page.getByLabel('Adres email');
  await page.getByRole('button', { name: 'Przypomnij login' }).click();
  await expectFault(page, email, 'Pole Adres email jest wymagane');
  await email.fill('nie-adres');
  await page.getByRole('button', { name: 'Przypomnij login' }).click();
  await expectFault(page, email, 'Pole Adres email ma niepoprawny format');
  await expect(email).toHaveValue('nie-adres');
});

test.describe('after an hour', () => {
  test.use({ needsOwnPortal: true });

  test('a one-time password for a forgotten one is dead, the old password lives', async ({ page, portal }) => {
    const account = await portal.newAccount();
    await askForPassword(page, account.loginName);
    const code = oneTimePassword(await portal.mailbox.wait(account.email, subjects.pl.passwordReset));
    await portal.moveClock(3600 + 1);
    await new SignIn(page).fail(account.loginName, code);
    await signIn(page, account);
  });
});
