/** A day's plan without scripts: a form. */

import { approvePlan, beAProducer, dayAhead, newUnit, openPlan, signInAsProducer } from './fixtures/plans.ts';
import { expect, test } from './fixtures/test.ts';

/** Producers work under this operator. */
test.use({ baseURL: async ({ portal }, use) => use(portal.url('/', 'pgb')) });

test.beforeEach(({ page, portal }) => beAProducer(page, portal));

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
