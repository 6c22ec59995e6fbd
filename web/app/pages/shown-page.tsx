import { useRef } from 'preact/hooks';
import { lazy } from '../lazy.ts';
import { PageMain } from './page-main.tsx';
import { LIVE, PAGES } from './pages.ts';
import { page } from './router.ts';

const contents = new Map(PAGES.map(each => [each, lazy(each.load, <main class="page-main" />)]));
const Live = contents.get(LIVE)!;

/** What the frame stands around: one page, and that of the columns hidden behind it once it was looked at. */
export function ShownPage() {
  const here = page.value;
  const wasLive = useRef(false);
  wasLive.current ||= here === LIVE;
  const Content = here ? contents.get(here)! : NoSuchPage;
  return (
    <>
      {wasLive.current && <Live />}
      {Content !== Live && <Content key={here?.path} />}
    </>
  );
}

function NoSuchPage() {
  return (
    <PageMain title="There is no such page">
      <p>
        Nothing is at <code>{location.pathname}</code>. <a href={LIVE.path}>Go to the live patterns</a>
      </p>
    </PageMain>
  );
}
