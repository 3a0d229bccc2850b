// What could not be read, and "Try again".
import type { MfaClientError } from '../client/index.js';
import { useProblem } from './hooks.js';
import { useProvided } from './provider.js';

export function Failed({ error, onRetry }: { error: MfaClientError | undefined; onRetry: () => void }) {
  const { words, slots } = useProvided();
  const { Button, Notice } = slots;
  return (
    <>
      <Notice kind="problem">{useProblem(error)}</Notice>
      <Button onClick={onRetry}>{words?.t('link.retry')}</Button>
    </>
  );
}
