import { expectNowhereKept } from './fixtures/checks.ts';
import { Visitor } from './fixtures/http.ts';
import { unique } from './fixtures/identifiers.ts';
import { SignIn, expectFault, signOut, summary } from './fixtures/pages.ts';
import { awake, expect, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { officePages, titles } from './fixtures/words.ts';

test('asks for login and password at the fields', async ({ page }) => {
  const form = new SignIn(page);
  await open(page, '/sign-in');
  await form.submit.click();
  await expectFault(page, form.login, 'Pole Login jest wymagane');
  await expectFault(page, form.password, 'Pole Hasło jest wymagane');
  await expect(summary(page)).toBeFocused();
  await expect(page).toHaveTitle(/^Błąd: /);
});

test('says one thing for every failure, and never keeps the password', async ({ page, portal }) => {
  const account = await portal.newAccount();
  const form = new SignIn(page);
  const answers = new Set<string | null>();
  for (const login of [account.loginName, unique('nikt')]) {
    await form.fail(login, 'Zly-Parasol-3');
    answers.add(await summary(page).textContent());
    await expect(form.login).toHaveValue(login);
    await expect(form.password).toHaveValue('');
    await expect(page).toHaveTitle(/^Błąd: EBOK \/ Logowanie/);
  }
  expect(answers.size).toBe(1);
  await expect(summary(page)).toContainText('Po pięciu błędnych próbach logowanie zostaje zablokowane.');
  await expectNowhereKept(page, [account.pesel, 'Zly-Parasol-3']);
});

test('keeps a typed login over a change of the language, never the password', async ({ page }) => {
  const form = new SignIn(page);
  await open(page, '/sign-in');
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/api/keep_typed'));
  await form.login.fill('jan.wrona');
  await kept;
  await form.password.fill('Niewyslane-Haslo-1');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator(':root')).toHaveAttribute('lang', 'en');
  await expect(page.getByLabel('Login', { exact: true })).toHaveValue('jan.wrona');
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
  await expect(page).not.toHaveTitle(/^Error: /);
});

test('remembers the login on this device, never the session', async ({ page, context, portal }) => {
  const account = await portal.newAccount({ login: unique('pamietliwa') });
  const form = new SignIn(page);
  await open(page, '/sign-in');
  await form.remember.check();
  await form.send(account.loginName, account.password);
  await expectTitle(page, titles.home);
  const cookies = await context.cookies();
  expect(cookies.find(({ name }) => name === '__Host-sid')).toMatchObject({
    expires: -1, httpOnly: true, secure: true, sameSite: 'Lax', path: '/',
  });
  expect(JSON.stringify(cookies)).not.toContain(account.loginName);
  await signOut(page);
  await open(page, '/sign-in');
  await expect(form.login).toHaveValue(account.loginName);
  await expect(form.password).toHaveValue('');
  await expect(form.remember).toBeChecked();
  await form.remember.uncheck();
  await form.send(account.loginName, account.password);
  await expectTitle(page, titles.home);
  await signOut(page);
  await open(page, '/sign-in');
  await expect(form.login).toHaveValue('');
});

test('hints at Caps Lock, and shows the password on demand', async ({ page }) => {
  const form = new SignIn(page);
  await open(page, '/sign-in');
  await form.password.focus();
  await form.password.dispatchEvent('keydown', { key: 'A', modifierCapsLock: true });
  await expect(page.getByText('Klawisz Caps Lock jest włączony.')).toBeVisible();
  await form.password.fill('Widoczne-2026');
  await expect(form.password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Pokaż hasło' }).click();
  await expect(form.password).toHaveAttribute('type', 'text');
  await expect(form.password).toHaveValue('Widoczne-2026');
  await page.getByRole('button', { name: 'Ukryj hasło' }).click();
  await expect(form.password).toHaveAttribute('type', 'password');
});

test('lets password managers work', async ({ page }) => {
  const form = new SignIn(page);
  await page.goto('/sign-in');
  await expect(form.login).toHaveAttribute('autocomplete', 'username');
  await expect(form.password).toHaveAttribute('autocomplete', 'current-password');
});

test('leads to the page that was wanted, and to none of somebody else’s', async ({ page, portal }) => {
  const account = await portal.newAccount();
  const form = new SignIn(page);
  await page.goto('/contracts');
  await expectTitle(page, titles.signIn);
  await form.send(account.loginName, account.password);
  await expectTitle(page, titles.contracts);
  await signOut(page);
  for (const next of ['//example.com', 'https://example.com/', '/\\example.com', 'javascript:alert(1)']) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await awake(page);
    await form.send(account.loginName, account.password);
    await expectTitle(page, titles.home);
    expect(page.url()).toBe(portal.url('/'));
    await signOut(page);
  }
});

test('whoever is signed in already is led past the form, until sign-out', async ({ page, context, portal }) => {
  const account = await portal.newAccount();
  await signIn(page, account);
  await page.goto('/sign-in');
  await expectTitle(page, titles.home);
  const other = await context.newPage();
  await other.goto('/sign-in?next=/invoices');
  await expectTitle(other, titles.invoices);
  await signOut(page);
  await page.goto('/sign-in');
  await expectTitle(page, titles.signIn);
});

test('after sign-out nothing is left: not behind Back, not by address, not by the old cookie', async ({
  page,
  context,
  portal,
}) => {
  const account = await portal.newAccount({ invoices: 1 });
  await signIn(page, account);
  const old = await context.cookies();
  await page.getByRole('navigation', { name: 'Menu główne' }).getByRole('link', { name: titles.invoices }).click();
  await expectTitle(page, titles.invoices);
  await signOut(page);
  for (let step = 0; step < 2; step += 1) {
    await page.goBack();
    await expectTitle(page, titles.signIn);
    await expect(page.getByText(account.invoices[0]?.number ?? '')).toBeHidden();
    await expect(page.getByText(account.name)).toBeHidden();
  }
  for (const [path] of officePages) {
    await page.goto(path);
    await expectTitle(page, titles.signIn);
  }
  const thief = new Visitor(portal.port, 'mojbok').with(old);
  expect((await thief.get('/invoices')).status).toBe(303);
  expect((await thief.get('/api/invoices?show=&after=')).status).toBe(401);
});

test('a session id that was planted before never becomes a session', async ({ page, context, portal }) => {
  const account = await portal.newAccount();
  const planted = 'A'.repeat(43);
  await context.addCookies([
    { name: '__Host-sid', value: planted, domain: 'mojbok.localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
  ]);
  await signIn(page, account);
  const sid = (await context.cookies()).find(({ name }) => name === '__Host-sid');
  expect(sid?.value).not.toBe(planted);
  const thief = new Visitor(portal.port, 'mojbok').with([{ name: '__Host-sid', value: planted }]);
  expect((await thief.get('/')).status).toBe(303);
});

test.describe('when the terms have changed', () => {
  test.use({ needsOwnPortal: true });

  test('nothing works but reading, accepting and leaving', async ({ page, portal }) => {
    const account = await portal.newAccount();
    await portal.restartWith('mojbok', (profile) => profile.replace('version = "2026-01"', 'version = "2026-02"'));
    const form = new SignIn(page);
    await open(page, '/sign-in');
    await form.send(account.loginName, account.password);
    await expectTitle(page, titles.newTerms);
    await expect(page.getByRole('heading', { name: 'Wersja 2026-02' })).toBeVisible();
    for (const [path] of officePages) {
      await page.goto(path);
      await expectTitle(page, titles.newTerms);
    }
    await signOut(page);
    await form.send(account.loginName, account.password);
    await expectTitle(page, titles.newTerms);
    await awake(page);
    await page.getByRole('button', { name: 'Akceptuję regulamin' }).click();
    await expectFault(page, page.getByRole('checkbox', { name: 'Akceptacja regulaminu' }), 'Pole Akceptacja regulaminu jest wymagane');
    await page.getByRole('checkbox', { name: 'Akceptacja regulaminu' }).check();
    await page.getByRole('button', { name: 'Akceptuję regulamin' }).click();
    await expectTitle(page, titles.home);
    await signOut(page);
    await signIn(page, account);
  });
});
