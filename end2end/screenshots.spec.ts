/** Pictures of every page for people to look at: `npx playwright test --project=screenshots`. */

import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { NewPassword, SignIn } from './fixtures/pages.ts';
import { oneTimePassword } from './fixtures/mailbox.ts';
import { awake, expectTitle, open, signIn, test } from './fixtures/test.ts';
import { officePages, publicPages, subjects, titles } from './fixtures/words.ts';

const FOLDER = 'test-results/screenshots';

test.setTimeout(180_000);

async function take(page: Page, name: string, look: string): Promise<void> {
  await page.screenshot({ path: join(FOLDER, look, `${name}.png`), fullPage: true });
}

function nameOf(path: string): string {
  return path === '/' ? 'home' : path.slice(1).replace(/[/?=]+/g, '-');
}

/** The demo's own customer: the data that everybody sees first. */
const DEMO = { loginName: 'demo', password: 'Zielony-Rower-26' };

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    const look = `${width}-${theme}`;

    test.describe(look, () => {
      test.use({ viewport: { width, height: width === 360 ? 740 : 900 }, colorScheme: theme });

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
