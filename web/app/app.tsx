import type { ComponentChildren } from 'preact';
import { device } from './column/arrangement.ts';
import { Flash } from './flash.tsx';
import { AlertBanner } from './header/alert-banner.tsx';
import { Header } from './header/header.tsx';
import { lazy } from './lazy.ts';
import { Overlay } from './overlay.tsx';

const LinkNotice = lazy(async () => (await import('./late.ts')).LinkNotice);

/** What stands around every page: header, and what opens over it. */
export function App({ children }: { children: ComponentChildren }) {
  return (
    <div class="page" data-device={device.value}>
      <a class="skip" href="#columns">
        Skip to the columns
      </a>
      <Header />
      {children}
      <AlertBanner />
      <LinkNotice />
      <Overlay />
      <Flash />
    </div>
  );
}
