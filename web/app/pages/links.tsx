import { Menu } from 'lucide';
import { device } from '../column/arrangement.ts';
import { openCommandMenu } from '../commands/open.ts';
import { openHelp } from '../help/open.ts';
import { Icon } from '../icon.tsx';
import { Popover } from '../popover.tsx';
import { PAGES } from './pages.ts';
import { page } from './router.ts';

/** The way to every page; on a phone behind a button, with all that the header has no room for. */
export function PageNavigation() {
  if (device.value !== 'phone') return <PageLinks />;
  return (
    <Popover name="pages" title="Menu" label="Menu" buttonClass="icon-button" button={<Icon of={Menu} />}>
      {() => (
        <>
          <PageLinks />
          <MenuButton open={openCommandMenu}>Search commands</MenuButton>
          <MenuButton open={openHelp}>Help and keyboard</MenuButton>
        </>
      )}
    </Popover>
  );
}

function MenuButton({ open, children }: { open(): void; children: string }) {
  return (
    <button
      type="button"
      class="button"
      aria-haspopup="dialog"
      onClick={event => {
        // First, so that the focus is back on the button that stays when the dialog takes it.
        event.currentTarget.closest<HTMLElement>('[popover]')!.hidePopover();
        open();
      }}
    >
      {children}
    </button>
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
