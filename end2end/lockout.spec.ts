import type { Page } from '@playwright/test';
import { Visitor } from './fixtures/http.ts';
import { unique } from './fixtures/identifiers.ts';
import { SignIn, signOut, summary } from './fixtures/pages.ts';
import { expect, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { subjects, titles } from './fixtures/words.ts';

/** So many wrong passwords, as people type them. */
async function guess(page: Page, login: string, times: number): Promise<void> {
  const form = new SignIn(page);
  await open(page, '/sign-in');
  for (let time = 1; time <= times; time += 1) {
    // What asks for proof of effort first is no try yet; the page goes on by itself.
    const answered = page.waitForResponse(
      async (answer) => answer.url().endsWith('/api/sign_in') && (await answer.text()).includes('bad_credentials'),
      { timeout: 30_000 },
    );
    await form.send(login, `Niedobre-${time}`);
    await answered;
    await expect(summary(page)).toContainText('Nie udało się zalogować.');
  }
}

test('five wrong passwords lock, the right one fails after them, the owner hears of it, staff unlocks', async ({
  page,
  visit,
  portal,
}) => {
  const account = await portal.newAccount();
  await guess(page, account.loginName, 5);
  const fresh = await visit();
  await new SignIn(fresh).fail(account.loginName, account.password);
  await new SignIn(page).fail(account.loginName, account.password);
  const mail = await portal.mailbox.wait(account.email, subjects.pl.locked);
  expect(mail.text).toContain('+48 22 555 01 00');

  await portal.unlock(account.loginName);
  await portal.mailbox.wait(account.email, subjects.pl.unlocked);
  await signIn(fresh, account);
});

test('four wrong passwords do not lock', async ({ page, portal }) => {
  const account = await portal.newAccount();
  await guess(page, account.loginName, 4);
  await new SignIn(page).send(account.loginName, account.password);
  await expectTitle(page, titles.home);
});

test('a stranger cannot lock the owner out of a known device', async ({ page, visit, portal }) => {
  const account = await portal.newAccount();
  await signIn(page, account);
  await guess(await visit(), account.loginName, 5);
  await page.goto('/invoices');
  await expectTitle(page, titles.invoices);
  await signOut(page);
  await signIn(page, account);
});

test('an invented login fails the same way, the demand for effort included', async ({ visit, portal }) => {
  const account = await portal.newAccount();
  const seen = [];
  for (const login of [account.loginName, unique('widmo')]) {
    const visitor = new Visitor(portal.port, 'mojbok');
    const answers = [];
    for (let time = 0; time < 4; time += 1) {
      const { status, body } = await visitor.tryPost('/sign-in', {
        _function: '/api/sign_in', login, password: `Zle-haslo-${time}`,
      });
      answers.push([status, /<main[\s\S]*<\/main>/.exec(body)?.[0].replaceAll(login, '').replace(/[\w-]{40,}/g, 'TOKEN')]);
    }
    seen.push(answers);
  }
  expect(seen[1]).toEqual(seen[0]);
  // The browser shows the same as the wire.
  const page = await visit();
  await guess(page, unique('widmo'), 3);
});

test('recovery does not unlock, and does not say that the account is locked', async ({ page, visit, portal }) => {
  const account = await portal.newAccount();
  await guess(page, account.loginName, 5);
  await portal.mailbox.wait(account.email, subjects.pl.locked);
  const fresh = await visit();
  await fresh.goto('/recover/password');
  await fresh.getByLabel('Login').fill(account.loginName);
  await fresh.getByRole('button', { name: 'Wyślij hasło jednorazowe' }).click();
  await expectTitle(fresh, titles.checkMail);
  await new SignIn(fresh).fail(account.loginName, account.password);
});

test.describe('with the operator’s rule that the whole account locks', () => {
  test.use({ needsOwnPortal: true });

  test('five wrong passwords from anywhere lock the owner’s device, too', async ({ page, visit, portal }) => {
    await portal.restartWith('mojbok', (profile) => profile.replace('scope = "device"', 'scope = "account"'));
    const account = await portal.newAccount();
    await signIn(page, account);
    await guess(await visit(), account.loginName, 5);
    await page.goto('/invoices');
    await expectTitle(page, titles.invoices);
    await signOut(page);
    await new SignIn(page).fail(account.loginName, account.password);
    await portal.unlock(account.loginName);
    await signIn(page, account);
  });
});
