/** The grid of plans, by what its cells are called. */

import { expectAccessible, expectNoSidewaysScroll } from './fixtures/checks.ts';
import {
  approvePlan,
  beAProducer,
  csv,
  dayAhead,
  fillFrom,
  longDate,
  newUnit,
  openPlan,
  signInAsProducer,
  stripOfDays,
} from './fixtures/plans.ts';
import { dispatcher } from './fixtures/staff.ts';
import { awake, expect, expectTitle, open, test } from './fixtures/test.ts';

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

test('days of a clock change in quarters: four more that are marked, or four fewer', async ({ page }) => {
  const unit = newUnit();
  let grid = await openPlan(page, `/plans/${unit}/${LONG_DAY}?resolution=PT15M`);
  await expect(grid.root).toHaveAttribute('aria-rowcount', '101');
  await grid.type('02:45–03:00 PPLAN', '6,5');
  // The row below is the first quarter of the second pass.
  await expect(grid.cell('02:00–02:15 A PPLAN')).toBeFocused();
  await page.keyboard.type('7,5');
  await page.keyboard.press('Enter');
  await grid.expectValue('02:45–03:00 PPLAN', '6,500');
  await grid.expectValue('02:00–02:15 A PPLAN', '7,500');
  await expect(grid.cell('02:00–02:15 PPLAN')).not.toHaveText('7,500');
  await grid.expectSaved();
  grid = await openPlan(page, `/plans/${unit}/${SHORT_DAY}?resolution=PT15M`);
  await expect(grid.root).toHaveAttribute('aria-rowcount', '93');
  await expect(grid.cell('02:00–02:15 PPLAN')).toHaveCount(0);
  await grid.type('01:45–02:00 PPLAN', '5');
  await expect(grid.cell('03:00–03:15 PPLAN')).toBeFocused();
});

test('days that are over are shown as they were, with the hours that they had', async ({ page }) => {
  for (const [day, hours, marked] of [
    ['2026-10-25', 25, 1],
    ['2026-03-29', 23, 0],
  ] as const) {
    const hourly = await openPlan(page, `/plans/${newUnit()}/${day}`);
    await expect(hourly.root.getByRole('rowheader')).toHaveCount(hours);
    await expect(hourly.cell('02–03 A PPLAN')).toHaveCount(marked);
    await expect(hourly.cell('03–04 PPLAN')).toHaveAttribute('aria-readonly', 'true');
    const quarters = await openPlan(page, `/plans/${newUnit()}/${day}?resolution=PT15M`);
    await expect(quarters.root).toHaveAttribute('aria-rowcount', String(hours * 4 + 1));
    await expect(quarters.cell('02:45–03:00 A PPLAN')).toHaveCount(marked);
  }
});

test('typing replaces, F2 and a double click go on at the end, Escape forgets, and what was typed is there after a reload', async ({
  page,
}) => {
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
    grid.root
      .getByRole('row')
      .nth(row + 1)
      .getByRole('gridcell')
      .nth(column);
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

  await fillFrom(page, csv(unit, [day], '12,5'));
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
  await fillFrom(page, csv(unit, [day], '12,5'));
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
  await fillFrom(page, csv(unit, [day], '12,5'));
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
  await expect(page.getByText(`Nie mają go: ${unit}. Wybierz CSV lub XLSX albo poproś operatora`)).toBeVisible();
});

test('a day that no calendar has is a page that does not exist', async ({ page }) => {
  const unit = newUnit();
  for (const path of [
    `${unit}/2026-02-30`,
    `${unit}/2026-02-30/days`,
    `${unit}/2026-02-30/history`,
    'units/2026-02-30',
  ]) {
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
