import { announcer } from '../page-state.ts';
import { isLive, LIVE_PATH } from '../pages/place.ts';
import { goTo } from '../pages/router.ts';
import { isTourSeen } from '../state/settings.ts';

/** Offers the tour to who is here for the first time, once the page stands. */
export function offerTour(): void {
  if (!isTourSeen.peek() && isLive.peek()) startTour();
}

/** Shows the page of the columns around. Its code is fetched when it starts; once closed it is not offered again. */
export function startTour(): void {
  goTo(LIVE_PATH);
  import('./tour.ts').then(
    ({ tour }) =>
      tour(() => {
        isTourSeen.value = true;
      }),
    () => announcer.say('Page', 'The tour could not be loaded.'),
  );
}
