/** Power producers: from the request for access to a plan that the dispatcher takes or sends back. */

import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/checks.ts';
import { unique } from './fixtures/identifiers.ts';
import type { Mail } from './fixtures/mailbox.ts';
import { signOut } from './fixtures/pages.ts';
import { dayAhead } from './fixtures/plans.ts';
import { dispatcher } from './fixtures/staff.ts';
import { awake, expect, expectTitle, open, test } from './fixtures/test.ts';
import { subjects } from './fixtures/words.ts';

test.use({ baseURL: async ({ portal }, use) => use(portal.url('/', 'pgb')) });

const PASSWORD = 'Zielony-Rower-26';

async function ask(page: Page, company: string, email: string): Promise<void> {
  await open(page, '/access-request');
  await page.getByLabel('Nazwa firmy').fill(company);
  await page.getByLabel('Adres email').fill(email);
  await page.getByLabel('Telefon').fill('600 700 801');
  await page.getByRole('button', { name: 'Wyślij prośbę' }).click();
  await expectTitle(page, 'Prośba wysłana');
}

/** The dispatcher finds the request and grants it for a company of the CRM. */
async function grant(staff: Page, company: string, number: string): Promise<void> {
  await open(staff, '/staff/requests');
  await staff.getByRole('link', { name: company }).click();
  await expectTitle(staff, company);
  await staff.getByText('Odrzuć prośbę', { exact: true }).click();
  await expect(staff.getByText(/Decyzji nie można cofnąć/)).toBeVisible();
  await staff.getByLabel('Numer klienta firmy').fill(number);
  await staff.getByRole('button', { name: 'Zatwierdź i wyślij TOKEN' }).click();
  await expect(staff.getByText(/Wysłany, ważny do/)).toBeVisible();
  await expect(staff.getByText(/Po wycofaniu ten TOKEN od razu przestanie działać/)).toBeVisible();
}

/** 2026-11-25 as letters write it: 25 listopada 2026. */
function polish(day: string): string {
  return new Date(day).toLocaleDateString('pl', { dateStyle: 'long', timeZone: 'UTC' });
}

function tokenOf(mail: Mail): string {
  const token = mail.text.match(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){5}\b/)?.[0];
  if (!token) {
    throw new Error(`the mail "${mail.subject}" has no TOKEN`);
  }
  return token;
}

async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('Login', { exact: true }).fill(login);
  await page.getByLabel('Hasło', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Zaloguj się' }).click();
}

test('a new producer asks, comes in with the TOKEN, and a plan goes to the dispatcher and back', async ({ page, portal, visit }) => {
  const company = await portal.newCustomer({ kind: 'business' }, 'pgb');
  const unit = unique('FW-');
  await portal.importUnits([unit], company.number);
  const email = `${unique('wytworca')}@example.com`.toLowerCase();
  const name = unique('Wiatraki ');

  await ask(page, name, email);
  const staff = await dispatcher(portal, visit);
  await grant(staff, name, company.number);
  const token = tokenOf(await portal.mailbox.wait(email, subjects.pl.invitation));

  // The second step without the first leads to it; people type what they read, in small letters and without dashes.
  await page.goto('/invitation/account');
  await expectTitle(page, 'Rejestracja TOKENEM');
  await expect(page.getByText(/TOKEN pamiętamy przez pół godziny/)).toBeVisible();
  await awake(page);
  await page.getByLabel('TOKEN').fill(token.toLowerCase().replaceAll('-', ''));
  await page.getByRole('button', { name: 'Dalej' }).click();
  await expectTitle(page, 'Login i hasło');
  await awake(page);
  await expectAccessible(page, 'the account of an invitation');
  await page.getByLabel('Adres email').fill(email);
  await page.getByLabel('Hasło', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Powtórz hasło').fill(PASSWORD);
  await page.getByLabel('Akceptacja regulaminu').check();
  // The browser forgets the TOKEN, and what was typed stays where it is.
  await page.context().clearCookies({ name: '__Host-invitation' });
  await page.getByRole('button', { name: 'Potwierdź' }).click();
  await expect(page.getByText('Pole TOKEN jest wymagane').first()).toBeVisible();
  await expect(page.getByLabel('Adres email')).toHaveValue(email);
  await expect(page.getByLabel('Hasło', { exact: true })).toHaveValue(PASSWORD);
  await expectAccessible(page, 'the account of an invitation whose TOKEN is gone');
  await page.getByLabel('TOKEN').fill(token);
  await page.getByRole('button', { name: 'Potwierdź' }).click();
  await expect(page.getByText(/Konto jest gotowe/)).toBeVisible();

  await awake(page);
  await signIn(page, email, PASSWORD);
  await expectTitle(page, 'Plany produkcji');
  await expectAccessible(page, 'the board of a producer');
  const day = dayAhead(3);
  const address = `/plans/${unit}/${day}`;
  await open(page, address);
  await page.getByRole('gridcell', { name: '00–01 PPLAN' }).click();
  const block = Array.from({ length: 24 }, (_, hour) => `${10 + hour / 2}`.replace('.', ','));
  for (const value of block) {
    await page.keyboard.type(value);
    await page.keyboard.press('Enter');
  }
  await expect(page.getByText(/Szkic zapisany o/)).toBeVisible();
  await page.getByRole('gridcell', { name: '00–01 PAUTO' }).click();
  for (const _ of block) {
    await page.keyboard.type('0,5');
    await page.keyboard.press('Enter');
  }
  await page.getByRole('button', { name: 'Zatwierdź' }).click();
  await expect(page.getByText('Zatwierdzony', { exact: true }).first()).toBeVisible();

  const ofPlan = `/staff/plans/${unit}/${day}`;
  await open(staff, ofPlan);
  await expectAccessible(staff, 'a plan of the back office');
  await staff.getByLabel('Powód').fill('W południe za dużo');
  await staff.getByRole('button', { name: 'Odrzuć' }).click();
  await expect(staff.getByText('Odrzucony', { exact: true }).first()).toBeVisible();
  await expect(staff.getByText('Plan jest odrzucony.')).toBeVisible();
  await portal.mailbox.wait(email, `Plan ${unit} na ${polish(day)} do poprawy`);

  await open(page, address);
  await expect(page.getByText('W południe za dużo')).toBeVisible();
  await page.getByRole('gridcell', { name: '12–13 PPLAN' }).click();
  await page.keyboard.type('9');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Szkic zapisany o/)).toBeVisible();
  await page.getByRole('button', { name: 'Zatwierdź' }).click();
  await expect(page.getByText('Zatwierdzony', { exact: true }).first()).toBeVisible();
  await open(staff, ofPlan);
  await expect(staff.getByText('Pmin – Pmax (MW)')).toBeVisible();
  await expect(staff.getByRole('row', { name: '12–13 PPLAN' })).toContainText('9,000');
  await staff.getByRole('button', { name: 'Przyjmij' }).click();
  await expect(staff.getByText('Przyjęty', { exact: true }).first()).toBeVisible();
  await expect(staff.getByText('Plan jest przyjęty.')).toBeVisible();
  await staff.goto(`/staff/day/${day}`);
  await expect(staff.getByText('PPLAN razem, plany zatwierdzone i przyjęte')).toBeVisible();
  await expect(staff.getByRole('row', { name: unit })).toContainText('371,000');
  await staff.getByLabel('Kod lub nazwa jednostki').fill(unit);
  await staff.getByRole('button', { name: 'Szukaj' }).click();
  await expect(staff.getByRole('link', { name: 'Wszystkie 1' })).toHaveAttribute('aria-current', 'true');
  await staff.getByRole('link', { name: 'Odrzucony 0' }).click();
  await expect(staff.getByText('Nie ma takich jednostek.')).toBeVisible();
  await expectAccessible(staff, 'a day of the back office without what was looked for');
  await staff.getByRole('link', { name: 'Przyjęty 1' }).click();
  await expect(staff.getByRole('row', { name: unit })).toContainText('371,000');
  await expectAccessible(staff, 'the units of a day that were looked for');

  await page.goto(`${address}/history`);
  await expectTitle(page, 'Wersje planu');
  await expectAccessible(page, 'the versions of a plan');
  await expect(page.getByRole('row', { name: /12–13/ })).toContainText('16,000');
  await expect(page.getByRole('row', { name: /12–13/ })).toContainText('9,000');

  const other = await visit({ operator: 'pgb' });
  await open(other, '/invitation');
  await other.getByLabel('TOKEN').fill(token);
  await other.getByRole('button', { name: 'Dalej' }).click();
  await expect(other.getByText(/Ten TOKEN został już wykorzystany/)).toBeVisible();
  await expect(other.getByText('Jeśli to Twoje konto, po prostu się zaloguj.')).toBeVisible();

  await open(page, address);
  await staff.goto('/staff/requests?status=approved');
  await staff.getByRole('link', { name }).click();
  await awake(staff);
  await staff.getByText('Odbierz dostęp', { exact: true }).click();
  await expect(staff.getByText('Zatwierdzone plany zostają.')).toBeVisible();
  await staff.getByRole('button', { name: 'Tak, odbierz dostęp' }).click();
  await expect(staff.getByText('Dostęp jest odebrany.')).toBeVisible();
  await expectAccessible(staff, 'a request whose access was taken back');
  await portal.mailbox.wait(email, `Nie masz już dostępu do planów firmy ${company.companyName}`);
  await page.getByRole('gridcell', { name: '12–13 PPLAN' }).click();
  await page.keyboard.type('8');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nie masz już dostępu do tego planu.')).toBeVisible();
  for (const path of ['/plans', '/']) {
    await page.goto(path);
    await expectTitle(page, 'Moje serwisy');
  }
  await expect(page.getByRole('link', { name: 'Faktury' })).toHaveCount(0);
  await expectAccessible(page, 'the services of somebody who is registered for none');
});

test('what cannot be undone is asked first, and a unit says what must hold', async ({ page, portal, visit }) => {
  const company = await portal.newCustomer({ kind: 'business' }, 'pgb');
  const unit = unique('FW-');
  await portal.importUnits([unit], company.number);
  const name = unique('Wiatraki ');
  await ask(page, name, `${unique('wytworca')}@example.com`.toLowerCase());
  const staff = await dispatcher(portal, visit, { javaScriptEnabled: false });
  await staff.goto('/staff/requests');
  await staff.getByRole('link', { name }).click();
  const refuse = staff.getByRole('button', { name: 'Tak, odrzuć prośbę' });
  await expect(refuse).toBeHidden();
  await staff.getByText('Odrzuć prośbę', { exact: true }).click();
  await refuse.click();
  await expect(staff.getByText(/^Odrzucona · /)).toBeVisible();

  await staff.goto(`/staff/units/${unit}`);
  await staff.getByLabel('Moc zainstalowana (MW)').fill('10');
  await staff.getByLabel('Pmin (MW)').fill('7');
  await staff.getByLabel('Pmax (MW)').fill('5');
  await staff.getByRole('button', { name: 'Zapisz jednostkę' }).click();
  await expect(staff.getByRole('alert')).toContainText('Wartość w polu Pmin (MW) nie może być większa niż Pmax');
  await staff.getByLabel('Pmin (MW)').fill('0');
  await staff.getByRole('button', { name: 'Zapisz jednostkę' }).click();
  await expect(staff.getByText('Zapisaliśmy dane jednostki.')).toBeVisible();
});

test('an administrator adds a colleague and gives them another role', async ({ portal, visit }) => {
  const staff = await dispatcher(portal, visit);
  const name = unique('Jan Kos ');
  const email = `${unique('kos')}@example.com`.toLowerCase();
  await open(staff, '/staff/people');
  await expectAccessible(staff, 'the people of the back office');
  await staff.getByLabel('Imię i nazwisko').fill(name);
  await staff.getByLabel('Adres email').fill(email);
  await staff.getByLabel('Dyspozytor').check();
  await staff.getByRole('button', { name: 'Dodaj i wyślij link' }).click();
  await expect(staff.getByText('Wysłaliśmy link na adres pracownika.')).toBeVisible();
  await portal.mailbox.wait(email, subjects.pl.staffEnrolment);

  await staff.getByRole('link', { name }).click();
  await expectTitle(staff, name);
  await expectAccessible(staff, 'a person of the back office');
  await staff.getByLabel('Dyspozytor').uncheck();
  await staff.getByRole('button', { name: 'Zapisz uprawnienia' }).click();
  await expect(staff.getByText('Pole Role jest wymagane').first()).toBeVisible();
  await expect(staff.getByLabel('Dyspozytor')).not.toBeChecked();
  await staff.getByLabel('Administrator').check();
  await staff.getByRole('button', { name: 'Zapisz uprawnienia' }).click();
  await expect(staff.getByText('Zapisane.')).toBeVisible();
  await expect(staff.getByLabel('Administrator')).toBeChecked();

  await staff.getByRole('link', { name: 'Dziennik' }).first().click();
  await expectTitle(staff, 'Dziennik');
  await expectAccessible(staff, 'the record of acts');
  await expect(staff.getByRole('rowheader', { name: 'Zmiana uprawnień pracownika' }).first()).toBeVisible();
  await expect(staff.getByRole('row', { name: 'Zmiana uprawnień pracownika' }).filter({ hasText: name })).toBeVisible();
});

test('whoever signs in to the back office goes on where they were, and a stranger goes nowhere', async ({ visit }) => {
  const page = await visit({ operator: 'pgb' });
  await page.goto('/staff/requests');
  await expectTitle(page, 'Logowanie pracownika');
  await expect(page).toHaveURL(/\/staff\/sign-in\?next=\/staff\/requests$/);
  await expect(page.getByText('Zaloguj się, aby zobaczyć tę stronę.')).toBeVisible();
});

test('a customer with an account registers for planning with the TOKEN, and chooses what opens first', async ({ page, portal, visit }) => {
  const company = await portal.newCustomer({ kind: 'business', login: unique('firma') }, 'pgb');
  const account = await portal.openAccount(company, 'pgb');
  await portal.importUnits([unique('FW-')], company.number);
  const name = unique('Spółka ');
  await ask(page, name, account.email);
  const staff = await dispatcher(portal, visit);
  await grant(staff, name, company.number);
  const token = tokenOf(await portal.mailbox.wait(account.email, subjects.pl.invitation));

  await open(page, '/sign-in');
  await signIn(page, account.loginName, account.password);
  await page.getByRole('link', { name: 'Edytuj konto' }).click();
  await page.getByRole('link', { name: 'Moje serwisy' }).click();
  await expectTitle(page, 'Moje serwisy');
  await expectAccessible(page, 'the services of an account');
  await page.getByRole('region', { name: 'PGB' }).getByRole('link', { name: 'Zarejestruj' }).click();
  await awake(page);
  await page.getByLabel('TOKEN').fill('0000-0000-0000-0000-0000-0000');
  await page.getByRole('button', { name: 'Zarejestruj' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('TOKEN').fill(token);
  await page.getByRole('button', { name: 'Zarejestruj' }).click();
  await expect(page.getByText('Serwis jest zarejestrowany.')).toBeVisible();
  await open(page, '/services/pgb');
  await page.getByLabel('TOKEN').fill(token);
  await page.getByRole('button', { name: 'Zarejestruj' }).click();
  await expect(page.getByRole('alert')).toContainText('Sprawdź w „Moje serwisy”, czy serwis jest już zarejestrowany.');
  await page.goto('/services');

  await page.getByRole('radio', { name: 'PGB' }).check();
  await page.getByRole('button', { name: 'Zapisz serwis domyślny' }).click();
  await expect(page.getByText(/Po następnym zalogowaniu otworzymy ten serwis/)).toBeVisible();
  await signOut(page);
  await signIn(page, account.loginName, account.password);
  await expectTitle(page, 'Plany produkcji');
  await page.goto('/sign-in');
  await expectTitle(page, 'Plany produkcji');
});
