import { Menu } from 'lucide';
import { device } from '../column/arrangement.ts';
import { Icon } from '../icon.tsx';
import { Popover } from '../popover.tsx';
import { PAGES } from './pages.ts';
import { page } from './router.ts';

/** The way to every page; on a phone behind a button. */
export function PageNavigation() {
  if (device.value !== 'phone') return <PageLinks />;
  return (
    <Popover name="pages" title="Pages" label="Pages" buttonClass="icon-button" button={<Icon of={Menu} />}>
      {() => <PageLinks />}
    </Popover>
  );
}

function PageLinks() {
  return (
    <nav class="page-links" aria-label="Pages">
      {PAGES.map(each => (
        <a key={each.path} href={each.path} aria-current={each === page.value ? 'page' : undefined}>
          {each.title}
        </a>
      ))}
    </nav>
  );
}
