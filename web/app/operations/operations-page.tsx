import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { ageWords } from '../../live/words.ts';
import { now } from '../now.ts';
import { isPaused } from '../page-state.ts';
import { PageMain } from '../pages/page-main.tsx';
import { ChannelsSection } from './channels-section.tsx';
import { HubsSection } from './hubs-section.tsx';
import { LaneList } from './lane-list.tsx';
import { RejectsSection } from './rejects-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { Sources } from './sources.ts';
import '../../styles/operations.css';

/** Answers that are older than this are not what is. */
const STALE_MS = 8_000;

/** What operators look at: whether events get through, and if not, where and why. */
export function OperationsPage() {
  const sources = useSources();
  return <PageMain title="Operations">{sources && <Contents sources={sources} />}</PageMain>;
}

/** Asks while the page is shown. */
function useSources(): Sources | null {
  const sources = useSignal<Sources | null>(null);
  useEffect(() => {
    const made = new Sources();
    sources.value = made;
    return () => made.end();
  }, []);
  return sources.value;
}

function Contents({ sources }: { sources: Sources }) {
  const lanes = sources.lanes.value;
  const trouble = sources.trouble.value;
  if (trouble?.kind === 'forbidden') {
    return (
      <p class="ops-notice" role="alert">
        This page is for operators. The server says: {trouble.words}. Ask whoever gives you access for a token with that
        role, then sign out in the settings and sign in with it.
      </p>
    );
  }
  if (trouble?.kind === 'sign_in') return <p class="ops-notice">Sign in above to see how the system does.</p>;
  if (!lanes) {
    return (
      <p class="ops-notice" role="status">
        {trouble ? `Nothing is known yet: ${trouble.words}. It is asked again.` : 'Asking the server…'}
      </p>
    );
  }
  return (
    <>
      <Freshness sources={sources} />
      <Section title="The way of an event">
        <LaneList lanes={lanes} />
        <p class="hint">
          {sources.window.lengthMs === 0
            ? 'Rates come with the next figures.'
            : `Rates and percentiles are of the last ${ageWords(sources.window.lengthMs)}; a percentile is at most what is shown.`}
        </p>
      </Section>
      <Section title="Messages that could not be read">
        <RejectsSection sources={sources} />
      </Section>
      <Section title="Channels">
        <ChannelsSection sources={sources} />
      </Section>
      <Section title="Hubs">
        <HubsSection sources={sources} />
      </Section>
      <Section title="Sessions, the slowest first">
        <SessionsSection sources={sources} />
      </Section>
    </>
  );
}

/** Figures that are not renewed say so. */
function Freshness({ sources }: { sources: Sources }) {
  const ageMs = now.value - (sources.updatedAtMs.value ?? 0);
  const isStale = ageMs > STALE_MS;
  const why = isPaused.value ? 'paused' : (sources.trouble.value?.words ?? 'waiting for an answer');
  return (
    <p class="ops-fresh" data-stale={isStale} role="status">
      {isStale || isPaused.value
        ? `▨ Not renewed ${isStale ? `for ${ageWords(ageMs)}` : ''}: ${why}`
        : 'Renewed every 2 seconds'}
    </p>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="ops-section" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}
