import { Fragment } from 'preact';
import { TIERS } from '../../shared/topics.ts';
import { device, isShown, shown } from './column/arrangement.ts';
import { ColumnSection } from './column/column-section.tsx';
import { ColumnSwitch } from './column/column-switch.tsx';
import { Divider } from './column/divider.tsx';
import { gridTracks } from './column/layout.ts';
import { Rail } from './column/rail.tsx';
import { detail, menu } from './detail/open.ts';
import { Flash } from './flash.tsx';
import { AlertBanner } from './header/alert-banner.tsx';
import { Header } from './header/header.tsx';
import { lazy } from './lazy.ts';
import { Overlay } from './overlay.tsx';
import { columnSettings } from './state/settings.ts';

const RowDetail = lazy(async () => (await import('./detail/row-detail.tsx')).RowDetail);
const RowMenu = lazy(async () => (await import('./detail/row-menu.tsx')).RowMenu);

const LinkNotice = lazy(async () => (await import('./late.ts')).LinkNotice);

/** The page: header, columns, and what opens over them. */
export function App() {
  const isPhone = device.value === 'phone';
  return (
    <div class="page" data-device={device.value}>
      <a class="skip" href="#columns">
        Skip to the columns
      </a>
      <Header />
      <div class="page-body">
        <main
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
      <AlertBanner />
      <LinkNotice />
      {isPhone && <ColumnSwitch />}
      {menu.value && <RowMenu />}
      <Overlay />
      <Flash />
    </div>
  );
}
