import { TIERS, type Tier } from '../../../shared/topics.ts';
import { type Mistake, parse } from '../filter/grammar.ts';
import { print } from '../filter/print.ts';
import { quote } from '../filter/tokens.ts';
import { NO_VOCABULARY, type Vocabulary } from '../filter/vocabulary.ts';
import {
  defaultFilters,
  isSame,
  MAX_NAME_LENGTH,
  type NamedSubscription,
  NO_LOCAL_FILTER,
  type TierFilters,
} from './filters.ts';
import { VIEWS, type View } from './settings.ts';

/** What a link carries. */
export interface SharedState {
  filters: Record<Tier, TierFilters>;
  views: Record<Tier, View>;
}

/** What a link says: of tiers that it does not name, nothing. */
export interface DecodedState {
  filters: Partial<Record<Tier, TierFilters>>;
  views: Partial<Record<Tier, View>>;
  /** What was not understood, in sentences; the rest counts. */
  problems: string[];
}

/** Longest query string that is put into the address, in bytes. */
export const MAX_QUERY_BYTES = 1_500;

const PARAMETERS: Record<Tier, string> = { daily: 'd', intraday: 'i', combo: 'c' };
const TITLES: Record<Tier, string> = { daily: 'Daily', intraday: 'Intraday', combo: 'Combo' };

/**
 * The state as a query string without its `?`, in ASCII: each tier's subscriptions in the text grammar, the main one
 * first, further ones with their names, paused ones marked; then the columns' views by their first letters.
 *
 *     d=conf>=60&i=sym:NVDA+conf>=70&i=@"Big caps"+sym:AAPL&i=-@paused+prio:high&c=conf>=60&v=gsg   (before escaping)
 */
export function encodeState({ filters, views }: SharedState): string {
  const parameters = TIERS.flatMap(tier =>
    encodeTier(filters[tier]).map(text => `${PARAMETERS[tier]}=${escapeText(text)}`),
  );
  return [...parameters, `v=${TIERS.map(tier => views[tier][0]).join('')}`].join('&');
}

/** Reads a query string, with or without its `?`. Never throws. */
export function decodeState(query: string, vocabulary: Vocabulary = NO_VOCABULARY): DecodedState {
  const parameters = new URLSearchParams(query);
  const problems: string[] = [];
  const filters: Partial<Record<Tier, TierFilters>> = {};
  for (const tier of TIERS) {
    const texts = parameters.getAll(PARAMETERS[tier]);
    if (texts.length === 0) continue;
    const tell = (words: string) => problems.push(`${TITLES[tier]}: ${words}`);
    filters[tier] = decodeTier(texts, vocabulary, tell);
  }
  return { filters, views: decodeViews(parameters.get('v'), problems), problems };
}

/** A query string without what a state writes there, to be kept beside it. */
export function withoutState(query: string): string {
  const parameters = new URLSearchParams(query);
  for (const name of [...Object.values(PARAMETERS), 'v']) parameters.delete(name);
  return parameters.toString();
}

/** An id for a subscription of that name, other than those that are taken. */
export function idFor(name: string, taken: ReadonlySet<string>): string {
  const base = `n-${name}`;
  for (let at = 1; ; at++) {
    const id = at === 1 ? base : `${base}-${at}`;
    if (!taken.has(id)) return id;
  }
}

function encodeTier({ subscriptions, local }: TierFilters): string[] {
  return subscriptions.map(({ name, filter, isPaused }, at) => {
    const isMain = at === 0;
    const text = print({ filter, local: isMain ? local : NO_LOCAL_FILTER });
    if (isMain) return isPaused ? `-@ ${text}` : text;
    return `${isPaused ? '-' : ''}@${/^[^\s"]+$/.test(name) ? name : quote(name)} ${text}`;
  });
}

/** An optional `-` (paused), `@`, a name in quotes or none, then the filter. */
const named = /^(-?)@(?:"((?:\\.|[^"\\])*)"|([^\s"]*))(?:\s+|$)(.*)$/su;

function decodeTier(texts: readonly string[], vocabulary: Vocabulary, tell: (words: string) => void): TierFilters {
  const main: NamedSubscription = { ...defaultFilters().subscriptions[0]! };
  let local = NO_LOCAL_FILTER;
  let hasMain = false;
  const others: NamedSubscription[] = [];
  for (const text of texts) {
    const [, pause, quoted, plain, rest] = named.exec(text) ?? [];
    const name = (quoted?.replace(/\\(.)/gsu, '$1') ?? plain ?? '').trim();
    const parsed = parse(rest ?? text, vocabulary);
    for (const mistake of parsed.mistakes) tell(mistakeWords(mistake));
    const isPaused = pause === '-';
    if (name === '') {
      if (hasMain) {
        tell(`"${text}" is left out: there is a main filter already, a further one needs a name (@name …)`);
        continue;
      }
      hasMain = true;
      Object.assign(main, { filter: parsed.filter, isPaused });
      local = parsed.local;
      continue;
    }
    if (name.length > MAX_NAME_LENGTH || [main, ...others].some(other => other.name === name)) {
      tell(`"${name}" is left out: names are up to ${MAX_NAME_LENGTH} characters, each once`);
      continue;
    }
    if (!isSame(parsed.local, NO_LOCAL_FILTER)) {
      tell(`${name}: direction, age, stars and free text are for the main filter only`);
    }
    const id = idFor(name, new Set(others.map(other => other.id)));
    others.push({ id, name, filter: parsed.filter, isPaused });
  }
  return { subscriptions: [main, ...others], local };
}

function decodeViews(text: string | null, problems: string[]): Partial<Record<Tier, View>> {
  const views: Partial<Record<Tier, View>> = {};
  if (text === null) return views;
  for (const [at, tier] of TIERS.entries()) {
    const letter = text[at];
    const view = VIEWS.find(name => name[0] === letter);
    if (view) views[tier] = view;
    else problems.push(`${TITLES[tier]}: there is no view "${letter ?? ''}": s, g or t`);
  }
  return views;
}

function mistakeWords({ token, at, message }: Mistake): string {
  return `"${token}" at ${at + 1} is left out: ${message}`;
}

/** Escapes what an address needs escaped, and leaves readable what it does not. */
function escapeText(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/%(20|3A|2C|40|3D|2F)/g, (_, code: string) =>
    code === '20' ? '+' : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
