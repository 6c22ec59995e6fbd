import {
  ArrowDownToLine,
  ArrowUpDown,
  ArrowUpFromLine,
  BadgeCheck,
  CalendarArrowUp,
  CalendarDays,
  ChartCandlestick,
  ChartColumnIncreasing,
  ChartNoAxesColumnIncreasing,
  ChartSpline,
  ChevronsUp,
  Diamond,
  Flag,
  Hammer,
  type IconNode,
  Layers,
  LogIn,
  MoveVertical,
  Plus,
  Shuffle,
  Split,
  Star,
  Timer,
  TrendingUpDown,
  Undo2,
  VolumeX,
  Zap,
} from 'lucide';
import type { Tier } from '../../shared/topics.ts';
import { pathOf } from './icon-path.ts';

const SVG = 'http://www.w3.org/2000/svg';

const TIERS: Record<Tier, IconNode> = { daily: CalendarDays, intraday: Timer, combo: Layers };

/** By name in lower case, without what parts words: producers write `Weekly_Breakout` and `WeeklyBreakout`. */
const PATTERNS: Record<string, IconNode> = {
  breakout: ChevronsUp,
  breakoutbo: ChevronsUp,
  breakoutdaily: CalendarArrowUp,
  weeklybo: ChartNoAxesColumnIncreasing,
  weeklybreakout: ChartNoAxesColumnIncreasing,
  bullflag: Flag,
  support: ArrowUpFromLine,
  resistance: ArrowDownToLine,
  macrossover: Shuffle,
  bullishengulfing: ChartCandlestick,
  hammer: Hammer,
  doji: Plus,
  pricemovement: MoveVertical,
  pricechange: ArrowUpDown,
  volumespike: ChartColumnIncreasing,
  vwapbreak: ChartSpline,
  rsidivergence: Split,
  trendbreak: TrendingUpDown,
  trendreversal: Undo2,
  setupconfirmation: BadgeCheck,
  dailyentry: LogIn,
  surgepattern: Zap,
};

/** The icon of a tier, as an SVG element of the caller's own; hidden from screen readers. */
export function tierIcon(tier: Tier): SVGSVGElement {
  return iconElement(pathOf(TIERS[tier]));
}

/** The icon of a pattern type, a neutral one for a name nobody knows; an SVG element of the caller's own. */
export function patternIcon(patternType: string): SVGSVGElement {
  return iconElement(patternPath(patternType));
}

const paths = new Map<string, string>();
const neutralPath = pathOf(Diamond);
/** For the buttons of a row. */
export const STAR_PATH = pathOf(Star);
export const MUTE_PATH = pathOf(VolumeX);

/** The `d` of a pattern's icon, for the path in an icon element. */
export function patternPath(patternType: string): string {
  const name = patternType.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (!Object.hasOwn(PATTERNS, name)) return neutralPath;
  let path = paths.get(name);
  if (path === undefined) {
    path = pathOf(PATTERNS[name]!);
    paths.set(name, path);
  }
  return path;
}

let template: SVGSVGElement | null = null;

/** An icon in the colour of the text around it; its only child is the path. */
export function iconElement(path: string): SVGSVGElement {
  template ??= makeTemplate();
  const icon = template.cloneNode(true) as SVGSVGElement;
  icon.firstElementChild!.setAttribute('d', path);
  return icon;
}

function makeTemplate(): SVGSVGElement {
  const icon = document.createElementNS(SVG, 'svg');
  const attributes = {
    viewBox: '0 0 24 24',
    width: '14',
    height: '14',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '2',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
    class: 'icon',
  };
  for (const [name, value] of Object.entries(attributes)) icon.setAttribute(name, value);
  icon.append(document.createElementNS(SVG, 'path'));
  return icon;
}
