import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyCaps } from '../../../../web/app/commands/key-caps.ts';
import {
  bindingsOf,
  clashesOf,
  keyName,
  keysOf,
  type Pending,
  type Press,
  press,
  refusalOf,
  SEQUENCE_MS,
} from '../../../../web/app/commands/keys.ts';
import type { Command } from '../../../../web/app/commands.ts';

const PLAIN = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isAltGraph: false };
const command = (id: string, ...keys: string[]): Command => ({ id, title: id, group: 'Test', keys, run: () => {} });
const ON = { isOn: true, overrides: {} };

describe('the name of a pressed key', () => {
  it.each<[string, string, Partial<Press>, string | null]>([
    ['a letter', 'j', {}, 'j'],
    ['a letter under Caps Lock', 'J', {}, 'j'],
    ['a letter with Shift', 'J', { shiftKey: true }, 'shift+j'],
    ['a symbol, whatever types it', '?', { shiftKey: true }, '?'],
    ['the space bar', ' ', {}, 'Space'],
    ['a named key', 'End', {}, 'End'],
    ['a named key with Shift', 'ArrowDown', { shiftKey: true }, 'shift+ArrowDown'],
    ['a digit', '2', {}, '2'],
    ['Ctrl and a letter', 'k', { ctrlKey: true }, 'mod+k'],
    ['Ctrl and a letter under Caps Lock', 'K', { ctrlKey: true }, 'mod+k'],
    ['a bracket typed with AltGr', '[', { isAltGraph: true, ctrlKey: true, altKey: true }, '['],
    ['a bracket typed with Option', '[', { altKey: true }, '['],
    ['Alt and a letter', 'a', { altKey: true }, null],
    ['Alt and the space bar', ' ', { altKey: true }, null],
    ['Ctrl, Shift and a letter', 'K', { ctrlKey: true, shiftKey: true }, null],
    ['Ctrl, Shift and a symbol', '?', { ctrlKey: true, shiftKey: true }, null],
    ['the Windows key and a letter', 'k', { metaKey: true }, null],
    ['Shift alone', 'Shift', { shiftKey: true }, null],
    ['a dead key', 'Dead', {}, null],
  ])('of %s', (_, key, modifiers, name) => {
    expect(keyName({ ...PLAIN, ...modifiers, key }, false)).toBe(name);
  });

  it('has Cmd where others have Ctrl on a Mac, and leaves its Ctrl alone', () => {
    expect(keyName({ ...PLAIN, key: 'k', metaKey: true }, true)).toBe('mod+k');
    expect(keyName({ ...PLAIN, key: 'k', ctrlKey: true }, true)).toBeNull();
  });

  it('is never a letter with Alt, nor anything with Ctrl and Shift', () => {
    const presses = fc.record({
      key: fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), fc.constantFrom('Enter', 'F5', 'End')),
      ctrlKey: fc.boolean(),
      metaKey: fc.boolean(),
      altKey: fc.boolean(),
      shiftKey: fc.boolean(),
      isAltGraph: fc.constant(false),
    });
    fc.assert(
      fc.property(presses, fc.boolean(), (pressed, isMac) => {
        const isLetter = /^\p{L}$/u.test(pressed.key);
        const isTaboo = (pressed.altKey && isLetter) || (pressed.ctrlKey && pressed.shiftKey);
        return !isTaboo || keyName(pressed, isMac) === null;
      }),
    );
  });
});

describe('pressing keys', () => {
  const bindings = bindingsOf([command('newest', 'g g', 'End'), command('filter', 'f'), command('menu', 'mod+k')], ON);
  const type = (...presses: [key: string, atMs: number][]): (string | null)[] => {
    let pending: Pending | null = null;
    return presses.map(([key, atMs]) => {
      const done = press(bindings, key, pending, atMs);
      pending = done.pending;
      return done.id;
    });
  };

  it('runs the command of a single key', () => {
    expect(type(['f', 0])).toEqual(['filter']);
    expect(type(['mod+k', 0])).toEqual(['menu']);
  });
  it('runs the command of a sequence with its last key', () => {
    expect(type(['g', 0], ['g', SEQUENCE_MS])).toEqual([null, 'newest']);
  });
  it('forgets the beginning of a sequence after its time', () => {
    expect(type(['g', 0], ['g', SEQUENCE_MS + 1])).toEqual([null, null]);
  });
  it('begins anew with a key that does not go on', () => {
    expect(type(['g', 0], ['f', 10])).toEqual([null, 'filter']);
    expect(type(['g', 0], ['z', 10], ['g', 20], ['g', 30])).toEqual([null, null, null, 'newest']);
  });
  it('does nothing for a key without a command', () => {
    expect(type(['z', 0])).toEqual([null]);
  });
});

describe('the keys of commands', () => {
  const commands = [command('down', 'j', 'ArrowDown'), command('menu', 'mod+k')];

  it('are the user’s own where there are any', () => {
    const settings = { isOn: true, overrides: { down: ['n'] } };
    expect([...bindingsOf(commands, settings)]).toEqual([
      ['n', 'down'],
      ['mod+k', 'menu'],
    ]);
  });
  it('are those with Ctrl or Cmd only, while single keys are off', () => {
    expect([...bindingsOf(commands, { isOn: false, overrides: {} })]).toEqual([['mod+k', 'menu']]);
  });
  it('are none where the user wants none', () => {
    expect(keysOf(commands[0]!, { isOn: true, overrides: { down: [] } })).toEqual([]);
  });
  it('belong to the first of two commands that want them', () => {
    expect(bindingsOf([command('one', 'j'), command('two', 'j')], ON).get('j')).toBe('one');
  });
});

describe('a clash', () => {
  it('is two commands with the same keys', () => {
    expect(clashesOf([command('one', 'j'), command('two', 'j', 'n')], ON)).toEqual([
      { keys: 'j', ids: ['one', 'two'] },
    ]);
  });
  it('is a key that begins the sequence of another command', () => {
    expect(clashesOf([command('top', 'g g'), command('go', 'g')], ON)).toEqual([{ keys: 'g', ids: ['go', 'top'] }]);
  });
  it('is not one command that names a key twice', () => {
    expect(clashesOf([command('one', 'j', 'j')], ON)).toEqual([]);
  });
  it('comes and goes with the user’s keys', () => {
    const commands = [command('one', 'j'), command('two', 'k')];
    expect(clashesOf(commands, ON)).toEqual([]);
    expect(clashesOf(commands, { isOn: true, overrides: { two: ['j'] } })).toHaveLength(1);
  });
});

describe('keys that a user wants', () => {
  it.each([
    ['j', true],
    ['g g', true],
    ['mod+k', true],
    ['Tab', false],
    ['mod+w', false],
    ['g mod+k', false],
    ['a b c', false],
  ])('%s: allowed is %s', (keys, isAllowed) => {
    expect(refusalOf(keys) === null).toBe(isAllowed);
  });
});

describe('keys as printed', () => {
  it.each([
    ['mod+k', [['Ctrl', 'K']], [['⌘', 'K']]],
    ['g g', [['G'], ['G']], [['G'], ['G']]],
    ['+', [['+']], [['+']]],
    ['mod++', [['Ctrl', '+']], [['⌘', '+']]],
    ['Escape', [['Esc']], [['Esc']]],
    ['ArrowDown', [['↓']], [['↓']]],
  ])('%s', (keys, elsewhere, onMac) => {
    expect(keyCaps(keys, false)).toEqual(elsewhere);
    expect(keyCaps(keys, true)).toEqual(onMac);
  });
});
