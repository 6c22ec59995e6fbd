import { KeyRound } from 'lucide';
import { useId, useRef } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { currentToken, forgetToken, signIn, signInAsked } from './session.ts';

/** Asks for a token where the server wants one. What was pasted stays in this tab. */
export function SignInNotice() {
  const field = useRef<HTMLInputElement>(null);
  const [title, hint] = [useId(), useId()];
  const isRefused = currentToken() !== '';
  return (
    <section
      class="banner sign-in"
      data-banner="sign-in"
      data-tone={isRefused ? 'err' : 'warn'}
      aria-labelledby={title}
    >
      <Icon of={KeyRound} />
      <form
        onSubmit={event => {
          event.preventDefault();
          const pasted = field.current?.value ?? '';
          if (pasted.trim() === '') field.current?.focus();
          else signIn(pasted);
        }}
      >
        <p role="status">
          <strong id={title}>Sign in to see patterns.</strong>{' '}
          <span id={hint}>
            The server says: {signInAsked.value}. Paste an access token; it stays in this tab until you sign out or
            close it.
          </span>
        </p>
        <label>
          <span>Access token</span>
          <input
            ref={field}
            type="password"
            autocomplete="off"
            spellcheck={false}
            required
            aria-describedby={hint}
            aria-invalid={isRefused}
          />
        </label>
        <button type="submit" class="button primary">
          Sign in
        </button>
        {isRefused && (
          <button type="button" class="button" onClick={forgetToken}>
            Forget the token
          </button>
        )}
      </form>
    </section>
  );
}
