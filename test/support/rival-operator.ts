// What operators do to an account, at `POST /operator` of a process that a test started: behind no sign-in, since the test is
// the operator. Knows nothing of HTTP beyond that.
import express, { type Express } from 'express';
import type { Mfa } from '../../src/index.js';

type TotpImport = Parameters<Mfa['importTotp']>[1];

/** `imports`: an answer of `importTotp`; `reset`: `{}`, once its notice has gone. */
export type Operation = { uid: string } & ({ imports: TotpImport } | { reset: true });

export function mountOperator(host: Express, mfa: Mfa): void {
  host.post('/operator', express.json(), (req, res, next) => {
    const operation = req.body as Operation;
    const done: Promise<unknown> =
      'imports' in operation
        ? mfa.importTotp(operation.uid, operation.imports)
        : mfa.reset(operation.uid, { by: 'ops' }).then(() => mfa.settled());
    done.then((said) => void res.json(said ?? {}), next);
  });
}
