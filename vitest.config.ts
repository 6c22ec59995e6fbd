import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
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
              analyticsEngineDatasets: { ANALYTICS: { dataset: 'tickstock_edge' } },
              bindings: {
                APP_ENV: 'development',
                INGEST_SECRET: 'test-secret-test-secret-test-secret!',
                SESSION_SECRET: 'session-secret-session-secret-session!',
                MAX_CONNECTIONS_PER_ADDRESS: '3',
              },
            },
          }),
        ],
        test: {
          name: 'workers',
          isolate: false,
          include: ['test/workers/**/*.test.ts'],
          setupFiles: ['test/workers/support/documented.ts'],
          // They wait for workerd most of the time.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/bundle-once.ts'],
          // Most of them wait for something most of the time.
          maxWorkers: 3,
          sequence: { groupOrder: 3 },
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
        'workers/tree/**/*.ts',
        'workers/user/**/*.ts',
        'web/client/*.ts',
        'web/live/**/*.ts',
        'web/app/state/**/*.ts',
        'web/app/**/*-words.ts',
        'web/app/column/{layout,time-jump}.ts',
        'web/app/commands/{key-caps,keys,search}.ts',
        'web/app/export/csv.ts',
        'web/app/filter/{clauses,complete,count-cache,explanation,grammar,keys,local,print,symbol-paste,timeframes,tokens,typing,vocabulary}.ts',
        'web/app/subscriptions/{edit,limits}.ts',
        'web/app/backtests/{form-values,list}.ts',
        'web/app/user/{kept-user,page-items,replica,user-frames}.ts',
      ],
      // They draw, and are tested where something can be seen: in the browser.
      exclude: ['web/live/{column,column-gestures,gestures,grid,icons,painter,row-view,toolbar}.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
