import { TOPICS } from '../../../shared/topics.ts';
import { client } from '../connection.ts';
import { Dialog } from '../dialog.tsx';
import { isGuest } from '../header/producer.ts';
import type { OverlayProps } from '../overlay.tsx';
import { currentToken, forgetToken } from '../sign-in/session.ts';
import { forgetUser } from '../user/kept-user.ts';
import { AppearanceChoices } from './appearance-choices.tsx';
import { ClockChoice } from './clock-choice.tsx';
import { KeyTable } from './key-table.tsx';

/** Everything a user can set. */
export function SettingsDialog({ close }: OverlayProps) {
  return (
    <Dialog name="settings" title="Settings" close={close}>
      <AppearanceChoices />
      <div class="choices">
        <h3>Clock that comes first</h3>
        <ClockChoice />
      </div>
      {currentToken() !== '' && <Account />}
      <KeyTable />
      <p class="hint">
        Settings are kept for you on the server, and in this browser for when it cannot be reached.
        {isGuest.value && ' This server asks nobody to sign in: you are a guest.'}
      </p>
    </Dialog>
  );
}

/** Leaves nothing of the user's behind in this browser; the server has it. */
function signOut() {
  forgetUser();
  forgetToken();
}

function Account() {
  const hello = TOPICS.map(topic => client.topic(topic).hello).find(known => known !== null);
  return (
    <div class="choices">
      <h3>{hello ? `Signed in as ${hello.identity.user_id}` : 'Signed in'}</h3>
      <button type="button" class="button" onClick={signOut}>
        Sign out
      </button>
    </div>
  );
}
