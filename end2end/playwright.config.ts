import { defineConfig } from '@playwright/test';

/**
 * Made on demand only, by the name of the project: pictures for people to look at, figures of the first visit. The
 * workers learn of it through the environment.
 */
const ON_DEMAND = ['screenshots', 'speed', 'grids'];
const asked = ON_DEMAND.find((name) => process.argv.some((argument) => argument.includes(name)));
if (asked) {
  process.env.OPENBOK_ON_DEMAND = asked;
}
const demanded = process.env.OPENBOK_ON_DEMAND;

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
    { name: 'journeys', testMatch: '*.spec.ts', testIgnore: ON_DEMAND.map((name) => `${name}.spec.ts`) },
    ...(demanded ? [{ name: demanded, testMatch: `${demanded}.spec.ts` }] : []),
  ],
});
