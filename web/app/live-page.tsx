import { Fragment } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { TIERS } from '../../shared/topics.ts';
import { device, isShown, shown } from './column/arrangement.ts';
import { ColumnSection } from './column/column-section.tsx';
import { ColumnSwitch } from './column/column-switch.tsx';
import { Divider } from './column/divider.tsx';
import { gridTracks } from './column/layout.ts';
import { Rail } from './column/rail.tsx';
import { detail, menu } from './detail/open.ts';
import { lazy } from './lazy.ts';
import { hasMoved, isLive } from './pages/place.ts';
import { columnSettings } from './state/settings.ts';

export { connectColumns } from './columns.ts';

const RowDetail = lazy(async () => (await import('./detail/row-detail.tsx')).RowDetail);
const RowMenu = lazy(async () => (await import('./detail/row-menu.tsx')).RowMenu);

/** The three columns side by side, or one of them on a phone, and what opens for a row. */
export function LivePage() {
  const isPhone = device.value === 'phone';
  const ref = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (isLive.value && hasMoved) ref.current!.focus();
  }, [isLive.value]);
  return (
    <div class="live" hidden={!isLive.value}>
      <div class="page-body">
        <main
          ref={ref}
          id="columns"
          class="columns"
          tabIndex={-1}
          style={
            isPhone ? {} : { gridTemplateColumns: gridTracks(shown.value, tier => columnSettings[tier].value.width) }
          }
        >
          {TIERS.map((tier, index) => (
            <Fragment key={tier}>
              {index > 0 && !isPhone && <Divider left={TIERS[index - 1]!} right={tier} />}
              {!isPhone && !isShown(tier) && <Rail tier={tier} />}
              <ColumnSection tier={tier} />
            </Fragment>
          ))}
        </main>
        {detail.value && <RowDetail />}
      </div>
      {isPhone && <ColumnSwitch />}
      {menu.value && <RowMenu />}
    </div>
  );
}
