import { signal } from '@preact/signals';
import { type ComponentChild, createElement, type FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';

/** A component whose code is fetched the first time that it is drawn; `until` then stands in its place. */
export function lazy<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
  until: ComponentChild = null,
): FunctionComponent<Props> {
  const loaded = signal<FunctionComponent<Props> | null>(null);
  const hasFailed = signal(false);
  return props => {
    useEffect(() => {
      if (loaded.peek()) return;
      load().then(
        component => {
          loaded.value = component;
        },
        () => {
          hasFailed.value = true;
        },
      );
    }, []);
    if (loaded.value) return createElement(loaded.value, props);
    return hasFailed.value
      ? createElement('p', { role: 'alert' }, 'This part of the page could not be loaded. Check the connection.')
      : until;
  };
}
