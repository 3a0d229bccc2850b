// Components of `express-mfa/react` by themselves, in Strict mode, for tests in a real browser: shown, and taken away, by a call.
import { StrictMode, version, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { createMfaClient, type MfaClient } from '../../src/client/index.js';
import {
  Authenticators,
  BackupCodes,
  MfaProvider,
  SetUpAddress,
  SetUpPasskey,
  SetUpTotp,
  useBackupCodes,
  Verify,
  type ButtonProps,
  type FieldProps,
  type NoticeProps,
} from '../../src/react/index.js';

export type Stage = {
  show(name: string, look?: 'own'): void;
  leave(): void;
  /** What the components told when they were done. */
  told: unknown[];
  client: MfaClient;
  /** Which React it is. */
  version: string;
};

const told: unknown[] = [];
const tell = (answer: unknown) => void told.push(answer);

// An app's own parts, as functions that pass no ref on.
const own = {
  Button: (props: ButtonProps) => <button type="button" {...props} data-own="button" />,
  Field: ({ label, hint, problem, ...input }: FieldProps) => (
    <label data-own="field">
      {label} <small>{hint}</small> <input {...input} /> <em role="alert">{problem}</em>
    </label>
  ),
  Notice: ({ kind, children }: NoticeProps) => <aside data-own={kind}>{children}</aside>,
};

/** The codes by the hook alone. */
function Bare() {
  const { set, status, generate, confirm } = useBackupCodes();
  const codes = set?.pending?.codes ?? [];
  return (
    <div data-status={status}>
      <button onClick={() => void generate()}>Make</button>
      <button onClick={() => void confirm().then(tell)}>Confirm</button>
      <output>{codes.join(' ')}</output>
      <p>{set?.remaining ?? ''}</p>
    </div>
  );
}

const parts: { [name: string]: () => ReactNode } = {
  verify: () => <Verify trustDays={30} onDone={tell} />,
  email: () => <SetUpAddress kind="email" onDone={tell} />,
  sms: () => <SetUpAddress kind="sms" onDone={tell} />,
  totp: () => <SetUpTotp onDone={tell} />,
  passkey: () => <SetUpPasskey name="Laptop" onDone={tell} />,
  codes: () => <BackupCodes onSaved={tell} />,
  bare: () => <Bare />,
  authenticators: () => <Authenticators />,
};

const client = createMfaClient();
let leave = (): void => undefined;
const stage: Stage = {
  show(name, look) {
    leave();
    const place = document.createElement('main');
    document.body.append(place);
    const root = createRoot(place);
    root.render(
      <StrictMode>
        <MfaProvider client={client} locale="en" slots={look === 'own' ? own : {}}>
          {parts[name]?.()}
        </MfaProvider>
      </StrictMode>,
    );
    leave = () => {
      root.unmount();
      place.remove();
      leave = () => undefined;
    };
  },
  leave: () => leave(),
  told,
  client,
  version,
};
Object.assign(window, { stage });
