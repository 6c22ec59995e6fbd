import type { Page } from '@playwright/test';
import { TIERS } from '../../../shared/topics.ts';

const PAUSE_MS = 60;
/** What somebody does who reads: moves, opens what is related, holds, changes the view and back, looks for a filter. */
const KEYS = ['j', 'j', 'k', 'ArrowDown', 'x', 'Escape', 'h', 'h', 'v', 'v', 'v', 's', 's', '/', 'Escape', 'End'];

/** Clicks rows and presses keys for so long. @returns how many interactions that were */
export async function interact(page: Page, forMs: number): Promise<number> {
  const untilMs = performance.now() + forMs;
  let done = 0;
  while (performance.now() < untilMs) {
    const tier = TIERS[done % TIERS.length]!;
    const box = await page.locator(`[data-column="${tier}"] [role=grid]`).boundingBox();
    // By place, not by row: what is there moves, and a click goes to whatever it meets.
    await page.mouse.click(box!.x + box!.width / 3, box!.y + 100 + (done % 5) * 44);
    done++;
    for (const key of KEYS) {
      await page.keyboard.press(key);
      await page.waitForTimeout(PAUSE_MS);
      done++;
    }
  }
  return done;
}
