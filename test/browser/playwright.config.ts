import { defineConfig } from '@playwright/test';
import { testBrowserOptions } from './support/browser.ts';

export default defineConfig({
  testDir: '.',
  globalSetup: '../support/bundle-once.ts',
  outputDir: '../../test-results',
  workers: 3,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: { launchOptions: testBrowserOptions },
});
