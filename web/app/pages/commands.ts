import { register } from '../commands.ts';
import { PAGES } from './pages.ts';
import { goTo } from './router.ts';

/** Puts the way to every page into the registry. */
export function registerPagesCommands(): void {
  register(
    PAGES.map(({ path, title, key }) => ({
      id: `pages.${title.toLowerCase()}`,
      title: `Go to ${title}`,
      group: 'Pages',
      keys: [`g ${key}`],
      run: () => goTo(path),
    })),
  );
}
