import { keysOf } from '../commands/keys.ts';
import { commands } from '../commands.ts';
import { Dialog } from '../dialog.tsx';
import { Keys } from '../keys.tsx';
import type { OverlayProps } from '../overlay.tsx';
import { openSettings } from '../settings/open.ts';
import { keySettings } from '../state/settings.ts';
import { startTour } from './offer-tour.ts';

/** What the page can do and by which keys, read from the registry as it is now. */
export function Help({ close }: OverlayProps) {
  const settings = keySettings.value;
  const groups = Map.groupBy(commands.value, ({ group }) => group);
  return (
    <Dialog name="help" title="Help and keyboard" close={close}>
      <div class="help-actions">
        <button
          type="button"
          class="button"
          onClick={() => {
            close();
            startTour();
          }}
        >
          Take the tour
        </button>
        <button type="button" class="button" onClick={openSettings}>
          Change keys
        </button>
        {!settings.isOn && <p class="hint">Single keys are off; those with Ctrl or Cmd work.</p>}
      </div>
      <div class="help-groups">
        {[...groups].map(([group, members]) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {members.map(command => (
                <div key={command.id} data-command={command.id}>
                  <dt>{command.title}</dt>
                  <dd>
                    {keysOf(command, settings).map(keys => (
                      <Keys key={keys} of={keys} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <h3>What the signs mean</h3>
      <ul class="legend">
        <li>A column’s state is about its connection and its data; a pill’s plug is about the connection alone.</li>
        <li>
          “Data 3 s” is how long ago a bridge was last heard of. Without that, data is stale, however well connected.
        </li>
        <li>“Held” stands still while you read; what comes in meanwhile is counted and kept.</li>
        <li>A dash (–) or n/a is something nobody has said yet.</li>
      </ul>
    </Dialog>
  );
}
