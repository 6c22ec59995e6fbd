import { TriangleAlert, X } from 'lucide';
import { Icon } from '../icon.tsx';
import { dismissLinkProblems, linkProblems } from '../state/address.ts';

/** What of the opened link was not understood, until it is read or something is changed. */
export function LinkNotice() {
  if (linkProblems.value.length === 0) return null;
  return (
    <div class="banner" data-banner="link" role="status">
      <Icon of={TriangleAlert} />
      <p>
        <strong>Not all of this link was understood.</strong> {linkProblems.value.join('; ')}
      </p>
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={dismissLinkProblems}>
        <Icon of={X} />
      </button>
    </div>
  );
}
