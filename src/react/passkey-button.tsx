// `<PasskeyButton>`: a ceremony by a press. Its options are fetched when a pointer or the focus comes near, so that the gesture is
// spent on the ceremony alone.
import { useEffect, useState, type ReactNode } from 'react';
import type { MfaClientError } from '../client/index.js';
import { useProblem } from './hooks.js';
import { useProvided } from './provider.js';
import type { ActStatus } from './use-act.js';

/** What `<PasskeyButton>` takes. */
export type PasskeyButtonProps = {
  label: ReactNode;
  status: ActStatus;
  error: MfaClientError | undefined;
  /** Begins the ceremony. */
  onPress: () => void;
  /** Fetches options: a pointer or the focus comes near. */
  prepare: () => void;
  /** Whether this browser has passkeys; asked in the browser alone. */
  isSupported?: () => boolean;
};

/** A ceremony by a press, and why there is none. */
export function PasskeyButton({ label, status, error, onPress, prepare, isSupported }: PasskeyButtonProps) {
  const { words, slots } = useProvided();
  const { Button, Notice } = slots;
  const problem = useProblem(error);
  // Unknown on a server: the button is there, until the browser says otherwise.
  const [supported, setSupported] = useState(true);
  useEffect(() => setSupported(isSupported?.() ?? true), [isSupported]);
  if (!supported) return <Notice kind="problem">{words?.t('webauthn.not_supported')}</Notice>;
  const isBusy = status === 'busy';
  return (
    <div className="mfa-passkey">
      {problem ? <Notice kind="problem">{problem}</Notice> : null}
      {isBusy ? <Notice kind="note">{words?.t('webauthn.busy')}</Notice> : null}
      <Button
        onPointerEnter={prepare}
        onPointerDown={prepare}
        onFocus={prepare}
        onClick={() => (isBusy ? undefined : onPress())}
        aria-disabled={isBusy}
      >
        {label}
      </Button>
    </div>
  );
}
