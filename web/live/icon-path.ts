import type { IconNode } from 'lucide';

/** An icon as one path, so that a row shows another by changing one attribute. Throws for shapes that no icon here has. */
export function pathOf(icon: IconNode): string {
  return icon.map(([tag, attributes]) => shapePath(tag, attributes as Record<string, string>)).join('');
}

function shapePath(
  tag: string,
  { d, x, y, width, height, rx, cx, cy, r, x1, y1, x2, y2, points }: Record<string, string>,
): string {
  switch (tag) {
    case 'path':
      // A relative start counts from where the shape before has ended.
      return `M0 0${d}`;
    case 'line':
      return `M${x1} ${y1}L${x2} ${y2}`;
    case 'polyline':
      return `M${points}`;
    case 'circle':
      return `M${Number(cx) - Number(r)} ${cy}a${r} ${r} 0 1 0 ${2 * Number(r)} 0a${r} ${r} 0 1 0 ${-2 * Number(r)} 0`;
    case 'rect':
      return rectPath(Number(x), Number(y), Number(width), Number(height), Number(rx ?? 0));
    default:
      throw new Error(`no path is known for ${tag}`);
  }
}

function rectPath(x: number, y: number, width: number, height: number, r: number): string {
  const corner = (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return [
    `M${x + r} ${y}h${width - 2 * r}${corner(r, r)}v${height - 2 * r}${corner(-r, r)}`,
    `h${2 * r - width}${corner(-r, -r)}v${2 * r - height}${corner(r, -r)}z`,
  ].join('');
}
