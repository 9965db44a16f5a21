/** Plans in files: into the grid with a look at them first, by a form for many plans at once, and out again. */

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from './fixtures/checks.ts';
import {
  beAProducer,
  csv,
  dayAhead,
  fillFrom,
  importFile,
  newUnit,
  openPlan,
  signInAsProducer,
} from './fixtures/plans.ts';
import { awake, expect, expectTitle, open, test } from './fixtures/test.ts';

/** Producers work under this operator. */
test.use({ baseURL: async ({ portal }, use) => use(portal.url('/', 'pgb')) });
test.beforeEach(({ page, portal }) => beAProducer(page, portal));

/** What a link downloads. */
async function download(page: Page, act: () => Promise<void>): Promise<{ name: string; content: Buffer }> {
  const started = page.waitForEvent('download');
  await act();
  const file = await started;
  return { name: file.suggestedFilename(), content: await readFile(await file.path()) };
}

test('a file is shown before it is written, and is one step to undo', async ({ page }) => {
  const unit = newUnit();
  const grid = await openPlan(page, `/plans/${unit}/${dayAhead(3)}`);
  await grid.type('00–01 PPLAN', '5,5');
  await importFile(page, csv(unit, [dayAhead(3), dayAhead(4)], '12,5'));
  const dialog = page.getByRole('dialog', { name: 'Import z pliku plan.csv' });
  await expect(dialog.getByText(/48 wartości się zmieni/)).toBeVisible();
  await expect(dialog.getByText(/1 plan z pliku jest dla innego dnia/)).toBeVisible();
  await expectAccessible(page, 'what is in a file');
  await dialog.getByRole('button', { name: 'Wczytaj 48 wartości' }).click();
  await grid.expectValue('00–01 PPLAN', '12,500');
  await grid.expectValue('23–24 PAUTO', '0,100');
  await grid.expectSaved();
  await page.getByRole('toolbar').getByRole('button', { name: 'Cofnij' }).click();
  await grid.expectValue('00–01 PPLAN', '5,500');
  await grid.expectValue('23–24 PPLAN', '');
});

test('a file with mistakes changes nothing and says where they are', async ({ page }) => {
  const unit = newUnit();
  const grid = await openPlan(page, `/plans/${unit}/${dayAhead(3)}`);
  const file = csv(unit, [dayAhead(3)], '12,5');
  file.buffer = Buffer.from(file.buffer.toString().replace('04:00;12,5', '04:00;dużo'));
  await importFile(page, file);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Wiersz 7, kolumna 2: to nie jest liczba')).toBeVisible();
  await expect(dialog.getByRole('button', { name: /Wczytaj/ })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Zamknij' }).click();
  await importFile(page, csv('MWE-999', [dayAhead(3)], '1,0'));
  await expect(dialog.getByText(/nie planujesz jednostki wytwórczej o tym kodzie/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Zamknij' }).click();
  await grid.expectValue('00–01 PPLAN', '');
});

test('a plan comes back from every format as it went', async ({ page }) => {
  const unit = newUnit();
  const day = dayAhead(5);
  const grid = await openPlan(page, `/plans/${unit}/${day}`);
  await fillFrom(page, csv(unit, [day], '12,345'));
  for (const format of ['CSV (PGB)', 'XLSX (Excel)']) {
    await page.getByRole('toolbar').getByText('Eksportuj').click();
    const { name, content } = await download(page, () => page.getByRole('link', { name: format }).click());
    expect(name).toContain(`${unit}-${day}`);
    await grid.type('00–01 PPLAN', '1');
    await grid.expectSaved();
    await importFile(page, { name, mimeType: '', buffer: content });
    await page.getByRole('dialog').getByRole('button', { name: 'Wczytaj 1 wartość' }).click();
    await grid.expectValue('00–01 PPLAN', '12,345');
  }
});

test('a template is kept and copied from', async ({ page }) => {
  const unit = newUnit();
  let grid = await openPlan(page, `/plans/${unit}/${dayAhead(3)}`);
  await grid.type('07–08 PPLAN', '7,75');
  const tools = page.getByRole('toolbar');
  await tools.getByText('Kopiuj z…').click();
  await tools.getByRole('button', { name: 'Zapisz jako szablon' }).click();
  await expect(page.getByText(`Plan jest teraz szablonem jednostki ${unit}.`)).toBeVisible();
  grid = await openPlan(page, `/plans/${unit}/${dayAhead(6)}`);
  await tools.getByText('Kopiuj z…').click();
  await tools.getByRole('button', { name: 'szablonu jednostki' }).click();
  await grid.expectValue('07–08 PPLAN', '7,750');
});

for (const javaScriptEnabled of [true, false]) {
  test(`many plans are taken by a form, all or none, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async ({ visit }) => {
    const unit = newUnit();
    const page = await visit({ operator: 'pgb', javaScriptEnabled });
    await signInAsProducer(page);
    await page.goto('/plans/files');
    await expectTitle(page, 'Pliki planów');
    if (javaScriptEnabled) {
      await expectAccessible(page, 'plan files');
    }
    await expectNoSidewaysScroll(page, 'plan files');
    const field = page.getByLabel('Plik z planami');
    const take = page.getByRole('button', { name: 'Wczytaj plany' });
    await take.click();
    await expect(page.getByRole('alert')).toContainText('Plik z planami');

    const days = [dayAhead(2), dayAhead(3), dayAhead(4)];
    await field.setInputFiles(csv(unit, days, '12,5'));
    await take.click();
    await expect(page.getByText('Wczytaliśmy 3 plany.')).toBeVisible();
    await page.getByRole('link', { name: 'Zobacz wczytane plany' }).click();
    await expectTitle(page, 'Plan na dziewięć dni');

    await page.goto('/plans/files');
    await field.setInputFiles(csv(unit, days, '13,5'));
    await take.click();
    await expect(page.getByText(/Wiersz \d+.*: w tym planie są już inne wartości/)).toHaveCount(3);
    await page.getByLabel('Zastąp wartości, które już są w planach').check();
    await field.setInputFiles(csv(unit, days, '13,5'));
    await take.click();
    await expect(page.getByText('Wczytaliśmy 3 plany.')).toBeVisible();

    await field.setInputFiles({ name: 'plan.csv', mimeType: 'text/csv', buffer: Buffer.from('to nie jest plan') });
    await take.click();
    await expect(page.getByRole('alert')).toContainText('W pliku są błędy, dlatego niczego z niego nie wczytaliśmy.');

    await field.setInputFiles(csv(unit, [dayAhead(5)], '999'));
    await take.click();
    await expect(page.getByText('Wczytaliśmy 1 plan.')).toBeVisible();
    const first = `${unit}, ${dayAhead(5).split('-').reverse().join('.')}, 00–01 PPLAN: powyżej Pmax`;
    await expect(page.getByText(/^24 wartości trzeba poprawić przed zatwierdzeniem: /)).toContainText(first);

    const large = { name: 'plan.csv', mimeType: 'text/csv', buffer: Buffer.alloc(12 * 2 ** 20, ' ') };
    if (javaScriptEnabled) {
      await awake(page);
      await field.setInputFiles(large);
      await expect(page.getByRole('alert')).toContainText('najwyżej 4 MB');
      await expect(field).toHaveValue('');
    } else {
      await field.setInputFiles(large);
      await take.click();
      await expect(page.getByRole('heading', { name: 'Plik jest za duży' })).toBeVisible();
    }
  });
}

test('what cannot be written yet is explained', async ({ page }) => {
  await open(page, '/plans/files');
  await page.getByLabel('Jednostka').selectOption(newUnit());
  await page.getByLabel('Format').selectOption({ label: 'XML (PGB)' });
  await page.getByRole('button', { name: 'Zapisz plik' }).click();
  await expect(page.getByText(/W tym formacie można zapisać tylko kompletny plan/)).toBeVisible();
});

test('without scripts, too, the value that keeps a file from being saved is named', async ({ visit }) => {
  const [unit, day] = [newUnit(), dayAhead(4)];
  const plain = await visit({ operator: 'pgb', javaScriptEnabled: false });
  await signInAsProducer(plain);
  await plain.goto(`/plans/${unit}/${day}`);
  await plain.getByRole('textbox', { name: '06–07 PPLAN' }).fill('abc');
  const saved = plain.waitForResponse((answer) => answer.request().method() === 'POST');
  await plain.getByRole('button', { name: 'Zapisz szkic' }).click();
  await saved;
  await plain.goto('/plans/files');
  await plain.getByLabel('Jednostka').selectOption(unit);
  await plain.getByLabel('Dzień').fill(day);
  await plain.getByRole('button', { name: 'Zapisz plik' }).click();
  const cell = `${unit}, ${day.split('-').reverse().join('.')}, 06–07 PPLAN`;
  await expect(plain.getByText(`Popraw najpierw te wartości – ${cell}: to nie jest liczba.`)).toBeVisible();
});
