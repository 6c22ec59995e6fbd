import { spawnSync } from 'node:child_process';

/**
 * Runs Prometheus's own checker.
 * @returns what it finds wrong; empty when nothing is
 */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  if (error) throw error;
  return status === 0 ? '' : `${stdout}${stderr}` || `promtool ended with ${status}`;
}

/** What Prometheus would find wrong with a scrape, its names and units included. */
export function lintMetrics(scrape: string): string {
  return promtool(['check', 'metrics'], scrape);
}
