/** Pictures of every page for people to look at: `npx playwright test --project=screenshots`. */

import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { oneTimePassword } from './fixtures/mailbox.ts';
import { NewPassword, SignIn } from './fixtures/pages.ts';
import { dayAhead, signInAsProducer } from './fixtures/plans.ts';
import { dispatcher } from './fixtures/staff.ts';
import { awake, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { officePages, publicPages, subjects, titles } from './fixtures/words.ts';

const FOLDER = 'test-results/screenshots';

test.setTimeout(180_000);

async function take(page: Page, name: string, look: string): Promise<void> {
  await page.emulateMedia({ media: look.endsWith('print') ? 'print' : 'screen' });
  await page.screenshot({ path: join(FOLDER, look, `${name}.png`), fullPage: true });
  await page.emulateMedia({ media: 'screen' });
}

function nameOf(path: string): string {
  return path === '/' ? 'home' : path.slice(1).replace(/[/?=]+/g, '-');
}

/** The demo's own customer: the data that everybody sees first. */
const DEMO = { loginName: 'demo', password: 'Zielony-Rower-26' };

/** How people see the pages: by their screen, their eyes' needs, and on paper. */
const LOOKS: [look: string, use: { colorScheme?: 'light' | 'dark'; contextOptions?: { forcedColors: 'active' } }][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['forced', { colorScheme: 'dark', contextOptions: { forcedColors: 'active' } }],
  ['print', {}],
];

for (const [name, use] of LOOKS) {
  for (const width of [1280, 360]) {
    const look = `${width}-${name}`;
    const size = { viewport: { width, height: width === 360 ? 740 : 900 } };

    test.describe(look, () => {
      test.use({ ...size, ...use });

      test('for everybody', async ({ page, portal }) => {
        for (const [path] of publicPages) {
          await open(page, path);
          await take(page, nameOf(path), look);
        }
        for (const path of ['/sign-in', '/register', '/recover/login']) {
          await open(page, path);
          await page.getByRole('main').getByRole('button', { name: /^(Z|W|P)/ }).last().click();
          await page.waitForTimeout(300);
          await take(page, `${nameOf(path)}-errors`, look);
        }
        await page.goto('/nothing/here');
        await take(page, 'not-found', look);
        await page.goto(`http://localhost:${portal.port}/`);
        await take(page, 'chooser', look);
      });

      test('the office', async ({ page }) => {
        await signIn(page, DEMO);
        for (const [path] of officePages) {
          await open(page, path);
          await take(page, nameOf(path), look);
        }
        await page.goto('/invoices?show=unpaid');
        await page.getByRole('row').getByRole('link').first().click();
        await page.getByRole('link', { name: 'Pobierz PDF' }).waitFor();
        await take(page, 'invoice', look);
        await page.getByRole('banner').getByRole('group').click();
        await take(page, 'invoice-menu', look);
      });

      test('planning', async ({ visit, portal }) => {
        const page = await visit({ ...use, ...size, operator: 'pgb' });
        for (const path of ['/access-request', '/invitation']) {
          await open(page, path);
          await take(page, nameOf(path), look);
        }
        await signInAsProducer(page);
        await open(page, '/plans');
        await take(page, 'plans', look);
        const [plan = ''] = await page.getByRole('main').getByRole('link').evaluateAll((links) =>
          links.map((link) => link.getAttribute('href') ?? '').filter((path) => /^\/plans\/MWE/.test(path)),
        );
        for (const path of ['', '/days', '/history'].map((view) => plan + view).concat(
          `/plans/units/${dayAhead(1)}`,
          '/plans/files',
          '/services',
          '/settings',
        )) {
          await open(page, path);
          await take(page, `producer-${nameOf(path)}`, look);
        }
        const staff = await dispatcher(portal, visit, { ...use, ...size });
        for (const path of [
          '/staff',
          `/staff/day/${dayAhead(1)}`,
          `/staff${plan}`,
          `/staff/plans/MWE-001/${dayAhead(1)}`,
          '/staff/requests',
          '/staff/units',
          '/staff/people',
          '/staff/audit',
        ]) {
          await open(staff, path);
          const more = staff.getByText('Dodaj kolejne powody');
          if (await more.isVisible()) {
            await more.click();
          }
          await take(staff, nameOf(path), look);
        }
      });

      test('on the way in, and the warning', async ({ page, portal }) => {
        const account = await portal.newAccount({ invoices: 2 });
        await page.goto('/recover/password');
        await page.getByLabel('Login').fill(account.loginName);
        await page.getByRole('button', { name: 'Wyślij hasło jednorazowe' }).click();
        await expectTitle(page, titles.checkMail);
        const code = oneTimePassword(await portal.mailbox.wait(account.email, subjects.pl.passwordReset));
        await page.goto('/sign-in');
        await new SignIn(page).send(account.loginName, code);
        await expectTitle(page, titles.mustChange);
        await awake(page);
        await new NewPassword(page, 'Hasło jednorazowe').chosen.fill('Kasztan');
        await take(page, 'password-required', look);
        await new NewPassword(page, 'Hasło jednorazowe').send(code, 'Kasztan-pod-naszym-oknem-3');
        await expectTitle(page, titles.home);
        await page.clock.install();
        await open(page, '/invoices');
        await page.clock.runFor('13:10');
        await take(page, 'idle-warning', look);
      });
    });
  }
}

test('the picture of the README', async ({ page }) => {
  await signIn(page, DEMO);
  await awake(page);
  await page.screenshot({ path: '../server/docs/portal.png' });
});
