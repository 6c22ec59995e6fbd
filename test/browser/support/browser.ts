import { existsSync } from 'node:fs';
import type { LaunchOptions } from '@playwright/test';

/** Debian's; nothing downloads a browser. */
const CHROMIUM = '/usr/bin/chromium';
/** The same engine without windows and all that is around a page: a page of its own for each test takes a third of the time. */
const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';

/** Root needs --no-sandbox, and nothing of the browser is to call home. */
export const chromiumOptions: LaunchOptions = {
  executablePath: CHROMIUM,
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
};

/** What tests that measure nothing run in. */
export const testBrowserOptions: LaunchOptions = {
  ...chromiumOptions,
  ...(existsSync(HEADLESS_SHELL) && { executablePath: HEADLESS_SHELL }),
};
