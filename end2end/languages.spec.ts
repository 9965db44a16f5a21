import { linkTo } from './fixtures/mailbox.ts';
import { expect, open, test } from './fixtures/test.ts';

const titles = { pl: 'EBOK / Logowanie', uk: /Вхід|вхід|Логін/, en: /Sign in|Sign-in/i };

test('the browser’s language decides, then the operator’s default', async ({ visit }) => {
  const cases: [locale: string, lang: string][] = [
    ['pl-PL', 'pl'],
    ['uk-UA', 'uk'],
    ['en-GB', 'en'],
    ['de-DE', 'pl'],
  ];
  for (const [locale, lang] of cases) {
    const page = await visit({ locale });
    await page.goto('/sign-in');
    await expect(page.locator(':root')).toHaveAttribute('lang', lang);
  }
});

test('the switch in the header wins over the browser and is remembered', async ({ visit }) => {
  const page = await visit({ locale: 'en-GB' });
  await open(page, '/sign-in');
  await page.getByRole('button', { name: 'Українська' }).click();
  await expect(page.locator(':root')).toHaveAttribute('lang', 'uk');
  await page.goto('/register');
  await expect(page.locator(':root')).toHaveAttribute('lang', 'uk');
  await page.getByRole('button', { name: 'Polski' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'EBOK / Rejestracja' })).toBeVisible();
});

for (const [locale, lang] of [['uk-UA', 'uk'], ['en-GB', 'en'], ['pl-PL', 'pl']] as const) {
  test(`pages, errors and mails speak ${lang}`, async ({ visit, portal }) => {
    const customer = await portal.newCustomer();
    const page = await visit({ locale });
    await open(page, '/sign-in');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(titles[lang]);
    await page.goto('/register');
    const polish = /[ąćęłńóśźż]/i;
    const words = (await page.getByRole('main').innerText()).replace(/Klient|PESEL|NIP/g, '');
    expect(polish.test(words), 'Polish letters').toBe(lang === 'pl');
    await page.getByRole('textbox').nth(0).fill(customer.pesel);
    await page.getByRole('textbox').nth(1).fill(customer.contracts[0].number);
    await page.getByRole('textbox').nth(4).fill(customer.phone);
    await page.getByRole('main').getByRole('button').click();
    await expect(page.getByRole('main').getByRole('alert').getByRole('link')).toHaveCount(3);
    await page.getByRole('textbox').nth(5).fill(customer.email);
    await page.getByRole('checkbox').nth(0).check();
    await page.getByRole('checkbox').nth(1).check();
    await page.getByRole('main').getByRole('button').click();
    await expect(page).toHaveURL(/\/register\/done$/);
    await expect.poll(() => portal.mailbox.to(customer.email).length).toBe(1);
    const [mail] = portal.mailbox.to(customer.email);
    if (mail) {
      expect(mail.subject === 'Aktywuj swoje konto').toBe(lang === 'pl');
      expect(/[а-яіїє]/i.test(mail.subject)).toBe(lang === 'uk');
      expect(mail.html).toContain(`lang="${lang}"`);
      linkTo(mail, '/activate');
    }
  });
}
