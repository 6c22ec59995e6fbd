import type { ComponentChildren } from 'preact';
import { device } from './column/arrangement.ts';
import { Flash } from './flash.tsx';
import { Header } from './header/header.tsx';
import { lazy } from './lazy.ts';
import { Overlay } from './overlay.tsx';
import { isLive } from './pages/place.ts';
import { signInAsked } from './sign-in/session.ts';

const SignInNotice = lazy(async () => (await import('./sign-in/sign-in-notice.tsx')).SignInNotice);
const AlertBanner = lazy(async () => (await import('./late.ts')).AlertBanner);
const LinkNotice = lazy(async () => (await import('./late.ts')).LinkNotice);

/** What stands around every page: header, and what opens over it. */
export function App({ children }: { children: ComponentChildren }) {
  return (
    <div class="page" data-device={device.value}>
      <a class="skip" href={isLive.value ? '#columns' : '#page'}>
        Skip to the {isLive.value ? 'columns' : 'page'}
      </a>
      <Header />
      <SignIn />
      {children}
      <AlertBanner />
      <LinkNotice />
      <Overlay />
      <Flash />
    </div>
  );
}

function SignIn() {
  return signInAsked.value === null ? null : <SignInNotice />;
}
