/** The grid of plans, by what its cells are called. */

import { expectAccessible, expectNoSidewaysScroll } from './fixtures/checks.ts';
import {
  approvePlan,
  beAProducer,
  csv,
  dayAhead,
  importFile,
  longDate,
  newUnit,
  openPlan,
  signInAsProducer,
  stripOfDays,
} from './fixtures/plans.ts';
import { dispatcher } from './fixtures/staff.ts';
import { awake, expect, expectTitle, open, test } from './fixtures/test.ts';
import { titles } from './fixtures/words.ts';

/** Producers work under this operator. */
test.use({ baseURL: async ({ portal }, use) => use(portal.url('/', 'pgb')) });

const LONG_DAY = '2027-10-31';
const SHORT_DAY = '2027-03-28';

test.beforeEach(({ page, portal }) => beAProducer(page, portal));

test('every value of a day is a cell named by its hour and series', async ({ page }) => {
  const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
  await expect(grid.root.getByRole('columnheader', { name: 'PPLAN' })).toBeVisible();
  await expect(grid.root.getByRole('columnheader', { name: 'PAUTO' })).toBeVisible();
  await expect(grid.root.getByRole('rowheader')).toHaveCount(24);
  for (const hour of ['00–01', '12–13', '23–24']) {
    await expect(grid.cell(`${hour} PPLAN`)).toHaveCount(1);
    await expect(grid.cell(`${hour} PAUTO`)).toHaveCount(1);
  }
  await expectAccessible(page, 'a plan');
  await expectNoSidewaysScroll(page, 'a plan');
});

test('the long day has its hour twice, the short day lacks one', async ({ page }) => {
  const unit = newUnit();
  let grid = await openPlan(page, `/plans/${unit}/${LONG_DAY}`);
  await expect(grid.root.getByRole('rowheader')).toHaveCount(25);
  await grid.type('02–03 A PPLAN', '7,5');
  await grid.expectValue('02–03 A PPLAN', '7,500');
  await expect(grid.cell('02–03 PPLAN')).not.toHaveText('7,500');
  await grid.expectSaved();
  grid = await openPlan(page, `/plans/${unit}/${SHORT_DAY}`);
  await expect(grid.root.getByRole('rowheader')).toHaveCount(23);
  await expect(grid.cell('02–03 PPLAN')).toHaveCount(0);
  grid = await openPlan(page, `/plans/${unit}/2027-10-25/days`);
  await expect(grid.cell('02–03 A PPLAN 31.10.2027')).toHaveText('7,500');
  await expect(grid.cell('02–03 A PPLAN 30.10.2027')).toHaveAttribute('aria-readonly', 'true');
});

test('typing replaces, F2 and a double click go on at the end, Escape forgets, and what was typed is there after a reload', async ({ page }) => {
  const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
  await grid.type('03–04 PPLAN', '12,5');
  await grid.expectValue('03–04 PPLAN', '12,500');
  await expect(grid.cell('04–05 PPLAN')).toBeFocused();
  await page.keyboard.type('13.25');
  await page.keyboard.press('Tab');
  await grid.expectValue('04–05 PPLAN', '13,250');
  await expect(grid.cell('04–05 PAUTO')).toBeFocused();

  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('F2');
  await expect(grid.field).toHaveValue('13,250');
  await page.keyboard.type('4');
  await page.keyboard.press('Enter');
  await grid.expectValue('04–05 PPLAN', '13,2504');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('F2');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('4');
  await page.keyboard.press('Enter');
  await grid.expectValue('04–05 PPLAN', '13,254');

  await grid.cell('03–04 PPLAN').dblclick();
  await page.keyboard.type('9');
  await expect(grid.field).toHaveValue('12,5009');
  await page.keyboard.press('Escape');
  await grid.cell('05–06 PPLAN').dblclick();
  await grid.field.fill('1');
  await page.keyboard.press('Escape');
  await expect(grid.cell('05–06 PPLAN')).not.toHaveText('1,000');
  await expect(grid.cell('05–06 PPLAN')).toBeFocused();
  await page.keyboard.press('Delete');
  await grid.expectValue('05–06 PPLAN', '');

  await grid.expectSaved();
  await page.reload();
  await awake(page);
  await grid.expectValue('03–04 PPLAN', '12,500');
  await grid.expectValue('04–05 PPLAN', '13,254');
  await grid.expectValue('05–06 PPLAN', '');
});

test('keys move as in a spreadsheet, and Tab leaves the grid', async ({ page }) => {
  const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
  await grid.cell('00–01 PPLAN').click();
  const steps: [string, string][] = [
    ['ArrowDown', '01–02 PPLAN'],
    ['ArrowRight', '01–02 PAUTO'],
    ['Home', '01–02 PPLAN'],
    ['End', '01–02 PAUTO'],
    ['Control+End', '23–24 PAUTO'],
    ['Control+Home', '00–01 PPLAN'],
    ['Control+ArrowDown', '23–24 PPLAN'],
    ['Control+ArrowUp', '00–01 PPLAN'],
    ['Tab', '00–01 PAUTO'],
    ['Tab', '01–02 PPLAN'],
    ['Shift+Tab', '00–01 PAUTO'],
    // Enter goes on below where the row of Tabs began; an arrow ends that row.
    ['Enter', '01–02 PPLAN'],
    ['Shift+Enter', '00–01 PPLAN'],
    ['Tab', '00–01 PAUTO'],
    ['ArrowDown', '01–02 PAUTO'],
    ['Enter', '02–03 PAUTO'],
    ['Control+Home', '00–01 PPLAN'],
  ];
  for (const [key, name] of steps) {
    await page.keyboard.press(key);
    await expect(grid.cell(name), key).toBeFocused();
  }
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(grid.root.locator(':focus')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  await expect(grid.cell('00–01 PPLAN')).toBeFocused();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Tab');
  await expect(grid.root.locator(':focus')).toHaveCount(0);
});

test('the status bar adds up what is selected, by keys and by mouse', async ({ page }) => {
  const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
  await grid.cell('00–01 PPLAN').click();
  await grid.paste('1,5\n2,5\n5');
  const status = page.getByRole('group', { name: 'Stan planu' });
  await expect(status).toContainText('3 wartości');
  await expect(status).toContainText(/Suma\s9,000\sMW/);
  await expect(status).toContainText(/Średnia\s3,000\sMW/);
  await expect(status).toContainText(/Szczyt\s5,000\sMW/);
  await expect(status).toContainText(/Energia\s9,000\sMWh/);
  await grid.cell('00–01 PPLAN').click();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(status).toContainText(/Suma\s4,000\sMW/);
  await expect(grid.cell('01–02 PPLAN')).toHaveAttribute('aria-selected', 'true');
  await expect(grid.cell('02–03 PPLAN')).toHaveAttribute('aria-selected', 'false');
  await grid.cell('01–02 PPLAN').hover();
  await page.mouse.down();
  await grid.cell('02–03 PPLAN').hover();
  await page.mouse.up();
  await expect(status).toContainText(/Suma\s7,500\sMW/);
  await grid.cell('00–01 PPLAN').click({ modifiers: ['Shift'] });
  await expect(status).toContainText(/Suma\s4,000\sMW/);
  await grid.root.getByRole('rowheader', { name: '02–03' }).click();
  await expect(grid.cell('02–03 PAUTO')).toHaveAttribute('aria-selected', 'true');
  await expect(grid.cell('01–02 PPLAN')).toHaveAttribute('aria-selected', 'false');
});

test('blocks go to and come from a spreadsheet; what does not fit is shown first', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
  await grid.cell('10–11 PPLAN').click();
  await grid.paste('"20,5"\t0.5\r\n21\t1,25\r\n');
  await grid.expectValue('10–11 PPLAN', '20,500');
  await grid.expectValue('11–12 PAUTO', '1,250');
  await page.keyboard.press('Control+c');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('20,500\t0,500\n21,000\t1,250\n');
  await page.keyboard.press('Control+x');
  await grid.expectValue('10–11 PPLAN', '');

  await grid.cell('22–23 PPLAN').click();
  await grid.paste('30\t1\t7\n31\n32');
  const dialog = page.getByRole('dialog', { name: 'Nie wszystko pasuje' });
  await expect(dialog).toContainText('wiersz 1, kolumna 3: „7” – wychodzi poza tabelę');
  await expect(dialog).toContainText('wiersz 3, kolumna 1: „32”');
  await dialog.getByRole('button', { name: 'Anuluj' }).click();
  await expect(grid.cell('22–23 PPLAN')).not.toHaveText('30,000');
  await grid.paste('30\t1\t7\n31\n32');
  await dialog.getByRole('button', { name: /^Wklej/ }).click();
  await expect(dialog).toBeHidden();
  await grid.expectValue('22–23 PPLAN', '30,000');
  await grid.expectValue('23–24 PPLAN', '31,000');
});

test('a week of quarters, as a spreadsheet copies it, is one paste and one step back', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const grid = await openPlan(page, `/plans/units/${dayAhead(30)}?resolution=PT15M`);
  const value = (row: number, column: number) => `${1 + ((row * 7 + column * 3) % 40)},${String(row % 10)}5`;
  const rows = Array.from({ length: 96 }, (_, row) => Array.from({ length: 7 }, (_, column) => value(row, column)));
  await grid.root.getByRole('gridcell').first().click();
  await grid.paste(`${rows.map((row) => row.join('\t')).join('\r\n')}\r\n`);
  const cell = (row: number, column: number) =>
    grid.root.getByRole('row').nth(row + 1).getByRole('gridcell').nth(column);
  await expect(cell(0, 0)).toHaveText(`${value(0, 0)}0`);
  await expect(cell(3, 6)).toHaveText(`${value(3, 6)}0`);
  await expect(page.getByText('672 wartości')).toBeVisible();
  await grid.expectSaved();
  await page.keyboard.press('Control+z');
  await expect(cell(0, 0)).toHaveText('');
  await grid.expectSaved();
});

test('filling, copying from other days and every other step can be undone in one order', async ({ page }) => {
  const unit = newUnit();
  let grid = await openPlan(page, `/plans/${unit}/${dayAhead(2)}`);
  await grid.type('02–03 PPLAN', '5,5');
  await grid.expectSaved();
  grid = await openPlan(page, `/plans/${unit}/${dayAhead(3)}`);
  const tools = page.getByRole('toolbar');
  const undo = tools.getByRole('button', { name: 'Cofnij' });
  await expect(undo).toBeDisabled();
  await grid.type('00–01 PPLAN', '11');
  await grid.cell('00–01 PPLAN').click();
  await grid.cell('02–03 PPLAN').click({ modifiers: ['Shift'] });
  await page.keyboard.press('Control+d');
  await grid.expectValue('02–03 PPLAN', '11,000');
  await tools.getByText('Kopiuj z…').click();
  await tools.getByRole('button', { name: 'poprzedniego dnia' }).click();
  await expect(page.getByText('Skopiowano plan z poprzedniego dnia.')).toBeVisible();
  await grid.expectValue('02–03 PPLAN', '5,500');
  // The focus is back in the grid.
  await page.keyboard.press('Control+z');
  await grid.expectValue('02–03 PPLAN', '11,000');
  await undo.click();
  await grid.expectValue('02–03 PPLAN', '');
  await grid.cell('05–06 PPLAN').click();
  await page.keyboard.press('Control+y');
  await grid.expectValue('02–03 PPLAN', '11,000');
  await page.keyboard.press('Control+Shift+Z');
  await grid.expectValue('02–03 PPLAN', '5,500');
});

test('an open menu closes on Escape and on a click elsewhere', async ({ page }) => {
  const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
  const menu = page.getByRole('toolbar').getByText('Kopiuj z…');
  const entry = page.getByRole('toolbar').getByRole('button', { name: 'poprzedniego dnia' });
  await menu.click();
  await expect(entry).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await expect(entry).toBeHidden();
  await expect(menu).toBeFocused();
  await menu.click();
  await expect(entry).toBeVisible();
  await grid.cell('05–06 PPLAN').click();
  await expect(entry).toBeHidden();
  await expect(grid.cell('05–06 PPLAN')).toBeFocused();
});

test('quarters that differ stay quarters where hours are asked for', async ({ page, visit }) => {
  const day = dayAhead(11);
  const path = `/plans/${newUnit()}/${day}`;
  const grid = await openPlan(page, `${path}?resolution=PT15M`);
  const head = await grid.root.getByRole('columnheader', { name: 'PPLAN' }).boundingBox();
  const cell = await grid.cell('00:15–00:30 PPLAN').boundingBox();
  expect(head?.x).toBeCloseTo(cell?.x ?? 0, 0);
  await grid.type('00:15–00:30 PPLAN', '7');
  await grid.expectSaved();
  await page.getByRole('navigation', { name: 'Rozdzielczość' }).getByRole('link', { name: 'Godziny' }).click();
  const why = 'W godzinach zostałyby z nich tylko średnie';
  await expect(page.getByText(why)).toBeVisible();
  await grid.expectValue('00:15–00:30 PPLAN', '7,000');
  await page.goto(`/plans/units/${day}?resolution=PT1H`);
  await expect(page.getByText(why)).toBeVisible();
  const plain = await visit({ operator: 'pgb', javaScriptEnabled: false });
  await signInAsProducer(plain);
  await plain.goto(`${path}?resolution=PT1H`);
  await expect(plain.getByText(why)).toBeVisible();
  await expect(plain.getByRole('textbox', { name: '00:15–00:30 PPLAN' })).toHaveValue('7,000');

  await open(page, `${path}?resolution=PT1H`);
  await grid.cell('00:15–00:30 PPLAN').click();
  await page.keyboard.press('Delete');
  await grid.expectSaved();
  await page.reload();
  await expect(grid.cell('00–01 PPLAN')).toBeVisible();
});

test('a day without a plan, or a missing template, is named when there is nothing to copy', async ({ page }) => {
  const unit = newUnit();
  const grid = await openPlan(page, `/plans/${unit}/${dayAhead(40)}`);
  const tools = page.getByRole('toolbar');
  const sources: [string, string][] = [
    ['poprzedniego dnia', `Jednostka ${unit} nie ma planu na ${longDate(dayAhead(39))}`],
    ['tego samego dnia tydzień wcześniej', `Jednostka ${unit} nie ma planu na ${longDate(dayAhead(33))}`],
    ['szablonu jednostki', `Jednostka ${unit} nie ma jeszcze szablonu.`],
  ];
  for (const [source, answer] of sources) {
    await tools.getByText('Kopiuj z…').click();
    await tools.getByRole('button', { name: source }).click();
    await expect(page.getByText(answer)).toBeVisible();
  }
  await expect(tools.getByRole('button', { name: 'Cofnij' })).toBeDisabled();
  await grid.expectValue('00–01 PPLAN', '');
});

test('where a plan stands follows its draft, and an approval says what it made', async ({ page }) => {
  const unit = newUnit();
  const day = dayAhead(4);
  let grid = await openPlan(page, `/plans/${unit}/${day}`);
  const unapproved = page.getByText('zmiany niezatwierdzone');
  await expect(page.getByText('Szkic', { exact: true })).toHaveCount(0);
  await grid.type('00–01 PPLAN', '5');
  await grid.expectSaved();
  await expect(stripOfDays(page).getByRole('link', { name: /Szkic/ })).toHaveCount(1);
  await expect(page.getByText('Szkic', { exact: true })).toHaveCount(2);

  await importFile(page, csv(unit, [day], '12,5'));
  await page.getByRole('dialog').getByRole('button', { name: /Wczytaj/ }).click();
  await approvePlan(page);
  const made = page.getByRole('status').filter({ hasText: 'Zatwierdzono wersję 1.' });
  await expect(made).toContainText(/\d{2}:\d{2} · .+ · Suma kontrolna: [0-9a-f]{12}/);
  await expect(unapproved).toHaveCount(0);
  await expectAccessible(page, 'a plan that was approved');
  await awake(page);
  await approvePlan(page);
  await expect(page.getByText(/Nie ma nic nowego do zatwierdzenia: .* wersja 1/)).toBeVisible();

  await awake(page);
  await grid.type('12–13 PPLAN', '13');
  await expect(unapproved).toBeVisible();
  await expect(stripOfDays(page).getByRole('link', { name: /Zatwierdzony/ })).toHaveCount(1);
  await grid.expectSaved();
  grid = await openPlan(page, `/plans/${unit}/${day}`);
  await expect(unapproved).toBeVisible();
  await grid.type('12–13 PPLAN', '12,5');
  await expect(unapproved).toHaveCount(0);
  await grid.type('12–13 PPLAN', '14');
  await expect(unapproved).toBeVisible();
  await approvePlan(page);
  await expect(page.getByText('Zatwierdzono wersję 2.')).toBeVisible();
  await expect(unapproved).toHaveCount(0);
});

test('reasons of the dispatcher name their hours on the pages of the producer', async ({ page, portal, visit }) => {
  const unit = newUnit();
  const day = dayAhead(5);
  const path = `${unit}/${day}`;
  await openPlan(page, `/plans/${path}`);
  await importFile(page, csv(unit, [day], '12,5'));
  await page.getByRole('dialog').getByRole('button', { name: /Wczytaj/ }).click();
  await approvePlan(page);
  await expect(page.getByText('Zatwierdzono wersję 1.')).toBeVisible();
  const staff = await dispatcher(portal, visit);
  await open(staff, `/staff/plans/${path}`);
  await staff.getByLabel('Dotyczy godziny').selectOption({ label: '10–11 PPLAN' });
  await staff.getByLabel('Powód').fill('za dużo wiatru');
  await staff.getByText('Dodaj kolejne powody').click();
  await staff.getByLabel('Której godziny dotyczy (3)').selectOption({ label: '12–13 PAUTO' });
  await expectNoSidewaysScroll(staff, 'a plan to decide about');
  await expectAccessible(staff, 'a plan to decide about');
  await staff.getByRole('button', { name: 'Odrzuć' }).click();
  const third = staff.getByLabel('Treść powodu (3)');
  await expect(third).toHaveAccessibleDescription('Pole Treść powodu (3) jest wymagane');
  await third.fill('za mało na potrzeby własne');
  await staff.getByRole('button', { name: 'Odrzuć' }).click();
  await expect(staff.getByText('Odrzucony', { exact: true }).first()).toBeVisible();
  for (const place of ['', '/history']) {
    await page.goto(`/plans/${path}${place}`);
    await expect(page.getByText('PPLAN 10–11: za dużo wiatru')).toBeVisible();
    await expect(page.getByText('PAUTO 12–13: za mało na potrzeby własne')).toBeVisible();
  }
});

test('what is no number is named before a file is made, and only formats that work are advised', async ({ page }) => {
  const unit = newUnit();
  const day = dayAhead(6);
  const grid = await openPlan(page, `/plans/${unit}/${day}`);
  await importFile(page, csv(unit, [day], '12,5'));
  await page.getByRole('dialog').getByRole('button', { name: /Wczytaj/ }).click();
  await grid.type('06–07 PPLAN', 'abc');
  const tools = page.getByRole('toolbar');
  await tools.getByText('Eksportuj').click();
  await page.getByRole('link', { name: 'CSV (PGB)' }).click();
  await expect(page.getByText(/Nie zapisaliśmy pliku.* 06–07 PPLAN: to nie jest liczba/)).toBeVisible();
  await expect(grid.cell('06–07 PPLAN')).toBeFocused();
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await tools.getByText('Eksportuj').click();
  await page.getByRole('link', { name: 'XML (PGB)' }).click();
  await expect(page.getByText('Wybierz CSV lub XLSX albo poproś operatora')).toBeVisible();
});

test('a day that no calendar has is a page that does not exist', async ({ page }) => {
  const unit = newUnit();
  for (const path of [`${unit}/2026-02-30`, `${unit}/2026-02-30/days`, `${unit}/2026-02-30/history`, 'units/2026-02-30']) {
    const response = await page.goto(`/plans/${path}`);
    expect(response?.status(), path).toBe(404);
    await expectTitle(page, 'Nie ma takiej strony');
  }
});

test('what is wrong is marked at its cell, explained, and listed with a way to it', async ({ page }) => {
  const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
  await grid.type('08–09 PPLAN', '20');
  const wrong: [string, string, RegExp][] = [
    ['02–03 PPLAN', '50,001', /powyżej Pmax \(50,000\sMW\)/],
    ['04–05 PPLAN', '0,5', /poniżej Pmin \(1,000\sMW\)/],
    ['06–07 PPLAN', 'abc', /to nie jest liczba/],
    ['08–09 PAUTO', '49', /PAUTO większe niż PPLAN/],
    ['20–21 PAUTO', '0,1234', /najwyżej 3 miejsca/],
  ];
  for (const [name, text, reason] of wrong) {
    await grid.type(name, text);
    await expect(grid.cell(name)).toHaveAttribute('aria-invalid', 'true');
    await expect(grid.cell(name)).toHaveAccessibleDescription(reason);
  }
  const list = page.getByRole('region', { name: '5 wartości do poprawy' });
  await list.getByRole('button', { name: /^20–21 PAUTO/ }).click();
  await expect(grid.cell('20–21 PAUTO')).toBeFocused();
  await page.keyboard.type('0,1');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: '4 wartości do poprawy' })).toBeVisible();
  await expect(grid.cell('20–21 PAUTO')).not.toHaveAttribute('aria-invalid');
  await page.getByRole('button', { name: 'Zatwierdź' }).click();
  await expect(page.getByText('Planu nie można jeszcze zatwierdzić.')).toBeVisible();
  await expect(grid.cell('00–01 PPLAN')).toBeFocused();
});

test('all units: a hundred columns, drawn where they are looked at, one series at a time', async ({ page }) => {
  const day = dayAhead(3);
  const grid = await openPlan(page, `/plans/units/${day}?resolution=PT15M`);
  await expect(grid.root).toHaveAttribute('aria-colcount', '101');
  await expect(grid.root).toHaveAttribute('aria-rowcount', '97');
  expect(await grid.root.getByRole('gridcell').count()).toBeLessThan(1_200);
  await grid.cell('00:00–00:15 PPLAN MWE-001').click();
  // Everything is selected from where one is: nothing scrolls away.
  await page.keyboard.press('Control+a');
  await expect(grid.cell('00:00–00:15 PPLAN MWE-001')).toBeFocused();
  await expect(grid.cell('00:15–00:30 PPLAN MWE-002')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+End');
  await expect(grid.cell('23:45–24:00 PPLAN MWE-100')).toBeFocused();
  await page.keyboard.type('22,2');
  await page.keyboard.press('Enter');
  await grid.expectValue('23:45–24:00 PPLAN MWE-100', '22,200');
  // Two pages up and one back: what was drawn meanwhile says no longer that it is selected.
  const selected = grid.root.getByRole('gridcell', { selected: true });
  for (const key of ['PageUp', 'PageUp', 'PageDown']) {
    await page.keyboard.press(`Shift+${key}`);
  }
  await expect(selected.nth(5)).toBeVisible();
  await expect(selected.first()).toBeFocused();
  await page.keyboard.press('Control+End');
  await page.getByRole('group', { name: 'Wielkość' }).getByRole('button', { name: 'PAUTO' }).click();
  await expect(grid.cell('23:45–24:00 PAUTO MWE-100')).toBeVisible();
  await grid.root.evaluate((element) => element.scrollTo(0, 0));
  await grid.cell('00:00–00:15 PAUTO MWE-001').click();
  await grid.root.evaluate((element) => element.scrollTo(5_000, 2_000));
  await expect(grid.cell('00:00–00:15 PAUTO MWE-001')).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(grid.cell('00:15–00:30 PAUTO MWE-001')).toBeFocused();
  // The hours stay beside what was scrolled, and select their rows there, too.
  await grid.root.evaluate((element) => element.scrollTo(5_000, 2_000));
  await expect(grid.cell('00:15–00:30 PAUTO MWE-001')).toHaveCount(0);
  const bounds = await grid.root.boundingBox();
  await page.mouse.click((bounds?.x ?? 0) + 40, (bounds?.y ?? 0) + 200);
  await expect(selected.nth(5)).toBeVisible();
  const hours = await selected.evaluateAll((cells) => cells.map((cell) => cell.ariaLabel?.split(' ')[0]));
  expect(new Set(hours).size).toBe(1);
  await expectAccessible(page, 'all units');
});

test('a draft that could not be sent survives a crash of the browser', async ({ page }) => {
  const path = `/plans/${newUnit()}/${dayAhead(2)}`;
  const grid = await openPlan(page, path);
  await page.route('**/api/save_draft', (route) => route.fulfill({ status: 429, json: {} }));
  await grid.type('07–08 PPLAN', '33,3');
  await expect(page.getByText(/Zmiany są w tej przeglądarce/)).toBeVisible();
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto('about:blank');
  await page.unroute('**/api/save_draft');
  await open(page, path);
  await grid.expectValue('07–08 PPLAN', '33,300');
  await expect(page.getByText('Przywróciliśmy zmiany')).toBeVisible();
  await grid.expectSaved();
});

test('who signs out in the middle of typing is asked nothing and loses nothing', async ({ page }) => {
  const path = `/plans/${newUnit()}/${dayAhead(2)}`;
  let grid = await openPlan(page, path);
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await grid.cell('08–09 PPLAN').click();
  await page.keyboard.type('8,25');
  await page.getByRole('banner').getByRole('button', { name: 'Wyloguj' }).click();
  await expectTitle(page, titles.signIn);
  expect(asked).toEqual([]);
  await signInAsProducer(page);
  grid = await openPlan(page, path);
  await grid.expectValue('08–09 PPLAN', '8,250');
});

test('two windows on one plan: both see it, nothing is lost', async ({ page, context }) => {
  const path = `/plans/${newUnit()}/${dayAhead(2)}`;
  const mine = await openPlan(page, path);
  const theirs = await openPlan(await context.newPage(), path);
  await theirs.type('01–02 PPLAN', '41');
  await theirs.type('02–03 PPLAN', '42');
  await theirs.expectSaved();
  await mine.type('02–03 PPLAN', '12');
  await page.keyboard.type('13');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Ten plan ma nowszą zapisaną wersję' });
  await expect(dialog).toContainText('Plan zmieniono w innym oknie');
  await dialog.getByRole('button', { name: 'Później' }).click();
  await expect(dialog).toBeHidden();
  await approvePlan(page);
  await expect(dialog.getByRole('group', { name: '02–03 PPLAN' })).toBeVisible();
  await dialog.getByRole('group', { name: '02–03 PPLAN' }).getByLabel('zapisana: 42,000').check();
  await dialog.getByRole('button', { name: 'Zachowaj obie zmiany' }).click();
  await mine.expectValue('01–02 PPLAN', '41,000');
  await mine.expectValue('02–03 PPLAN', '42,000');
  await mine.expectValue('03–04 PPLAN', '13,000');
  await mine.expectSaved();
  await page.keyboard.press('Control+z');
  await mine.expectValue('02–03 PPLAN', '12,000');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test('a day is a list of fields with the same faults and the same steps', async ({ page }) => {
    const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
    await expect(grid.root).toBeHidden();
    const field = page.getByRole('textbox', { name: '02–03 PPLAN' });
    await field.fill('60');
    await page.getByRole('textbox', { name: '02–03 PAUTO' }).focus();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/powyżej Pmax/);
    await page.getByRole('button', { name: /^02–03 PPLAN: powyżej/ }).click();
    await expect(field).toBeFocused();
    await grid.expectSaved();
    await page.getByRole('button', { name: 'Cofnij' }).click();
    await expect(field).toHaveValue('');
    // At its end, where the tabs of the phone lie over nothing.
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await expectAccessible(page, 'a plan on a phone');
    await expectNoSidewaysScroll(page, 'a plan on a phone');
  });

  test('a block that is pasted into a field goes on in the fields after it', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
    const field = (name: string) => page.getByRole('textbox', { name });
    await field('02–03 PPLAN').focus();
    await grid.paste('5\t1\r\n6\t2\r\n');
    await expect(field('02–03 PPLAN')).toHaveValue('5,000');
    await expect(field('03–04 PAUTO')).toHaveValue('2,000');
    await page.getByRole('button', { name: 'Cofnij' }).click();
    await expect(field('02–03 PPLAN')).toHaveValue('');
    await field('02–03 PPLAN').focus();
    await grid.paste('7,5');
    await expect(field('02–03 PPLAN')).toHaveValue('7,5');
    await field('23–24 PPLAN').focus();
    await grid.paste('5\n6');
    const dialog = page.getByRole('dialog', { name: 'Nie wszystko pasuje' });
    await dialog.getByRole('button', { name: /^Wklej/ }).click();
    await expect(field('23–24 PPLAN')).toHaveValue('5,000');
  });

  test('nothing of a plan is wider than a small phone, also with larger text', async ({ page, context }) => {
    const [unit, day] = [newUnit(), dayAhead(2)];
    for (const [width, size] of [[320, 'normal'], [360, 'larger']] as const) {
      await page.setViewportSize({ width, height: 740 });
      await context.addCookies([{ name: 'text', value: size, url: page.url() }]);
      for (const place of [`${unit}/${day}`, `${unit}/${day}/days`, `units/${day}`]) {
        await page.goto(`/plans/${place}`);
        await expectNoSidewaysScroll(page, `${place}, ${width} px, ${size} text`);
        const days = stripOfDays(page).getByRole('list');
        const cut = await days.evaluate((list) => (list.clientWidth / (list.firstElementChild?.clientWidth ?? 1)) % 1);
        expect.soft(Math.min(cut, 1 - cut), `${place}, ${width} px, ${size} text`).toBeLessThan(0.1);
      }
    }
  });

  test('the chosen day is in sight and the page stays at its top', async ({ page }) => {
    await openPlan(page, `/plans/${newUnit()}/${dayAhead(8)}`);
    const chosen = stripOfDays(page).getByRole('link').nth(9);
    await expect(chosen).toHaveAttribute('aria-current', 'date');
    await expect(chosen).toBeInViewport({ ratio: 0.9 });
    expect(await page.evaluate(() => scrollY)).toBe(0);
    const box = await page.getByRole('button', { name: 'Zatwierdź' }).boundingBox();
    expect(box?.width).toBeGreaterThan(300);
  });

  test('the versions of a plan say what is compared', async ({ page }) => {
    const unit = newUnit();
    const day = dayAhead(7);
    const grid = await openPlan(page, `/plans/${unit}/${day}`);
    await importFile(page, csv(unit, [day], '12,5'));
    await page.getByRole('dialog').getByRole('button', { name: /Wczytaj/ }).click();
    await approvePlan(page);
    await expect(page.getByText('Zatwierdzono wersję 1.')).toBeVisible();
    await awake(page);
    await page.getByRole('textbox', { name: '02–03 PPLAN' }).fill('13');
    await page.getByRole('textbox', { name: '02–03 PAUTO' }).focus();
    await grid.expectSaved();
    await approvePlan(page);
    await expect(page.getByText('Zatwierdzono wersję 2.')).toBeVisible();
    await page.goto(`/plans/${unit}/${day}/history`);
    await expect(page.getByText('Było', { exact: true })).toBeVisible();
    await expect(page.getByText('Jest', { exact: true })).toBeVisible();
    await expect(page.getByLabel('Było')).toHaveValue('1');
    await expect(page.getByRole('columnheader', { name: 'Było (MW)' })).toBeVisible();
    await expectNoSidewaysScroll(page, 'versions on a phone');
    await page.context().addCookies([{ name: 'text', value: 'larger', url: page.url() }]);
    await page.reload();
    await expectNoSidewaysScroll(page, 'versions on a phone, larger text');
  });

  test('in a grid the first tap selects and the second edits', async ({ page }) => {
    const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}/days`);
    const cell = grid.root.getByRole('gridcell', { name: '02–03 PPLAN' }).first();
    await cell.tap();
    await expect(cell).toBeFocused();
    await expect(grid.field).toHaveCount(0);
    await cell.tap();
    await expect(grid.field).toBeFocused();
    await grid.field.fill('4,4');
    await page.keyboard.press('Enter');
    await expect(cell).toHaveText('4,400');
    await expectNoSidewaysScroll(page, 'nine days on a phone');
  });

  test('a long press begins a selection that the finger draws', async ({ page }) => {
    const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}/days`);
    // Away from what lies over the ends of a phone's screen.
    await grid.root
      .getByRole('gridcell', { name: '03–04 PPLAN' })
      .first()
      .evaluate((cell) => cell.scrollIntoView({ block: 'center' }));
    const middle = async (name: string): Promise<{ x: number; y: number }> => {
      const box = await grid.root.getByRole('gridcell', { name }).first().boundingBox();
      return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
    };
    const [from, to] = [await middle('01–02 PPLAN'), await middle('04–05 PPLAN')];
    const finger = await page.context().newCDPSession(page);
    await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [from] });
    await page.waitForTimeout(600);
    await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [to] });
    await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    for (const hour of ['01–02', '02–03', '03–04', '04–05']) {
      await expect(grid.root.getByRole('gridcell', { name: `${hour} PPLAN` }).first()).toHaveAttribute('aria-selected', 'true');
    }
    await page.keyboard.press('Delete');
    await expect(grid.root.getByRole('gridcell', { name: '05–06 PPLAN' }).first()).toHaveAttribute('aria-selected', 'false');
  });
});

test('what is typed on a phone before the page is awake is kept with the rest', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  let wake = (): void => {};
  const isTyped = new Promise<void>((done) => {
    wake = done;
  });
  await page.route('**/*.wasm', async (route) => {
    await isTyped;
    await route.continue();
  });
  const path = `/plans/${newUnit()}/${dayAhead(2)}`;
  await page.goto(path, { waitUntil: 'commit' });
  const field = (hour: string) => page.getByRole('textbox', { name: `${hour} PPLAN` });
  await field('00–01').fill('14');
  await field('01–02').fill('15');
  wake();
  await awake(page);
  await field('02–03').fill('16');
  await field('03–04').focus();
  await expect(page.getByText(/Szkic zapisany o/)).toBeVisible();
  await page.reload();
  for (const [hour, value] of [['00–01', '14,000'], ['01–02', '15,000'], ['02–03', '16,000']] as const) {
    await expect(field(hour)).toHaveValue(value);
  }
});

test('on a keyboard with Cyrillic letters commands go by the same keys', async ({ page }) => {
  const grid = await openPlan(page, `/plans/${newUnit()}/${dayAhead(2)}`);
  await grid.type('03–04 PPLAN', '12,5');
  await grid.expectValue('03–04 PPLAN', '12,500');
  await page.evaluate(() => {
    const press = { key: 'я', code: 'KeyZ', ctrlKey: true, bubbles: true, cancelable: true };
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', press));
  });
  await expect(grid.cell('03–04 PPLAN')).not.toHaveText('12,500');
});

test('without scripts a day is a form', async ({ page, visit }) => {
  const path = `/plans/${newUnit()}/${dayAhead(2)}`;
  const plain = await visit({ operator: 'pgb', javaScriptEnabled: false });
  await signInAsProducer(plain);
  await plain.goto(path);
  await expect(plain.getByRole('grid')).toBeHidden();
  await plain.getByRole('textbox', { name: '00–01 PPLAN' }).fill('17,25');
  await plain.getByRole('button', { name: 'Zapisz szkic' }).click();
  await expect(plain.getByRole('textbox', { name: '00–01 PPLAN' })).toHaveValue('17,250');
  await openPlan(page, path);
  await expect(page.getByRole('gridcell', { name: '00–01 PPLAN' })).toHaveText('17,250');
});

test('without scripts, too, a plan is approved, and what is missing is named by its hour', async ({ visit }) => {
  const plain = await visit({ operator: 'pgb', javaScriptEnabled: false });
  await signInAsProducer(plain);
  await plain.goto(`/plans/${newUnit()}/${dayAhead(4)}`);
  await approvePlan(plain);
  await expect(plain.getByText('PPLAN 23–24: brak wartości')).toBeVisible();
  for (const hour of Array.from({ length: 24 }, (_, hour) => hour)) {
    const [from, to] = [hour, hour + 1].map((each) => String(each).padStart(2, '0'));
    await plain.getByRole('textbox', { name: `${from}–${to} PPLAN` }).fill('17,25');
  }
  await approvePlan(plain);
  await expect(plain.getByRole('status').filter({ hasText: 'Zatwierdzono wersję 1.' })).toContainText('Suma kontrolna');
  await expect(plain.getByRole('textbox', { name: '12–13 PPLAN' })).toHaveValue('17,250');
  await approvePlan(plain);
  await expect(plain.getByText(/Nie ma nic nowego do zatwierdzenia/)).toBeVisible();
  await plain.getByRole('textbox', { name: '12–13 PPLAN' }).fill('18');
  await plain.getByRole('textbox', { name: '12–13 PPLAN' }).press('Enter');
  await expect(plain.getByText('zmiany niezatwierdzone')).toBeVisible();
});

test('without scripts, too, nothing that somebody else wrote meanwhile is lost', async ({ page, visit }) => {
  const path = `/plans/${newUnit()}/${dayAhead(2)}`;
  const plain = await visit({ operator: 'pgb', javaScriptEnabled: false });
  await signInAsProducer(plain);
  await plain.goto(path);
  const grid = await openPlan(page, path);
  await grid.type('01–02 PPLAN', '11');
  await grid.type('02–03 PPLAN', '12');
  await grid.expectSaved();
  const field = (hour: string) => plain.getByRole('textbox', { name: `${hour} PPLAN` });
  await field('02–03').fill('22');
  await field('03–04').fill('23');
  await plain.getByRole('button', { name: 'Zapisz szkic' }).click();
  await expect(field('01–02')).toHaveValue('11,000');
  await expect(field('02–03')).toHaveValue('22');
  await expect(field('02–03')).toHaveAccessibleDescription('w międzyczasie zapisano: 12,000');
  await expect(field('03–04')).toHaveValue('23');
  await plain.getByRole('button', { name: 'Zapisz szkic' }).click();
  await expect(field('02–03')).toHaveValue('22,000');
  await page.reload();
  await grid.expectValue('01–02 PPLAN', '11,000');
  await grid.expectValue('03–04 PPLAN', '23,000');
});
