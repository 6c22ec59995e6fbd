import { describe, expect, it } from 'vitest';
import {
  changeColumn,
  columnSettings,
  readColumnSettings,
  readKeySettings,
} from '../../../../web/app/state/settings.ts';

const DEFAULT = { view: 'grouped', isHeld: false, isCollapsed: false, width: 1 };

describe('the settings of a column', () => {
  it('are kept as they are', () => {
    const settings = { view: 'top', isHeld: true, isCollapsed: true, width: 1.5 };
    expect(readColumnSettings(settings)).toEqual(settings);
  });
  it('fall back one by one', () => {
    expect(readColumnSettings({ view: 'sideways', isHeld: 1, isCollapsed: true, width: 99 })).toEqual({
      ...DEFAULT,
      isCollapsed: true,
    });
    expect(readColumnSettings({ width: Number.NaN })).toEqual(DEFAULT);
    expect(readColumnSettings(null)).toEqual(DEFAULT);
  });
  it('change one at a time, for one column', () => {
    changeColumn('daily', { isHeld: true });
    changeColumn('daily', { view: 'top' });
    expect(columnSettings.daily.value).toEqual({ ...DEFAULT, isHeld: true, view: 'top' });
    expect(columnSettings.combo.value).toEqual(DEFAULT);
    changeColumn('daily', DEFAULT as { view: 'grouped' });
  });
});

describe('the settings of the keyboard', () => {
  it('are kept as they are', () => {
    const settings = { isOn: false, overrides: { pause: ['p'], help: [] } };
    expect(readKeySettings(settings)).toEqual(settings);
  });
  it('leave out overrides that are no lists of keys', () => {
    expect(readKeySettings({ isOn: true, overrides: { a: 'x', b: [1], c: ['y'] } })).toEqual({
      isOn: true,
      overrides: { c: ['y'] },
    });
  });
  it.each([null, 7, {}, { isOn: true }, { isOn: 'yes', overrides: {} }, { isOn: true, overrides: null }])(
    'are not %j',
    value => {
      expect(readKeySettings(value)).toBeUndefined();
    },
  );
});
