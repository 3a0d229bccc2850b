// The account: methods, backup codes, and money that is moved only after a fresh proof.
import {
  Authenticators,
  BackupCodes,
  SetUpAddress,
  SetUpPasskey,
  SetUpTotp,
  useMfa,
  useStepUp,
} from 'express-mfa/react';
import { useState } from 'react';

const kinds = ['totp', 'webauthn', 'email'] as const;

export function Account() {
  const { state, t } = useMfa();
  const [open, setOpen] = useState<(typeof kinds)[number] | 'backup-codes'>();
  const close = () => setOpen(undefined);
  const isOn = (state?.authenticators ?? []).length > 0;
  return (
    <>
      <h2>{t('manage.ways')}</h2>
      <Authenticators />
      <nav aria-label={t('manage.add')}>
        {kinds.map((kind) => (
          <button key={kind} aria-expanded={open === kind} onClick={() => setOpen(open === kind ? undefined : kind)}>
            {t(`factor.${kind}.name`)}
          </button>
        ))}
        {isOn ? (
          <button
            aria-expanded={open === 'backup-codes'}
            onClick={() => setOpen(open === 'backup-codes' ? undefined : 'backup-codes')}
          >
            {t('manage.backup_codes')}
          </button>
        ) : null}
      </nav>
      {open === 'totp' ? <SetUpTotp onDone={close} /> : null}
      {open === 'webauthn' ? <SetUpPasskey onDone={close} /> : null}
      {open === 'email' ? <SetUpAddress kind="email" onDone={close} /> : null}
      {open === 'backup-codes' ? <BackupCodes /> : null}
      <Transfer />
    </>
  );
}

/** `POST /transfer` asks for a proof that is at most five minutes old. It is stopped before it does anything, so once more is once. */
function Transfer() {
  const { fetch } = useStepUp({ repeat: ({ url }) => url.endsWith('/transfer') });
  const [said, setSaid] = useState('');
  const send = async () => {
    setSaid('');
    const answer = await fetch('/transfer', { method: 'POST', headers: { Accept: 'application/json' } }).catch(
      () => undefined,
    );
    setSaid(answer?.ok ? 'Done: nothing was moved, for this is an example.' : 'Nothing was moved.');
  };
  return (
    <section aria-labelledby="transfer">
      <h2 id="transfer">Transfer money</h2>
      <button onClick={() => void send()}>Transfer</button>
      <p role="status">{said}</p>
    </section>
  );
}
