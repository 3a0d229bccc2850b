// `<CodeByMessage>`: a code by e-mail or text message. It is sent by a press, never by itself; another one after a while.
import { useEffect, useState, type ReactNode } from 'react';
import type { SentAnswer } from '../client/index.js';
import { useProblem, type Verifying } from './hooks.js';
import { useProvided } from './provider.js';
import { CodeForm } from './verify.js';

/** What `<CodeByMessage>` takes. */
export type CodeByMessageProps = {
  kind: 'email' | 'sms';
  /** Whose sentences are said: those of a challenge or of a set-up. */
  room?: 'verify' | 'setup';
  verifying: Pick<Verifying, 'status' | 'error' | 'sent' | 'send'>;
  /** Takes what was typed. */
  onCode: (code: string) => void;
  children?: ReactNode;
};

/** A code by e-mail or text message, sent by a press. */
export function CodeByMessage({ kind, room = 'verify', verifying, onCode, children }: CodeByMessageProps) {
  const { words, slots } = useProvided();
  const { Button, Notice } = slots;
  const { status, error, sent, send } = verifying;
  const problem = useProblem(error);
  if (!words) return null;
  if (!sent)
    return (
      <div className="mfa-send">
        <p className="mfa-intro">{words.t(`factor.${kind}.description`)}</p>
        {problem ? <Notice kind="problem">{problem}</Notice> : null}
        <Button onClick={() => void send()} aria-disabled={status === 'busy'}>
          {words.t('send.button')}
        </Button>
      </div>
    );
  return (
    <>
      <Notice kind="note">{words.t(`${room}.${kind}.sent`, { count: sent.digits, to: sent.masked })}</Notice>
      {sent.number > 1 ? <p className="mfa-hint">{words.t('field.newest_code', { number: sent.number })}</p> : null}
      <CodeForm kind={kind} digits={sent.digits} status={status} error={error} onCode={onCode}>
        {children}
      </CodeForm>
      <Resend sent={sent} isBusy={status === 'busy'} onSend={() => void send()} />
    </>
  );
}

function Resend({ sent, isBusy, onSend }: { sent: SentAnswer; isBusy: boolean; onSend: () => void }) {
  const { client, words, slots } = useProvided();
  const { Button } = slots;
  const [wait, setWait] = useState(() => sent.resendAfter - client.now());
  useEffect(() => {
    const look = () => setWait(sent.resendAfter - client.now());
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [client, sent]);
  return (
    <p className="mfa-resend">
      {words?.t('resend.question')}{' '}
      {wait > 0 ? (
        words?.t('resend.wait', { when: words.inTime(wait) })
      ) : (
        <Button onClick={onSend} aria-disabled={isBusy}>
          {words?.t('resend.button')}
        </Button>
      )}
    </p>
  );
}
