import type { Tier } from '../../shared/topics.ts';

/** The icon of a tier, as an SVG element of the caller's own; hidden from screen readers. */
export function tierIcon(_tier: Tier): SVGSVGElement {
  return document.createElementNS('http://www.w3.org/2000/svg', 'svg');
}

/** The icon of a pattern type, a neutral one for a name nobody knows; an SVG element of the caller's own. */
export function patternIcon(_patternType: string): SVGSVGElement {
  return document.createElementNS('http://www.w3.org/2000/svg', 'svg');
}
