/** What the control measured: milliseconds from a text's arrival to after the paint that shows it. */
export interface ControlStats {
  p50: number;
  p95: number;
  n: number;
}

/**
 * Runs in an empty page: as many rows as three full columns show, each two plain texts, in panes that move by a transform; a
 * text arrives `perSecond` times a second, is written into the next row and drawn in the next frame. No server, no events,
 * nothing around the rows: what is left is what the browser takes for it.
 */
export function runControl({ perSecond, seconds }: { perSecond: number; seconds: number }): Promise<ControlStats> {
  const rowsPerPane = 17;
  const rowHeight = 44;
  document.body.replaceChildren();
  document.body.style.cssText = 'margin:0;display:grid;grid-template-columns:repeat(3,1fr);font:13px/20px system-ui';
  const panes = Array.from({ length: 3 }, () => {
    const view = document.createElement('div');
    view.style.cssText = `height:${rowsPerPane * rowHeight}px;overflow:hidden;contain:strict;position:relative`;
    const pane = document.createElement('div');
    pane.style.cssText = 'position:absolute;inset:0 0 auto;height:0;will-change:transform';
    const rows = Array.from({ length: rowsPerPane }, () => {
      const row = document.createElement('div');
      row.style.cssText = `position:absolute;inset:0 0 auto;height:${rowHeight}px;contain:size layout style;white-space:nowrap`;
      row.append(document.createElement('div'), document.createElement('div'));
      pane.append(row);
      return row;
    });
    view.append(pane);
    document.body.append(view);
    return { pane, rows, head: 0 };
  });

  const tookMs: number[] = [];
  let arrived: { atMs: number; text: string }[] = [];
  let drawn: number[] = [];
  let isAsked = false;
  let count = 0;
  const afterPaint = new MessageChannel();
  afterPaint.port1.onmessage = () => {
    const nowMs = performance.now();
    for (const atMs of drawn) tookMs.push(nowMs - atMs);
    drawn = [];
  };
  const draw = () => {
    isAsked = false;
    for (const { atMs, text } of arrived) {
      const pane = panes[count++ % panes.length]!;
      const position = pane.head++;
      const row = pane.rows[position % rowsPerPane]!;
      row.firstChild!.textContent = text;
      row.lastChild!.textContent = `${text} ${position}`;
      row.style.transform = `translateY(${-(position + 1) * rowHeight}px)`;
      pane.pane.style.transform = `translateY(${pane.head * rowHeight}px)`;
      drawn.push(atMs);
    }
    arrived = [];
    afterPaint.port2.postMessage(null);
  };
  const startedAtMs = performance.now();
  let sent = 0;
  return new Promise(resolve => {
    const tick = () => {
      const nowMs = performance.now();
      const due = Math.min(seconds * perSecond, Math.floor(((nowMs - startedAtMs) * perSecond) / 1_000));
      for (; sent < due; sent++) arrived.push({ atMs: nowMs, text: `NVDA Bull Flag 5m ${(sent * 7_919) % 100_000}` });
      if (arrived.length > 0 && !isAsked) {
        isAsked = true;
        requestAnimationFrame(draw);
      }
      if (sent < seconds * perSecond) setTimeout(tick, 4);
      else setTimeout(finish, 500);
    };
    const finish = () => {
      const sorted = tookMs.sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
      resolve({ p50: at(0.5), p95: at(0.95), n: sorted.length });
    };
    tick();
  });
}
