import { type DriveStep, driver } from 'driver.js';
import 'driver.js/dist/driver.css';
import '../../styles/tour.css';

const STEPS: DriveStep[] = [
  {
    element: '.status',
    popover: {
      title: 'Is it live?',
      description:
        'Each tier says how its data is doing, and its plug whether the connection stands. One without the other is not live.',
    },
  },
  {
    element: '[data-column]:not([hidden])',
    popover: {
      title: 'A column for each tier',
      description: 'Newest first. Put the pointer on a row, or scroll, and the column stands still until you are done.',
    },
  },
  {
    element: '[data-column]:not([hidden]) .column-switches',
    popover: {
      title: 'Your way of reading',
      description:
        'Every event as it comes, firings of the same thing in one row, or the strongest first. The pin holds.',
    },
  },
  {
    element: '.command-box',
    popover: {
      title: 'Everything by key',
      description: 'Search all commands here. Press ? for all keys; they can be changed, or turned off.',
    },
  },
];

/** Shows the page around, in a few steps. `onClose` is called when it ends, whether at the last step or before. */
export function tour(onClose: () => void): void {
  driver({
    steps: STEPS.filter(({ element }) => document.querySelector(element as string)),
    animate: false,
    showProgress: true,
    overlayOpacity: 0.6,
    stagePadding: 4,
    stageRadius: 4,
    nextBtnText: 'Next',
    prevBtnText: 'Back',
    doneBtnText: 'Done',
    onDestroyed: onClose,
  }).drive();
}
