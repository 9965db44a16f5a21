import { expectNoSidewaysScroll } from './fixtures/checks.ts';
import { expect, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { officePages, publicPages, titles } from './fixtures/words.ts';

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });

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
