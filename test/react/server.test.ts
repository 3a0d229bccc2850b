// Components on a server: no window, nothing read, nothing sent, and with the sentences at hand in the right language at once.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { build } from 'esbuild';
import { createElement as h, StrictMode, type ComponentType } from 'react';
import { renderToString } from 'react-dom/server';
import { createMfaClient } from '../../src/client/index.js';
import type * as Components from '../../src/react/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sent: string[] = [];
const client = createMfaClient({
  fetch: (async (input: string) => {
    sent.push(input);
    return new Response('{}');
  }) as typeof fetch,
});
const messages = {
  locale: 'de',
  dir: 'ltr' as const,
  messages: { 'codes.left.one': '{count} von {total}', 'codes.left.other': '{count}' },
};

describe('the components on a server', () => {
  let folder: string;
  let components: typeof Components;

  before(async () => {
    mkdirSync(join(root, 'output'), { recursive: true });
    folder = mkdtempSync(join(root, 'output', 'react-'));
    const outfile = join(folder, 'react.mjs');
    const entryPoints = [join(root, 'src', 'react', 'index.ts')];
    await build({ entryPoints, outfile, bundle: true, format: 'esm', packages: 'external', jsx: 'automatic' });
    components = (await import(outfile)) as typeof Components;
  });
  after(() => rmSync(folder, { recursive: true }));

  it('render without a window, say what they can say, and send nothing', () => {
    expect(typeof (globalThis as { window?: unknown }).window).to.equal('undefined');
    const { MfaProvider, useMfa, Verify, SetUpTotp, BackupCodes, Authenticators, StepUp } = components;
    const Words = () => {
      const { t, status } = useMfa();
      return h('p', null, `${status} ${t('codes.left', { count: 1, total: 10 })} ${t('unknown')}`);
    };
    const parts: ComponentType[] = [Words, Verify, SetUpTotp, BackupCodes, Authenticators, StepUp];
    const children = parts.map((part, at) => h(part, { key: at }));
    const html = renderToString(h(StrictMode, null, h(MfaProvider, { client, messages, children })));
    expect(html).to.include('loading 1 von 10');
    expect(html.match(/aria-busy="true"/g)).to.have.length(4);
    expect(sent).to.deep.equal([]);
  });

  it('are all that the entry exports, each by itself, with and without sentences', () => {
    const { MfaProvider, ...rest } = components;
    const all = rest as unknown as { [name: string]: ComponentType<{ [prop: string]: unknown }> };
    const nothing = () => undefined;
    const act = { status: 'idle', error: undefined, sent: undefined, send: nothing };
    const props: { [name: string]: { [prop: string]: unknown } } = {
      CodeByMessage: { kind: 'email', verifying: act, onCode: nothing },
      PasskeyButton: { ...act, label: 'Passkey', onPress: nothing, prepare: nothing, isSupported: () => false },
      SetUpAddress: { kind: 'sms' },
      TryAnotherWay: { kinds: ['totp'], onChoose: nothing },
    };
    const names = Object.keys(all).filter((name) => /^[A-Z]/.test(name));
    expect(names).to.have.length(10);
    for (const name of names) {
      for (const told of [{}, { messages }]) {
        const children = h(all[name]!, props[name] ?? {});
        const html = renderToString(h(StrictMode, null, h(MfaProvider, { client, ...told, children })));
        // Where it has no sentence, it says that it is busy, or nothing.
        if (html !== '' && !('messages' in told)) expect(html, name).to.match(/aria-busy|mfa-passkey|<dialog/);
      }
    }
    expect(sent).to.deep.equal([]);
  });

  it('say which component is missing around them', () => {
    const { BackupCodes } = components;
    expect(() => renderToString(h(BackupCodes))).to.throw('There is no <MfaProvider client> around');
  });
});
