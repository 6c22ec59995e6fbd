import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longer than others of their project, the longest first. */
const LONGEST = [
  ...['workers/hub-backfill', 'workers/hub-budget', 'workers/tree', 'workers/backtests'],
  ...['e2e/bridge-edge', 'e2e/start', 'e2e/chaos', 'e2e/isolation', 'e2e/pipeline', 'e2e/client-package', 'e2e/fuzz'],
];

/** Begins with the files that take longest, or in the end everything waits for one of them. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex(name => moduleId.endsWith(`/${name}.test.ts`));
  return place < 0 ? LONGEST.length : place;
}
