import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REJECT_REASONS } from '../../../../shared/codes.ts';
import { messageKeys } from '../../../../web/app/operations/message-keys.ts';
import { rejectField, rejectWords } from '../../../../web/app/operations/reject-words.ts';

const words = (reason: string, message: unknown) => rejectWords({ reason, sample: JSON.stringify(message) });

describe('the words for a reject', () => {
  it('name the field that is missing, those that are there, and the one that may be meant', () => {
    expect(words('missing_pattern', { patern: 'Doji', symbol: 'NVDA', confidence: 0.9 })).toBe(
      'no pattern, pattern_type or pattern_name; the message has: patern, symbol, confidence. "patern" may be meant',
    );
    expect(words('missing_symbol', { pattern: 'Doji', instrument: 'NVDA' })).toBe(
      'no symbol or ticker; the message has: pattern, instrument',
    );
    expect(words('bad_confidence', { pattern: 'Doji', symbol: 'NVDA', confidance: 0.9 })).toBe(
      'no confidence; the message has: pattern, symbol, confidance. "confidance" may be meant',
    );
  });

  it('look into wrappers, and say where a field stands', () => {
    expect(words('missing_pattern', { event_type: 'pattern_detected', data: { patern: 'Doji', symbol: 'A' } })).toBe(
      'no pattern, pattern_type or pattern_name; the message has: event_type, data, data.patern, data.symbol. "data.patern" may be meant',
    );
  });

  it('tell a field that is there from one that is not', () => {
    expect(words('missing_pattern', { pattern: '', symbol: 'A' })).toBe('pattern is there, and empty');
    expect(words('bad_confidence', { pattern: 'Doji', symbol: 'A', confidence: 'high' })).toBe(
      'confidence is "high": expected a number from 0 to 1, or to 100',
    );
    expect(words('bad_symbol', { pattern: 'Doji', symbol: 'NOT A SYMBOL' })).toContain('"NOT A SYMBOL"');
  });

  it('show how what is no JSON, or no object, begins', () => {
    expect(rejectWords({ reason: 'bad_json', sample: 'invalid json {' })).toBe(
      'is not JSON; begins with: invalid json {',
    );
    expect(words('bad_shape', [1, 2])).toBe('is no object; begins with: [1,2]');
    expect(rejectWords({ reason: 'bad_json', sample: '' })).toBe('is not JSON; begins with: nothing');
  });

  it('stay short, whatever the message', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`field${at}`, at]));
    expect(words('missing_pattern', many)).toMatch(/field11 and 28 more$/);
    expect(words('bad_confidence', { confidence: 'x'.repeat(500) }).length).toBeLessThan(120);
  });

  it('are there for every reason and any text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REJECT_REASONS), fc.oneof(fc.string(), fc.json()), (reason, sample) => {
        expect(rejectWords({ reason, sample })).not.toBe('');
        expect(rejectWords({ reason, sample })).not.toBe(reason);
      }),
    );
  });
});

it('sorts rejects by the field that they are about', () => {
  expect(rejectField('missing_pattern')).toBe('pattern');
  expect(rejectField('bad_symbol')).toBe('symbol');
  expect(rejectField('bad_json')).toBe('message');
});

describe('the keys of a message', () => {
  it('are those of its object, in their order, however deep its values are', () => {
    const key = fc
      .stringMatching(/^[a-z_]{3,10}$/)
      .filter(name => !/^(data|pattern_data|detection|payload)$/.test(name));
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue({ maxDepth: 3 })), message => {
        expect(messageKeys(JSON.stringify(message))).toEqual(Object.keys(message));
      }),
    );
  });

  it('are read from a message that was cut off, from words of Python, and from nothing else', () => {
    expect(messageKeys('{"pattern": "Doji", "levels": [{"price": 1}], "sym')).toEqual(['pattern', 'levels']);
    expect(messageKeys('{"a": NaN, "b": {"c": Infinity}, "d\\"e": "{\\"x\\": 1}"}')).toEqual(['a', 'b', 'd"e']);
    expect(messageKeys('[{"a": 1}]')).toEqual([]);
    expect(messageKeys('"a": 1')).toEqual([]);
  });
});
