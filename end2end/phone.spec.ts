import { expectAccessible, expectNoSidewaysScroll } from './fixtures/checks.ts';
import { signInAsProducer } from './fixtures/plans.ts';
import { expect, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { officePages, publicPages, titles } from './fixtures/words.ts';

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

test.use(PHONE);

test('nothing sticks out of any page, also with larger text', async ({ page, context, portal }) => {
  const account = await portal.newAccount({ invoices: 25 });
  for (const size of ['normal', 'larger']) {
    await context.addCookies([{ name: 'text', value: size, domain: 'mojbok.localhost', path: '/' }]);
    await context.clearCookies({ name: '__Host-sid' });
    for (const [path, title] of publicPages) {
      await page.goto(path);
      await expectTitle(page, title);
      await expectNoSidewaysScroll(page, `${path} (${size} text)`);
    }
    await signIn(page, account);
    for (const [path, title] of officePages) {
      await page.goto(path);
      await expectTitle(page, title);
      await expectNoSidewaysScroll(page, `${path} (${size} text)`);
    }
    await page.goto('/invoices');
    await page.getByRole('link', { name: account.invoices[0]?.number ?? '' }).click();
    await expectTitle(page, `Faktura ${account.invoices[0]?.number}`);
    await expectNoSidewaysScroll(page, `/invoices/:id (${size} text)`);
  }
});

test('with larger text an amount goes below its number, and the smallest phone shows every page whole', async ({
  page,
  context,
  portal,
}) => {
  const account = await portal.newAccount({ invoices: 3, payers: 2 });
  const number = account.invoices[0]?.number ?? '';
  await context.addCookies([{ name: 'text', value: 'larger', domain: 'mojbok.localhost', path: '/' }]);
  await signIn(page, account);
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: number });
  const name = await row.getByRole('link').boundingBox();
  const amount = await row.getByText(/\d,\d\d\s*zł/).boundingBox();
  expect(name && amount && (amount.y >= name.y + name.height || amount.x >= name.x + name.width)).toBe(true);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [path, title] of officePages) {
    await page.goto(path);
    await expectTitle(page, title);
    await expectNoSidewaysScroll(page, `${path} at 320 px`);
  }
  await page.goto('/invoices');
  await page.getByRole('link', { name: number }).click();
  await expectTitle(page, `Faktura ${number}`);
  await expectNoSidewaysScroll(page, '/invoices/:id at 320 px');
});

test('a form full of errors fits, too', async ({ page }) => {
  await open(page, '/register');
  await page.getByRole('button', { name: 'Zarejestruj się' }).click();
  await expect(page.getByRole('main').getByRole('alert')).toBeFocused();
  await expectNoSidewaysScroll(page, '/register');
});

test('five tabs at the bottom, "Wyloguj" at the end of the last', async ({ page, portal }) => {
  await signIn(page, await portal.newAccount({ invoices: 1 }));
  const tabs = page.getByRole('navigation', { name: 'Menu główne' });
  await expect(tabs).toHaveCount(1);
  const names = [titles.home, titles.invoices, titles.contracts, titles.supplyPoints, titles.more];
  await expect(tabs.getByRole('link')).toHaveCount(names.length);
  for (const [place, name] of names.entries()) {
    await expect(tabs.getByRole('link').nth(place)).toHaveAccessibleName(name);
  }
  const box = await tabs.boundingBox();
  expect(box && box.y + box.height).toBeGreaterThanOrEqual(739);
  for (const title of [titles.invoices, titles.contracts, titles.supplyPoints, titles.more]) {
    await tabs.getByRole('link', { name: title }).tap();
    await expectTitle(page, title);
    await expect(tabs.getByRole('link', { name: title })).toHaveAttribute('aria-current', 'page');
  }
  const entries = page.getByRole('main').getByRole('listitem');
  await expect(entries.last().getByRole('button', { name: 'Wyloguj' })).toBeVisible();
  await expect(entries.last()).toBeInViewport();
  await page.getByRole('main').getByRole('button', { name: 'Wyloguj' }).tap();
  await expectTitle(page, titles.signIn);
});

test('what has the focus is never under the tabs', async ({ page, portal }) => {
  await signIn(page, await portal.newAccount({ invoices: 25 }));
  await open(page, '/invoices');
  const tabs = page.getByRole('navigation', { name: 'Menu główne' });
  const top = (await tabs.boundingBox())?.y ?? 0;
  const first = tabs.getByRole('link').first();
  await page.keyboard.press('Tab');
  while (!(await first.evaluate((link) => link === document.activeElement))) {
    const { end, text } = await page.evaluate(() => {
      const focused = document.activeElement;
      return { end: focused?.getBoundingClientRect().bottom, text: focused?.textContent };
    });
    expect.soft(end, `${text}`).toBeLessThanOrEqual(top);
    await page.keyboard.press('Tab');
  }
});

test('the tabs take no room from a link they half cover, and at the end of a page they cover nothing', async ({ page, portal }) => {
  await signIn(page, await portal.newAccount({ invoices: 25 }));
  await open(page, '/invoices');
  const top = (await page.getByRole('navigation', { name: 'Menu główne' }).boundingBox())?.y ?? 0;
  const link = page.getByRole('contentinfo').getByRole('link', { name: 'Deklaracja dostępności' });
  await link.evaluate((link, top) => scrollBy(0, link.getBoundingClientRect().top - top + 10), top);
  await expectAccessible(page, 'a link half under the tabs');
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const last = await page.getByRole('contentinfo').getByRole('link').last().boundingBox();
  expect(last && last.y + last.height).toBeLessThanOrEqual(top);
});

test('each unit of the board is a card with its days to tap', async ({ visit }) => {
  const page = await visit({ ...PHONE, operator: 'pgb' });
  await signInAsProducer(page);
  const unit = page.getByRole('row').nth(1);
  await expect(unit.getByRole('rowheader')).toBeVisible();
  const days = unit.getByRole('link');
  await expect(days).toHaveCount(10);
  await expect(days.first()).toHaveAccessibleName(/^\S+, \S+ \d\d\.\d\d: \S/);
  for (const day of await days.all()) {
    const box = await day.boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect(box && box.x + box.width).toBeLessThanOrEqual(360);
  }
  await expectNoSidewaysScroll(page, 'the board');
  await expectAccessible(page, 'the board on a phone');
});

test('everything to tap is large enough', async ({ page, portal }) => {
  await signIn(page, await portal.newAccount({ invoices: 2 }));
  for (const path of ['/', '/invoices', '/settings', '/more']) {
    await page.goto(path);
    for (const role of ['button', 'textbox', 'checkbox'] as const) {
      for (const one of await page.getByRole(role).all()) {
        const box = await one.boundingBox();
        if (box) {
          expect.soft(Math.min(box.width, box.height), `${path}: ${role} ${await one.textContent()}`).toBeGreaterThanOrEqual(24);
        }
      }
    }
  }
});
