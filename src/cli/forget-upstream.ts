// forget-upstream: frees the account at an identity provider that is linked to somebody.
import { actCommand, done, textOf } from './command.js';
import { UsageError } from './usage-error.js';

export const forgetUpstreamCommand = actCommand({
  name: 'forget-upstream',
  summary: 'frees the account at an identity provider that is linked to somebody',
  on: 'USER-ID',
  options: { issuer: { type: 'string', value: 'ISSUER', summary: 'the provider, as `upstream` names it' } },
  notes: [
    'The next account there that signs in as this person is linked. All their sign-ins end, and they get a notice.',
  ],
  examples: [
    "forget-upstream 42 --issuer https://login.acme.example --by ops@example.com --reason 'new account there'",
  ],
  async act({ mfa, id, who: { by, reason }, values, terminal }) {
    const issuer = textOf(values, 'issuer');
    if (issuer === undefined) throw new UsageError('--issuer ISSUER is missing.', 'forget-upstream');
    await mfa.forgetUpstream(id, { issuer, by: by.name, reason });
    return done(terminal, { userId: id, forgotten: issuer }, `No account of ${issuer} is linked to ${id}.`);
  },
});
