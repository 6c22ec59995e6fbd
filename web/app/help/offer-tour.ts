import { announcer } from '../page-state.ts';
import { isTourSeen } from '../state/settings.ts';

/** Offers the tour to who is here for the first time, once the page stands. */
export function offerTour(): void {
  if (!isTourSeen.peek()) startTour();
}

/** Shows the page around. Its code is fetched when it starts; once closed it is not offered again. */
export function startTour(): void {
  import('./tour.ts').then(
    ({ tour }) =>
      tour(() => {
        isTourSeen.value = true;
      }),
    () => announcer.say('Page', 'The tour could not be loaded.'),
  );
}
