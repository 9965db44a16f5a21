import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { Invoice } from './fixtures/crm.ts';
import { expect, expectTitle, signIn, test } from './fixtures/test.ts';
import { titles } from './fixtures/words.ts';

/** An amount as Polish readers write it, where the head of its column names the currency. */
function figure(amount: string): RegExp {
  const [whole = '', fraction = ''] = amount.split('.');
  return new RegExp(`${whole.replace(/\B(?=(\d{3})+$)/g, '\\s?')},${fraction}`);
}

/** The same with its currency. */
function złoty(amount: string): RegExp {
  return new RegExp(`${figure(amount).source}\\s*zł`);
}

function nth(invoices: Invoice[], at: number): Invoice {
  const invoice = invoices[at];
  if (!invoice) {
    throw new Error(`there is no invoice ${at}`);
  }
  return invoice;
}

async function goTo(page: Page, entry: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Menu główne' }).getByRole('link', { name: entry, exact: true }).click();
  await expectTitle(page, entry);
}

test('the first page says what is owed, until when, and what is late', async ({ page, portal }) => {
  const account = await portal.newAccount({ invoices: 4 });
  await signIn(page, account);
  const [due, overdue, part] = [0, 1, 2].map((at) => nth(account.invoices, at)) as [Invoice, Invoice, Invoice];
  const owed = Number(due.gross) + Number(overdue.gross) + Number(part.gross) - 10;
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { name: 'Do zapłaty razem' })).toBeVisible();
  await expect(main.getByText(złoty(owed.toFixed(2))).first()).toBeVisible();
  await expect(main.getByText('2 faktury są po terminie')).toBeVisible();
  await expect(main.getByText(account.supplyPoint)).toBeVisible();
  await main.getByRole('link', { name: 'Pokaż faktury po terminie' }).click();
  await expectTitle(page, titles.invoices);
  await expect(page.getByRole('row')).toHaveCount(1 + 2);
  for (const row of [1, 2]) {
    await expect(page.getByRole('row').nth(row), 'when it was due').toContainText(/\d+ \p{L}+( \d{4})? \(\d+ dni po terminie\)/u);
  }
  await expect(page.getByRole('navigation', { name: 'Strony listy' }), 'there is one page').toHaveCount(0);
});

test('on paper the list of invoices stays a table, without anything to press', async ({ page, portal }) => {
  await signIn(page, await portal.newAccount({ invoices: 2 }));
  await goTo(page, titles.invoices);
  // A sheet of A4 between its margins.
  await page.setViewportSize({ width: 718, height: 1000 });
  await page.emulateMedia({ media: 'print' });
  const row = page.getByRole('row').nth(1);
  await expect(row).toHaveCSS('display', 'table-row');
  await expect(row).toHaveCSS('break-inside', 'avoid');
  await expect(page.getByRole('navigation', { name: 'Pokaż' })).toBeHidden();
});

test('a customer who owes nothing reads that', async ({ page, portal }) => {
  await signIn(page, await portal.newAccount());
  await expect(page.getByText('Nie masz nic do zapłaty')).toBeVisible();
  await goTo(page, titles.invoices);
  await expect(page.getByText('Nie ma jeszcze żadnej faktury. Pierwsza pojawi się tutaj.')).toBeVisible();
});

test('contracts, payers and supply points show what CRM and billing know', async ({ page, portal }) => {
  const account = await portal.newAccount({ statuses: ['active', 'ended'], payers: 2, invoices: 2 });
  await signIn(page, account);
  await goTo(page, titles.contracts);
  await expect(page.getByText('Obowiązuje', { exact: true })).toBeVisible();
  await expect(page.getByText('Zakończona')).toBeVisible();
  await goTo(page, titles.payers);
  for (const payer of account.payers) {
    await expect(page.getByText(payer.number)).toBeVisible();
    const spaced = payer.iban.replace(/^PL/, '(PL ?)?').replace(/(\d{2})(\d{4})(\d{4})(\d{4})(\d{4})(\d{4})(\d{4})$/, '$1 ?$2 ?$3 ?$4 ?$5 ?$6 ?$7');
    await expect(page.getByText(new RegExp(spaced)).first()).toBeVisible();
  }
  await goTo(page, titles.supplyPoints);
  await expect(page.getByText(account.supplyPoint)).toBeVisible();
  await expect(page.getByText(account.meter)).toBeVisible();
  await expect(page.getByText(new RegExp(account.street))).toBeVisible();
});

test('a contract that CRM adds later is there at once', async ({ page, portal }) => {
  const account = await portal.newAccount();
  await signIn(page, account);
  const number = `${account.contracts[0].number}/B`;
  await portal.import([{ ...account, contracts: [account.contracts[0], { number, status: 'sent' }] }]);
  await goTo(page, titles.contracts);
  await expect(page.getByText(number)).toBeVisible();
  await expect(page.getByText('Wysłana do klienta')).toBeVisible();
});

test('invoices of all payers: newest first, filtered, a page at a time and back', async ({ page, portal }) => {
  const account = await portal.newAccount({ invoices: 110, payers: 2 });
  await signIn(page, account);
  await goTo(page, titles.invoices);
  const shown = async (): Promise<string[]> =>
    page.getByRole('row').getByRole('link').allTextContents();
  const first = await shown();
  const numbers = account.invoices.map((invoice) => invoice.number);
  expect(first.length).toBeGreaterThan(5);
  expect(first).toEqual(numbers.slice(0, first.length));

  const seen = [...first];
  const older = page.getByRole('link', { name: 'Starsze faktury' });
  while (await older.isVisible()) {
    const before = (await shown())[0];
    await older.click();
    await expect.poll(async () => (await shown())[0] ?? before, 'the next page is there').not.toBe(before);
    await page.waitForLoadState();
    seen.push(...(await shown()));
  }
  expect(seen, 'every invoice once, in order').toEqual(numbers);
  const newer = page.getByRole('link', { name: 'Nowsze faktury', exact: true });
  await newer.click();
  await expect.poll(shown, 'one page back').toEqual(numbers.slice(first.length, 2 * first.length));
  await expect(page).toHaveURL(/[?&]before=/);
  await page.reload();
  await expect.poll(shown, 'the address says which page it is').toEqual(numbers.slice(first.length, 2 * first.length));
  await older.click();
  await expect.poll(shown).toEqual(numbers.slice(2 * first.length));
  await newer.click();
  await expect.poll(shown).toEqual(numbers.slice(first.length, 2 * first.length));
  await newer.click();
  await expect.poll(shown).toEqual(first);
  expect(page.url(), 'the first page has an address of its own').toBe(portal.url('/invoices?show=all'));
  await expect(newer).toBeHidden();
  await older.click();
  await page.getByRole('link', { name: 'Najnowsze faktury' }).click();
  await expect.poll(shown).toEqual(first);

  const filter = page.getByRole('navigation', { name: 'Pokaż' });
  const expectations: [string, number[]][] = [
    ['Do zapłaty', [0, 1, 2]],
    ['Po terminie', [1, 2]],
  ];
  for (const [name, places] of expectations) {
    await filter.getByRole('link', { name, exact: true }).click();
    await expect.poll(shown).toEqual(places.map((at) => nth(account.invoices, at).number));
    await expect(filter.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'true');
  }
  await filter.getByRole('link', { name: 'Opłacone' }).click();
  await expect.poll(async () => (await shown())[0]).toBe(nth(account.invoices, 3).number);
  await page.reload();
  await expect.poll(async () => (await shown())[0]).toBe(nth(account.invoices, 3).number);
});

test('an invoice shows its status, its lines and how to pay it; its PDF is one and has its number', async ({
  page,
  portal,
}, info) => {
  const account = await portal.newAccount({ invoices: 3 });
  const invoice = nth(account.invoices, 2);
  await signIn(page, account);
  await goTo(page, titles.invoices);
  await page.getByRole('link', { name: invoice.number }).click();
  await expectTitle(page, `Faktura ${invoice.number}`);
  await expect(page.getByText(złoty((Number(invoice.gross) - 10).toFixed(2))).first()).toBeVisible();
  await expect(page.getByText('Po terminie', { exact: true })).toBeVisible();
  await expect(page.getByRole('row', { name: /Energia elektryczna czynna/ })).toContainText(figure(invoice.gross));
  await expect(page.getByRole('columnheader', { name: 'Cena netto (zł)' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Dane do przelewu' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Wpłaty' })).toBeVisible();
  await expect(page.getByText(złoty('10.00'))).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Pobierz PDF' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.pdf$/);
  const file = info.outputPath('invoice.pdf');
  await download.saveAs(file);
  const bytes = await readFile(file);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdfTitle(bytes)).toContain(invoice.number);

  await page.getByRole('navigation', { name: 'Jesteś tutaj' }).getByRole('link', { name: titles.invoices }).click();
  await expectTitle(page, titles.invoices);
});

/** The document's title, which screen readers announce: in the file's metadata, never compressed. */
function pdfTitle(bytes: Buffer): string {
  return /<dc:title>([\s\S]*?)<\/dc:title>/.exec(bytes.toString('utf8'))?.[1] ?? '';
}

test('whole rows lead to the invoice, and its data can be copied', async ({ page, context, portal }) => {
  const account = await portal.newAccount({ invoices: 1 });
  const invoice = nth(account.invoices, 0);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signIn(page, account);
  await goTo(page, titles.invoices);
  const cell = await page.getByRole('row', { name: invoice.number }).getByRole('cell').last().boundingBox();
  await page.mouse.click((cell?.x ?? 0) + 10, (cell?.y ?? 0) + 10);
  await expectTitle(page, `Faktura ${invoice.number}`);
  await page.getByRole('button', { name: 'Kopiuj tytuł przelewu' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(invoice.number);
});

test('nobody gets in without signing in', async ({ page }) => {
  for (const path of ['/', '/contracts', '/payers', '/supply-points', '/invoices', '/settings', '/more']) {
    await page.goto(path);
    await expectTitle(page, titles.signIn);
  }
});

test('a page that does not exist says so, with its status', async ({ page, portal }) => {
  const answer = await page.goto('/nothing/here');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: titles.notFound })).toBeVisible();
  await signIn(page, await portal.newAccount());
  expect((await page.goto('/invoices/nothing'))?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: titles.notFound })).toBeVisible();
});
