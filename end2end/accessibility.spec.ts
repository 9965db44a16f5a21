import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/checks.ts';
import { oneTimePassword } from './fixtures/mailbox.ts';
import type { Account } from './fixtures/portal.ts';
import { summary } from './fixtures/pages.ts';
import { awake, expect, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { officePages, publicPages, subjects, titles } from './fixtures/words.ts';

const THEMES = ['light', 'dark', 'contrast'] as const;

async function wear(page: Page, theme: string): Promise<void> {
  await page.context().addCookies([{ name: 'theme', value: theme, domain: 'mojbok.localhost', path: '/' }]);
}

/** What can go wrong is as readable as what goes right. */
async function failEverywhere(page: Page, theme: string): Promise<void> {
  for (const path of ['/sign-in', '/register', '/recover/password', '/recover/login', '/activate/resend']) {
    await open(page, path);
    await page.getByRole('main').getByRole('button', { name: /^(Z|W|P)/ }).last().click();
    await expect(summary(page)).toBeVisible();
    await expectAccessible(page, `${path} with errors, ${theme}`);
  }
}

async function office(page: Page, account: Account): Promise<[string, string][]> {
  await page.goto('/invoices');
  const number = account.invoices[0]?.number ?? '';
  const link = await page.getByRole('link', { name: number }).getAttribute('href');
  return [...officePages, [link ?? '', `Faktura ${number}`]];
}

for (const theme of THEMES) {
  test(`pages for everybody, ${theme}`, async ({ page }) => {
    await wear(page, theme);
    for (const [path, title] of publicPages) {
      await page.goto(path);
      await expectTitle(page, title);
      await expectAccessible(page, `${path}, ${theme}`);
    }
    await failEverywhere(page, theme);
  });

  test(`pages of the office, ${theme}`, async ({ page, portal }) => {
    const account = await portal.newAccount({ invoices: 4, statuses: ['active', 'sent', 'ended'] });
    await wear(page, theme);
    await signIn(page, account);
    for (const [path, title] of await office(page, account)) {
      await page.goto(path);
      await expectTitle(page, title);
      await awake(page);
      await expectAccessible(page, `${path}, ${theme}`);
    }
    await page.getByRole('banner').getByRole('group').click();
    await expectAccessible(page, `the menu of appearance, ${theme}`);
  });
}

test('the dark colours of the device are taken as well', async ({ visit }) => {
  const page = await visit({ colorScheme: 'dark' });
  await open(page, '/sign-in');
  await expectAccessible(page, 'dark by the device');
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [red = 255] = ground.match(/\d+/g)?.map(Number) ?? [];
  expect(red).toBeLessThan(64);
});

test('the page between sign-in and the office', async ({ page, portal }) => {
  const account = await portal.newAccount();
  await page.goto('/recover/password');
  await page.getByLabel('Login').fill(account.loginName);
  await page.getByRole('button', { name: 'Wyślij hasło jednorazowe' }).click();
  await expectTitle(page, titles.checkMail);
  const code = oneTimePassword(await portal.mailbox.wait(account.email, subjects.pl.passwordReset));
  await page.goto('/sign-in');
  await page.getByLabel('Login', { exact: true }).fill(account.loginName);
  await page.getByLabel('Hasło', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Zaloguj się' }).click();
  await expectTitle(page, titles.mustChange);
  await expectAccessible(page, '/password-required');
});

test('a page that does not exist, and the chooser', async ({ page, portal }) => {
  await page.goto('/nothing');
  await expectAccessible(page, '404');
  await page.goto(`http://localhost:${portal.port}/`);
  await expectAccessible(page, 'chooser');
});

test('the skip link comes first and leads to the content', async ({ page }) => {
  await open(page, '/sign-in');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Przejdź do treści' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('every page has its own title', async ({ page, portal }) => {
  await signIn(page, await portal.newAccount());
  const seen = new Set<string>();
  for (const [path] of officePages) {
    await page.goto(path);
    seen.add(await page.title());
    expect(await page.title()).toMatch(/ – Polana Energia$/);
  }
  expect(seen.size).toBe(officePages.length);
});
