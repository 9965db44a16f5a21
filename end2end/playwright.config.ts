import { defineConfig } from '@playwright/test';

/** Pictures for people to look at are made on demand only; the workers learn of it through the environment. */
if (process.argv.some((argument) => argument.includes('screenshots'))) {
  process.env.OPENBOK_SCREENSHOTS = 'yes';
}
const takesScreenshots = process.env.OPENBOK_SCREENSHOTS === 'yes';

export default defineConfig({
  testDir: '.',
  outputDir: 'test-results/run',
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    locale: 'pl-PL',
    timezoneId: 'Europe/Warsaw',
    viewport: { width: 1280, height: 900 },
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.OPENBOK_CHROMIUM || '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'journeys', testMatch: '*.spec.ts', testIgnore: 'screenshots.spec.ts' },
    ...(takesScreenshots ? [{ name: 'screenshots', testMatch: 'screenshots.spec.ts' }] : []),
  ],
});
