/** Drafts of plans survive crashes, goodbyes and a second window. */

import { approvePlan, beAProducer, dayAhead, newUnit, openPlan, signInAsProducer } from './fixtures/plans.ts';
import { expect, expectTitle, open, test } from './fixtures/test.ts';
import { titles } from './fixtures/words.ts';

/** Producers work under this operator. */
test.use({ baseURL: async ({ portal }, use) => use(portal.url('/', 'pgb')) });

test.beforeEach(({ page, portal }) => beAProducer(page, portal));

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
