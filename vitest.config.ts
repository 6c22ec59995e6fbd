import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          isolate: false,
          testTimeout: 30_000,
          include: ['test/**/*.test.ts'],
          exclude: ['test/workers/**', 'test/e2e/**', 'test/browser/**'],
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                APP_ENV: 'development',
                INGEST_SECRET: 'test-secret-test-secret-test-secret!',
                SESSION_SECRET: 'session-secret-session-secret-session!',
                MAX_CONNECTIONS_PER_ADDRESS: '3',
              },
            },
          }),
        ],
        test: { name: 'workers', include: ['test/workers/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Most of them wait for something most of the time.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
    coverage: {
      provider: 'istanbul',
      include: [
        'shared/**/*.ts',
        'bridge/normalise/**/*.ts',
        'bridge/outbox/**/*.ts',
        'workers/core/**/*.ts',
        'workers/hub/**/*.ts',
        'workers/identity/**/*.ts',
        'workers/user/**/*.ts',
        'web/client/**/*.ts',
        'web/live/**/*.ts',
        'web/app/state/**/*.ts',
        'web/app/**/*-words.ts',
        'web/app/column/{layout,time-jump}.ts',
        'web/app/commands/{key-caps,keys,search}.ts',
        'web/app/export/csv.ts',
        'web/app/filter/{clauses,complete,count-cache,explanation,grammar,keys,local,print,symbol-paste,timeframes,tokens,typing,vocabulary}.ts',
        'web/app/subscriptions/{edit,limits}.ts',
        'web/app/user/{kept-user,page-items,replica,user-frames}.ts',
      ],
      // They draw, and are tested where something can be seen: in the browser.
      exclude: ['web/live/{column,column-gestures,gestures,grid,icons,painter,row-view,toolbar}.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
