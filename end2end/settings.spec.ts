import type { Route } from '@playwright/test';
import { newPassword, unique } from './fixtures/identifiers.ts';
import { NewPassword, SignIn, expectFault, signOut } from './fixtures/pages.ts';
import { expect, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { subjects, titles } from './fixtures/words.ts';

test('a new password is checked while it is typed, and again when it is sent', async ({ page, portal }) => {
  const account = await portal.newAccount({ login: unique('marzena') });
  await signIn(page, account);
  await open(page, '/settings');
  const form = new NewPassword(page, 'Obecne hasło');
  const rules = page.getByRole('list', { name: 'Warunki, które musi spełniać hasło' });
  const rule = (words: string) => rules.getByRole('listitem').filter({ hasText: words });
  await form.chosen.fill('mniej');
  await expect(rule('co najmniej 8 znaków')).toContainText('niespełnione');
  await form.chosen.fill('Wiecej-znakow');
  await expect(rule('co najmniej 8 znaków')).not.toContainText('niespełnione');
  await expect(rule('co najmniej jedna wielka litera')).not.toContainText('niespełnione');
  await expect(rule('co najmniej jedna cyfra lub znak specjalny')).not.toContainText('niespełnione');

  const refusals: [current: string, chosen: string, repeat: string, at: 'current' | 'chosen' | 'repeat', message: string][] = [
    ['', 'Jaskier-4-2', 'Jaskier-4-2', 'current', 'Pole Obecne hasło jest wymagane'],
    [account.password, '', '', 'chosen', 'Pole Nowe hasło jest wymagane'],
    [account.password, 'Jaskier-4-2', 'Jaskier-4-3', 'repeat', 'Wartość w polu Powtórz nowe hasło jest inna niż wpisana powyżej'],
    [account.password, account.password, account.password, 'chosen', 'Hasło w polu Nowe hasło musi być inne niż dotychczasowe'],
    [account.password, 'jaskier', 'jaskier', 'chosen', 'Hasło w polu Nowe hasło nie spełnia warunków: co najmniej 8 znaków; co najmniej jedna wielka litera; co najmniej jedna cyfra lub znak specjalny'],
    [account.password, 'Password1', 'Password1', 'chosen', 'Hasło w polu Nowe hasło nie spełnia warunków: hasło spoza listy najczęściej używanych'],
    [account.password, `A-${account.login}`, `A-${account.login}`, 'chosen', 'Hasło w polu Nowe hasło nie spełnia warunków: bez loginu, nazwy firmy i danych osobowych'],
    ['Nie-To-Haslo-1', 'Jaskier-4-2', 'Jaskier-4-2', 'current', 'Wartość w polu Obecne hasło jest nieprawidłowa'],
  ];
  for (const [current, chosen, repeat, at, message] of refusals) {
    await form.send(current, chosen, repeat);
    await expectFault(page, form[at], message);
  }
  await signOut(page);
  await signIn(page, account);
});

test('a changed password ends the other sessions, and the owner gets a mail', async ({ page, visit, portal }) => {
  const account = await portal.newAccount();
  const other = await visit();
  await signIn(page, account);
  await signIn(other, account);
  await open(page, '/settings');
  const password = newPassword('Wrzos-bor');
  await new NewPassword(page, 'Obecne hasło').send(account.password, password);
  await expect(page.getByText('Hasło zostało zmienione.')).toBeVisible();
  await portal.mailbox.wait(account.email, subjects.pl.passwordChanged, 2);
  await other.getByRole('navigation', { name: 'Menu główne' }).getByRole('link', { name: titles.payers }).click();
  await expectTitle(other, titles.signIn);
  await new SignIn(other).send(account.loginName, password);
  await expectTitle(other, titles.payers);
});

test('a form that was refused for the former session is sent once more, and nobody is signed out', async ({ page, portal }) => {
  const account = await portal.newAccount();
  await signIn(page, account);
  await open(page, '/settings');
  let refusals = 0;
  const refuse = (route: Route): Promise<void> => {
    refusals += 1;
    return route.fulfill({ status: 401, json: {} });
  };
  await page.route('**/api/change_password', refuse, { times: 1 });
  await new NewPassword(page, 'Obecne hasło').send(account.password, newPassword('Wrzos-bor'));
  await expect(page.getByText('Hasło zostało zmienione.')).toBeVisible();
  expect(refusals).toBe(1);
});

test('a session elsewhere is seen and ended with the password', async ({ page, visit, portal }) => {
  const account = await portal.newAccount();
  const other = await visit();
  await signIn(page, account);
  await signIn(other, account);
  await open(page, '/settings');
  await expect(page.getByText('To urządzenie')).toBeVisible();
  const end = page.getByRole('button', { name: /^Zakończ sesję/ });
  await expect(end).toHaveCount(1);
  const password = page.getByLabel('Hasło', { exact: true });
  await expect(password).toHaveAccessibleDescription(/zakończyć sesję na innym urządzeniu/);
  await end.click();
  await expectFault(page, password, 'Pole Hasło jest wymagane');
  await password.fill('Nie-To-Haslo-1');
  await end.click();
  await expectFault(page, password, 'Wartość w polu Hasło jest nieprawidłowa');
  await password.fill(account.password);
  await end.click();
  await expect(page.getByText('Sesja została zakończona.')).toBeVisible();
  await expect(page.getByText('Konto jest otwarte tylko na tym urządzeniu.')).toBeVisible();
  await other.goto('/invoices');
  await expectTitle(other, titles.signIn);
});

test('a sixth session ends the oldest', async ({ visit, portal }) => {
  const account = await portal.newAccount();
  const pages = [];
  for (let place = 0; place < 6; place += 1) {
    const page = await visit();
    await signIn(page, account);
    pages.push(page);
  }
  const [oldest, second] = pages;
  await oldest?.goto('/invoices');
  await second?.goto('/invoices');
  if (oldest && second) {
    await expectTitle(oldest, titles.signIn);
    await expectTitle(second, titles.invoices);
  }
});

test('themes and larger text are remembered, without a flash of the other', async ({ page }) => {
  await open(page, '/sign-in');
  const root = page.locator(':root');
  const choose = async (name: string) => {
    await page.getByRole('banner').getByRole('group').click();
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForLoadState('load');
  };
  for (const [name, code] of [['Ciemny', 'dark'], ['Wysoki kontrast', 'contrast'], ['Jasny', 'light']] as const) {
    await choose(name);
    await expect(root).toHaveAttribute('data-theme', code);
  }
  await choose('Większy tekst');
  await expect(root).toHaveAttribute('data-text', 'larger');
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('20px');
  await page.goto('/register');
  await expect(root).toHaveAttribute('data-theme', 'light');
  await expect(root).toHaveAttribute('data-text', 'larger');
});
