import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import { Visitor } from './fixtures/http.ts';
import { newPassword, unique } from './fixtures/identifiers.ts';
import { linkTo, oneTimePassword } from './fixtures/mailbox.ts';
import { NewPassword, Registration, SignIn, expectFault, signOut, summary } from './fixtures/pages.ts';
import { expect, expectTitle, signIn, test } from './fixtures/test.ts';
import { subjects, titles } from './fixtures/words.ts';

test.use({ javaScriptEnabled: false });

test('the whole way from registration to sign-out', async ({ page, portal }) => {
  const customer = await portal.newCustomer({ invoices: 2 });
  const form = new Registration(page);
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Zarejestruj się' }).click();
  await form.fill(customer);
  await form.email.fill('');
  await form.submit.click();
  await expectFault(page, form.email, 'Pole Adres email jest wymagane');
  await form.email.fill(customer.email);
  await form.expectKept(customer);
  await form.submit.click();
  await expectTitle(page, titles.registered);

  await page.goto(linkTo(await portal.mailbox.wait(customer.email, subjects.pl.activation), '/activate'));
  await page.getByRole('button', { name: 'Aktywuj konto' }).click();
  await expectTitle(page, titles.activated);
  const code = oneTimePassword(await portal.mailbox.wait(customer.email, subjects.pl.oneTimePassword));
  await page.goto('/sign-in');
  const entry = new SignIn(page);
  await entry.send(customer.pesel, `${code}X`);
  await expect(summary(page)).toContainText('Nie udało się zalogować.');
  await expect(entry.login).toHaveValue(customer.pesel);
  await expect(entry.password).toHaveValue('');
  await entry.send(customer.pesel, code);
  await expectTitle(page, titles.mustChange);
  const change = new NewPassword(page, 'Hasło jednorazowe');
  await change.send(code, 'krotkie');
  await expectFault(page, change.chosen, 'Hasło w polu Nowe hasło nie spełnia warunków: co najmniej 8 znaków; co najmniej jedna wielka litera; co najmniej jedna cyfra lub znak specjalny');
  await expect(change.current).toHaveValue('');
  const password = newPassword('Olcha-gaj');
  await change.send(code, password);
  await expectTitle(page, titles.home);

  await page.getByRole('navigation', { name: 'Menu główne' }).getByRole('link', { name: titles.invoices }).click();
  await page.getByRole('navigation', { name: 'Pokaż' }).getByRole('link', { name: 'Po terminie' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('link', { name: customer.invoices[1]?.number ?? '' }).click();
  await expectTitle(page, `Faktura ${customer.invoices[1]?.number}`);

  await page.getByRole('link', { name: 'Edytuj konto' }).click();
  const settings = new NewPassword(page, 'Obecne hasło');
  await settings.send('Nie-To-1-Haslo', `${password}-b`);
  await expectFault(page, settings.current, 'Wartość w polu Obecne hasło jest nieprawidłowa');
  await settings.send(password, `${password}-b`);
  await expect(page.getByText('Hasło zostało zmienione.')).toBeVisible();
  await signOut(page);
});

test('recovery of password and login', async ({ page, portal }) => {
  const account = await portal.newAccount({ login: unique('beata') });
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Nie pamiętasz hasła?' }).click();
  await page.getByRole('button', { name: 'Wyślij hasło jednorazowe' }).click();
  await expectFault(page, page.getByLabel('Login'), 'Pole Login jest wymagane');
  await page.getByLabel('Login').fill(account.login);
  await page.getByRole('button', { name: 'Wyślij hasło jednorazowe' }).click();
  await expectTitle(page, titles.checkMail);
  await portal.mailbox.wait(account.email, subjects.pl.passwordReset);
  await page.goto('/recover/login');
  await page.getByLabel('Adres email').fill(account.email);
  await page.getByRole('button', { name: 'Przypomnij login' }).click();
  await expectTitle(page, titles.checkMail);
  expect((await portal.mailbox.wait(account.email, subjects.pl.loginReminder)).text).toContain(account.login);
});

test('language and appearance', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator(':root')).toHaveAttribute('lang', 'en');
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.getByRole('banner').getByRole('group').click();
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator(':root')).toHaveAttribute('data-theme', 'dark');
});

test('a session elsewhere is ended with the password', async ({ page, visit, portal }) => {
  const account = await portal.newAccount();
  const other = await visit();
  await signIn(page, account);
  await signIn(other, account);
  await page.goto('/settings');
  await page.getByLabel('Hasło', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: /^Zakończ sesję/ }).click();
  await expect(page.getByText('Sesja została zakończona.')).toBeVisible();
});

const LETTERS = 'Litery z obrazka';

/** The number whose hash with the token starts with enough zeros: the same proof that the page computes by itself. */
function prove(token: string, bits = 16): string {
  const nonce = Buffer.alloc(8);
  for (let number = 0; ; number += 1) {
    nonce.writeBigUInt64LE(BigInt(number));
    if (createHash('sha256').update(token).update(nonce).digest().readUInt32BE(0) >>> (32 - bits) === 0) {
      return String(number);
    }
  }
}

async function tokenOfPicture(page: Page): Promise<string> {
  const address = await page.getByRole('img', { name: 'Obrazek z sześcioma literami do przepisania' }).getAttribute('src');
  return /\/captcha\/(.+)\.png$/.exec(address ?? '')?.[1] ?? '';
}

test('after three failures letters are asked, seen or heard, each picture once', async ({ page, portal }) => {
  const account = await portal.newAccount();
  const form = new SignIn(page);
  await page.goto('/sign-in');
  await form.send(account.loginName, 'Zle-Haslo-1');
  await form.send(account.loginName, 'Zle-Haslo-2');
  await form.send(account.loginName, 'Zle-Haslo-3');
  const letters = page.getByLabel(LETTERS);
  await expect(letters).toBeVisible();
  const picture = page.getByRole('img', { name: 'Obrazek z sześcioma literami do przepisania' });
  await expect(picture).toBeVisible();
  const token = await tokenOfPicture(page);
  const wire = new Visitor(portal.port, 'mojbok');
  const [seen, heard] = [await wire.get(`/captcha/${token}.png`), await wire.get(`/captcha/${token}.wav`)];
  expect([seen.status, seen.headers['content-type']]).toEqual([200, 'image/png']);
  expect([heard.status, heard.headers['content-type']]).toEqual([200, 'audio/wav']);

  await page.getByRole('button', { name: 'Inny obrazek' }).click();
  await expect(summary(page)).toContainText('Jeśli pole hasła jest puste, wpisz też hasło.');
  await expect(form.login).toHaveValue(account.loginName);
  await expect(form.password).toHaveValue('');
  expect(await tokenOfPicture(page)).not.toBe(token);

  await letters.fill('AAAAAA');
  await form.send(account.loginName, account.password);
  await expect(summary(page)).toContainText('Litery się nie zgadzają albo minął czas.');
  const second = await tokenOfPicture(page);
  expect(second).not.toBe(token);
  await expect(letters).toHaveValue('');
  await letters.fill(prove(second));
  await form.send(account.loginName, account.password);
  await expectTitle(page, titles.home);
});
