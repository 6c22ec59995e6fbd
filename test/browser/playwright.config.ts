import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    // Debian's Chromium; nothing downloads a browser. Root needs --no-sandbox, and none of it is to call home.
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Screenshots are the same on every machine with the same fonts.
        '--font-render-hinting=none',
        '--force-color-profile=srgb',
      ],
    },
  },
});
