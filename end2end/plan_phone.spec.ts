/** The grid of plans on a phone: a list of fields with the same sheet behind it, and the grid by touch. */

import { expectAccessible, expectNoSidewaysScroll } from './fixtures/checks.ts';
import { approvePlan, beAProducer, csv, dayAhead, fillFrom, newUnit, openPlan, stripOfDays } from './fixtures/plans.ts';
import { awake, expect, test } from './fixtures/test.ts';

/** Producers work under this operator. */
test.use({ baseURL: async ({ portal }, use) => use(portal.url('/', 'pgb')) });

test.beforeEach(({ page, portal }) => beAProducer(page, portal));

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
    for (const [width, size] of [
      [320, 'normal'],
      [360, 'larger'],
    ] as const) {
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
    await fillFrom(page, csv(unit, [day], '12,5'));
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
      await expect(grid.root.getByRole('gridcell', { name: `${hour} PPLAN` }).first()).toHaveAttribute(
        'aria-selected',
        'true',
      );
    }
    await page.keyboard.press('Delete');
    await expect(grid.root.getByRole('gridcell', { name: '05–06 PPLAN' }).first()).toHaveAttribute(
      'aria-selected',
      'false',
    );
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
  for (const [hour, value] of [
    ['00–01', '14,000'],
    ['01–02', '15,000'],
    ['02–03', '16,000'],
  ] as const) {
    await expect(field(hour)).toHaveValue(value);
  }
});
