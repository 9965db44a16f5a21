/** Plans and time: the gate closes, and a session ends in the middle of the work. */

import { beAProducer, csv, dayAhead, fillFrom, openPlan, signInAsProducer } from './fixtures/plans.ts';
import { awake, expect, expectTitle, test } from './fixtures/test.ts';
import { titles } from './fixtures/words.ts';

/** These tests move clocks: nobody else may use their server. */
test.use({ needsOwnPortal: true, baseURL: async ({ portal }, use) => use(portal.url('/', 'pgb')) });

/** Seconds from now to a time of a day on Polish clocks, in winter as in summer. */
function secondsTo(day: string, time: string): number {
  const zone = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Warsaw', timeZoneName: 'longOffset' });
  const offset = zone.formatToParts(new Date(`${day}T12:00Z`)).find(({ type }) => type === 'timeZoneName')?.value;
  return Math.round((Date.parse(`${day}T${time}:00${offset?.replace('GMT', '')}`) - Date.now()) / 1000);
}

test('a plan can be approved until its gate closes, and not afterwards', async ({ page, portal }) => {
  const unit = 'MWE-042';
  const day = dayAhead(3);
  // The plan of a day closes at ten o'clock on the day before.
  const gate = secondsTo(dayAhead(2), '10:00');
  await portal.moveClock(gate - 180);
  await beAProducer(page, portal);
  const grid = await openPlan(page, `/plans/${unit}/${day}`);
  await fillFrom(page, csv(unit, [day], '12,5'));
  await grid.expectSaved();
  await page.getByRole('button', { name: 'Zatwierdź' }).click();
  await expect(page.getByText('Zatwierdzony', { exact: true }).first()).toBeVisible();
  await awake(page);

  await grid.type('12–13 PPLAN', '13');
  await grid.expectSaved();
  await portal.moveClock(181);
  await page.getByRole('button', { name: 'Zatwierdź' }).click();
  await expect(page.getByText(/Tego planu nie można już zmienić: termin minął/)).toBeVisible();
  await grid.type('13–14 PPLAN', '14');
  await page.getByRole('button', { name: 'Zatwierdź' }).click();
  const refused = page.getByRole('status').filter({ hasText: /Szkicu nie udało się zapisać: .*termin minął/ });
  await expect(refused, 'in the bar and above the grid').toHaveCount(2);

  page.on('dialog', (dialog) => dialog.accept());

  await openPlan(page, `/plans/${unit}/${day}`);
  await expect(page.getByText('Termin minął: planu nie można już zmieniać')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Zatwierdź' })).toBeHidden();
  await expect(page.getByRole('toolbar').getByRole('button', { name: 'Importuj' })).toHaveCount(0);
  await grid.cell('12–13 PPLAN').click();
  await page.keyboard.type('1');
  await expect(grid.field).toHaveCount(0);
});

test('a session that ends in the middle of the work loses nothing', async ({ page, portal }) => {
  await beAProducer(page, portal);
  const path = `/plans/MWE-043/${dayAhead(3)}`;
  let grid = await openPlan(page, path);
  await grid.type('05–06 PPLAN', '7,5');
  await grid.expectSaved();
  await portal.moveClock(16 * 60);
  await grid.type('06–07 PPLAN', '8,5');
  await expectTitle(page, titles.signIn);
  await expect(page.getByText(/Ta sesja została zakończona/)).toBeVisible();
  await signInAsProducer(page);
  grid = await openPlan(page, path);
  await grid.expectValue('05–06 PPLAN', '7,500');
  await grid.expectValue('06–07 PPLAN', '8,500');
  await expect(page.getByText('Przywróciliśmy zmiany, które nie zdążyły się zapisać.')).toBeVisible();
  await grid.expectSaved();
});
