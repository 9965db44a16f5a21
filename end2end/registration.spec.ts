import type { Locator, Page } from '@playwright/test';
import { type Customer, customer as invent } from './fixtures/crm.ts';
import { expectNowhereKept } from './fixtures/checks.ts';
import { newPassword, nip, pesel, unique, withWrongCheckDigit } from './fixtures/identifiers.ts';
import { linkTo, oneTimePassword } from './fixtures/mailbox.ts';
import { NewPassword, Registration, SignIn, expectFault, signOut, summary } from './fixtures/pages.ts';
import { awake, expect, expectTitle, open, test } from './fixtures/test.ts';
import { registration as words, subjects, titles } from './fixtures/words.ts';

test('a customer registers by contract, activates, sets a password, looks around, changes it and leaves', async ({
  page,
  portal,
}) => {
  const customer = await portal.newCustomer({ invoices: 3 });
  const form = new Registration(page);
  await form.openFromSignIn();
  await expectTitle(page, titles.register);
  const steps = page.getByRole('list', { name: 'Kroki rejestracji' }).getByRole('listitem');
  await expect(steps).toHaveText(['Twoje dane', 'Potwierdzenie adresu', 'Własne hasło']);
  await form.fill(customer);
  await form.submit.click();
  await expectTitle(page, titles.registered);
  await expect(steps).toHaveText(['Twoje dane, zrobione', 'Potwierdzenie adresu', 'Własne hasło']);
  await expect(steps.nth(1)).toHaveAttribute('aria-current', 'step');
  await expectNowhereKept(page, [customer.pesel, customer.email, customer.phone]);

  const activation = await portal.mailbox.wait(customer.email, subjects.pl.activation);
  await page.goto(linkTo(activation, '/activate'));
  await expectTitle(page, titles.activate);
  expect(page.url(), 'the token leaves the address bar').toBe(portal.url('/activate'));
  await page.getByRole('button', { name: 'Aktywuj konto' }).click();
  await expectTitle(page, titles.activated);

  const code = oneTimePassword(await portal.mailbox.wait(customer.email, subjects.pl.oneTimePassword));
  await page.getByRole('link', { name: 'Przejdź do logowania' }).click();
  const signIn = new SignIn(page);
  await signIn.send(customer.pesel, code);
  await expectTitle(page, titles.mustChange);
  await page.goto('/invoices');
  await expectTitle(page, titles.mustChange);

  const first = newPassword('Kalina-maj');
  await new NewPassword(page, 'Hasło jednorazowe').send(code, first);
  await expectTitle(page, titles.home);
  await expect(page.getByText(`Konto: ${customer.name}`)).toBeVisible();

  const menu = page.getByRole('navigation', { name: 'Menu główne' });
  await menu.getByRole('link', { name: titles.contracts }).click();
  await expectTitle(page, titles.contracts);
  await expect(page.getByText(customer.contracts[0].number)).toBeVisible();
  await menu.getByRole('link', { name: titles.payers }).click();
  await expectTitle(page, titles.payers);
  await expect(page.getByText(customer.payers[0].number)).toBeVisible();
  await menu.getByRole('link', { name: titles.supplyPoints }).click();
  await expectTitle(page, titles.supplyPoints);
  await expect(page.getByText(customer.supplyPoint)).toBeVisible();
  await expect(page.getByText(customer.meter)).toBeVisible();
  await menu.getByRole('link', { name: titles.invoices }).click();
  await expectTitle(page, titles.invoices);
  await expect(page.getByRole('row')).toHaveCount(1 + customer.invoices.length);

  await page.getByRole('link', { name: 'Edytuj konto' }).click();
  await expectTitle(page, titles.settings);
  await expect(page.getByRole('heading', { name: 'Zmiana danych klienta' })).toBeVisible();
  const second = newPassword('Jawor-maj');
  await new NewPassword(page, 'Obecne hasło').send(first, second);
  await expect(page.getByText('Hasło zostało zmienione.')).toBeVisible();
  await portal.mailbox.wait(customer.email, subjects.pl.passwordChanged, 2);
  await expectNowhereKept(page, [customer.pesel, first, second, code]);

  await signOut(page);
  await signIn.fail(customer.pesel, first);
  await signIn.send(customer.pesel, second);
  await expectTitle(page, titles.home);
});

test('a business registers by NIP, and the NIP is its login', async ({ page, portal }) => {
  const customer = await portal.newCustomer({ kind: 'business' });
  const form = new Registration(page);
  await open(page, '/register');
  await form.fill(customer);
  await form.submit.click();
  await expectTitle(page, titles.registered);
  await page.goto(linkTo(await portal.mailbox.wait(customer.email, subjects.pl.activation), '/activate'));
  await page.getByRole('button', { name: 'Aktywuj konto' }).click();
  await expectTitle(page, titles.activated);
  const code = oneTimePassword(await portal.mailbox.wait(customer.email, subjects.pl.oneTimePassword));
  await page.goto('/sign-in');
  await new SignIn(page).send(customer.nip, code);
  await expectTitle(page, titles.mustChange);
});

test('a login of choice works instead of the PESEL, and capitals do not matter', async ({ page, portal }) => {
  const account = await portal.newAccount({ login: unique('Zdzisia.') });
  await page.goto('/sign-in');
  await new SignIn(page).send(account.login.toUpperCase(), account.password);
  await expectTitle(page, titles.home);
});

test('one list entry asks for the PESEL, the other for the NIP', async ({ page }) => {
  const form = new Registration(page);
  await open(page, '/register');
  await expect(form.pesel).toBeVisible();
  await expect(form.nip).toBeHidden();
  await form.kind.selectOption({ label: words.business });
  await expect(form.nip).toBeVisible();
  await expect(form.pesel).toBeHidden();
  await awake(page);
  await form.submit.click();
  await expect(summary(page).getByRole('link').first()).toHaveText('Pole NIP jest wymagane');
  await form.kind.selectOption({ label: words.individual });
  await expect(summary(page).getByRole('link').first()).toHaveText('Pole PESEL jest wymagane');
});

test('one of several contracts is enough when it is signed, and all of them are seen', async ({ page, portal }) => {
  const customer = await portal.newCustomer({ statuses: ['signed_by_customer', 'active', 'draft'] });
  const account = await portal.openAccount(customer);
  await page.goto('/sign-in');
  await new SignIn(page).send(account.loginName, account.password);
  await page.getByRole('navigation', { name: 'Menu główne' }).getByRole('link', { name: titles.contracts }).click();
  for (const contract of customer.contracts) {
    await expect(page.getByText(contract.number)).toBeVisible();
  }
});

interface Mistake {
  what: string;
  /** What the form gets instead of a right value. */
  change: Partial<Customer> & { contract?: string; loginRepeat?: string; without?: 'terms' | 'cookies' };
  field: (form: Registration) => Locator;
  message: string;
}

const mistakes: Mistake[] = [
  { what: 'no PESEL', change: { pesel: '' }, field: (form) => form.pesel, message: 'Pole PESEL jest wymagane' },
  {
    what: 'no NIP',
    change: { kind: 'business', nip: '' },
    field: (form) => form.nip,
    message: 'Pole NIP jest wymagane',
  },
  {
    what: 'a PESEL with a wrong check digit',
    change: { pesel: withWrongCheckDigit(pesel()) },
    field: (form) => form.pesel,
    message: 'Sprawdź cyfry w polu PESEL – w numerze jest błąd',
  },
  {
    what: 'a NIP with a wrong check digit',
    change: { kind: 'business', nip: withWrongCheckDigit(nip()) },
    field: (form) => form.nip,
    message: 'Sprawdź cyfry w polu NIP – w numerze jest błąd',
  },
  {
    what: 'a PESEL that is too short',
    change: { pesel: '4405140135' },
    field: (form) => form.pesel,
    message: 'Pole PESEL musi mieć 11 cyfr',
  },
  {
    what: 'no contract number',
    change: { contract: '' },
    field: (form) => form.contract,
    message: 'Pole Numer umowy jest wymagane',
  },
  {
    what: 'a login that is not repeated',
    change: { login: 'barbara.w', loginRepeat: '' },
    field: (form) => form.loginRepeat,
    message: 'Pole Powtórz login jest wymagane',
  },
  {
    what: 'a login repeated differently',
    change: { login: 'barbara.w', loginRepeat: 'barbara.v' },
    field: (form) => form.loginRepeat,
    message: 'Wartość w polu Powtórz login jest inna niż wpisana powyżej',
  },
  {
    what: 'a login with a blank',
    change: { login: 'barbara w', loginRepeat: 'barbara w' },
    field: (form) => form.login,
    message: 'Pole Login ma niepoprawny format',
  },
  {
    what: 'no phone',
    change: { phone: '' },
    field: (form) => form.phone,
    message: 'Pole Tel. komórkowy jest wymagane',
  },
  {
    what: 'a phone that is none',
    change: { phone: '12 345 67 8x' },
    field: (form) => form.phone,
    message: 'Pole Tel. komórkowy ma niepoprawny format',
  },
  {
    what: 'no e-mail',
    change: { email: '' },
    field: (form) => form.email,
    message: 'Pole Adres email jest wymagane',
  },
  {
    what: 'an e-mail without a domain',
    change: { email: 'barbara@' },
    field: (form) => form.email,
    message: 'Pole Adres email ma niepoprawny format',
  },
  {
    what: 'terms not accepted',
    change: { without: 'terms' },
    field: (form) => form.terms,
    message: 'Pole Akceptacja regulaminu jest wymagane',
  },
  {
    what: 'cookies not accepted',
    change: { without: 'cookies' },
    field: (form) => form.cookies,
    message: 'Pole Korzystanie z plików cookie jest wymagane',
  },
];

async function make(form: Registration, customer: Customer, { change }: Mistake): Promise<void> {
  const { contract, loginRepeat, without, ...rest } = change;
  await form.fill({ ...customer, ...rest });
  if (contract !== undefined) {
    await form.contract.fill(contract);
  }
  if (loginRepeat !== undefined) {
    await form.loginRepeat.fill(loginRepeat);
  }
  if (without) {
    await form[without].uncheck();
  }
}

for (const isScripted of [true, false]) {
  test.describe(isScripted ? 'in the page' : 'without scripts', () => {
    test.use({ javaScriptEnabled: isScripted });
    const openForm = async (page: Page) => (isScripted ? open(page, '/register') : void (await page.goto('/register')));

    for (const mistake of mistakes) {
      test(`refuses ${mistake.what} at the field and in the summary`, async ({ page }) => {
        const form = new Registration(page);
        const customer = { ...invent(), nip: nip() };
        await openForm(page);
        await make(form, customer, mistake);
        await form.submit.click();
        await expectFault(page, mistake.field(form), mistake.message);
        await expect(summary(page).getByRole('link'), 'nothing else is wrong').toHaveCount(1);
        await expectTitle(page, titles.register);
        expect(page.url(), 'nothing of the form is in the address').toMatch(/\/register$/);
        if (!mistake.change.email && mistake.change.email !== '') {
          await expect(form.email).toHaveValue(customer.email);
        }
        if (mistake.what !== 'no contract number') {
          await expect(form.contract).toHaveValue(customer.contracts[0].number);
        }
      });
    }

    test('names every empty field at once, in the order of the page', async ({ page }) => {
      const form = new Registration(page);
      await openForm(page);
      await form.submit.click();
      await expect(summary(page).getByRole('link')).toHaveText([
        'Pole PESEL jest wymagane',
        'Pole Numer umowy jest wymagane',
        'Pole Tel. komórkowy jest wymagane',
        'Pole Adres email jest wymagane',
        'Pole Akceptacja regulaminu jest wymagane',
        'Pole Korzystanie z plików cookie jest wymagane',
      ]);
      await expect(summary(page)).toBeFocused();
      await summary(page).getByRole('link', { name: 'Pole Numer umowy jest wymagane' }).click();
      await expect(form.contract).toBeFocused();
    });

    test('never says which part of the data does not match, and keeps what was typed', async ({ page, portal }) => {
      const [customer, other, unsigned] = [invent(), invent(), invent({ statuses: ['sent'] })];
      await portal.import([customer, other, unsigned]);
      const form = new Registration(page);
      const answers = [];
      const wrong = [
        { ...customer, contracts: [{ number: unique('UM/2026/'), status: 'active' }] },
        { ...customer, contracts: other.contracts },
      ] as Customer[];
      for (const data of wrong) {
        await openForm(page);
        await form.fill(data);
        await form.submit.click();
        await expect(summary(page)).toContainText('Te dane nie pasują do żadnej umowy, z którą można założyć konto.');
        await form.expectKept(data);
        answers.push(await summary(page).textContent());
      }
      expect(new Set(answers).size).toBe(1);
    });

    test('refuses a contract that the customer has not signed yet', async ({ page, portal }) => {
      const customer = await portal.newCustomer({ statuses: ['sent', 'draft'] });
      const form = new Registration(page);
      await openForm(page);
      await form.fill(customer);
      await form.submit.click();
      await expect(summary(page)).toContainText('Te dane nie pasują do żadnej umowy, z którą można założyć konto.');
      expect(portal.mailbox.to(customer.email)).toEqual([]);
    });
  });
}

test('a second registration ends like the first, and the owner gets a mail', async ({ page, portal }) => {
  const account = await portal.newAccount();
  const stranger = { ...account, email: `${unique('ktos')}@poczta.example`, login: '' };
  const form = new Registration(page);
  await open(page, '/register');
  await form.fill(stranger);
  await form.submit.click();
  await expectTitle(page, titles.registered);
  await portal.mailbox.wait(account.email, subjects.pl.accountExists);
  expect(portal.mailbox.to(stranger.email)).toEqual([]);
});

test('says at the field that a login is taken', async ({ page, portal }) => {
  const account = await portal.newAccount({ login: unique('jolanta') });
  const customer = await portal.newCustomer({ login: account.login });
  const form = new Registration(page);
  await open(page, '/register');
  await form.fill(customer);
  await form.submit.click();
  await expectFault(page, form.login, 'Wartość z pola Login jest już zajęta – wpisz inną');
  await form.expectKept(customer);
});

test('one e-mail address serves two accounts', async ({ portal }) => {
  const first = await portal.newAccount();
  const second = await portal.newAccount({ email: first.email });
  expect(second.loginName).not.toBe(first.loginName);
});

test('asks for effort from the third failure on, and goes on by itself', async ({ page, portal }) => {
  const customer = await portal.newCustomer();
  const form = new Registration(page);
  await open(page, '/register');
  await form.fill({ ...customer, contracts: [{ number: unique('UM/2026/'), status: 'active' }] });
  for (let failure = 1; failure <= 4; failure += 1) {
    const answered = page.waitForResponse((answer) => answer.url().endsWith('/api/register') && answer.status() === 422);
    await form.submit.click();
    await answered;
    await expect(summary(page)).toContainText('Te dane nie pasują');
  }
  await form.contract.fill(customer.contracts[0].number);
  await form.submit.click();
  await expectTitle(page, titles.registered);
});

test('keeps what was typed over a look at the terms, a reload and the way back', async ({ page, context, portal }) => {
  const customer = await portal.newCustomer();
  const form = new Registration(page);
  await open(page, '/register');
  await form.fill(customer);
  const [terms] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Więcej' }).first().click(),
  ]);
  await expectTitle(terms, 'Regulamin');
  await terms.close();
  await form.expectKept(customer);
  await page.getByRole('main').getByRole('link', { name: 'Zaloguj się' }).click();
  await expectTitle(page, titles.signIn);
  await page.goBack();
  await expectTitle(page, titles.register);
  await form.expectKept(customer);
  await page.reload();
  await form.expectKept(customer);
  await awake(page);
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByLabel('Contract number')).toHaveValue(customer.contracts[0].number);
});

test('can be done with the keyboard alone', async ({ page, portal }) => {
  const customer = await portal.newCustomer({ login: unique('klawisz') });
  const form = new Registration(page);
  await open(page, '/register');
  await form.kind.focus();
  const type = async (field: Locator, text: string) => {
    await page.keyboard.press('Tab');
    await expect(field).toBeFocused();
    await page.keyboard.type(text);
  };
  await type(form.pesel, customer.pesel);
  await type(form.contract, customer.contracts[0].number);
  await type(form.login, customer.login);
  await type(form.loginRepeat, customer.login);
  await type(form.phone, customer.phone);
  await type(form.email, customer.email);
  await type(form.terms, ' ');
  await expect(form.terms).toBeChecked();
  await page.keyboard.press('Tab');
  await type(form.cookies, ' ');
  await expect(form.cookies).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(form.submit).toBeFocused();
  await page.keyboard.press('Enter');
  await expectTitle(page, titles.registered);
});

test('each page asks at once for all of its code, whatever was asked for beside it', async ({ page }) => {
  await open(page, '/register');
  const pages = await page.evaluate(() =>
    Promise.all(Array.from({ length: 12 }, async () => (await fetch('/register')).text())),
  );
  for (const html of pages) {
    expect(html.match(/<link rel="preload"[^>]*split_find_registration/g)).toHaveLength(1);
    expect(html, 'no nonce where style sheets can read it').not.toContain('crossorigin="');
  }
});
