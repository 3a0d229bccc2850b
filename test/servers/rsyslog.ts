// A real rsyslogd on loopback, with an input for TLS and one for TCP, that writes what it understood of each message as
// a line of JSON.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { selfSigned } from '../support/certificate.js';
import { eventually } from '../support/eventually.js';

type Understood = { id: string; pri: string; app: string; proc: string; msg: string };

export type Rsyslog = {
  tcpPort: number;
  tlsPort: number;
  caFile: string;
  /** What it wrote so far. */
  read(): Promise<Understood[]>;
  /** How many bytes that is. */
  written(): Promise<number>;
  /** Ends it without a chance to say good-bye. */
  kill(): Promise<void>;
  /** Starts it anew on the same ports. */
  start(): Promise<void>;
  /** One after the other. */
  crash(): Promise<void>;
  stop(): Promise<void>;
};

const fields = ['id:msgid', 'pri:pri', 'app:app-name', 'proc:procid', 'msg:msg'].map((pair) => pair.split(':'));

function configuration(folder: string, ports: { tcp: number; tls: number }): string {
  const line = fields.map(([name, property]) => `\\"${name}\\":\\"%${property}:::json%\\"`).join(',');
  const input = (kind: 'tcp' | 'tls', more: string) =>
    `input(type="imtcp" address="127.0.0.1" port="${ports[kind]}" listenPortFileName="${folder}/${kind}.port" ${more})`;
  return `
global(
  workDirectory="${folder}" maxMessageSize="64k"
  defaultNetstreamDriverCAFile="${folder}/ca.pem"
  defaultNetstreamDriverCertFile="${folder}/cert.pem"
  defaultNetstreamDriverKeyFile="${folder}/key.pem"
)
module(load="imtcp")
template(name="understood" type="string" string="{${line}}\\n")
${input('tcp', '')}
${input('tls', 'streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon"')}
action(type="omfile" file="${folder}/out.jsonl" template="understood" asyncWriting="off" flushOnTXEnd="on")
`;
}

/** Rejects while nobody listens. */
async function reach(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  socket.destroy();
}

export async function startRsyslog(): Promise<Rsyslog> {
  const folder = await mkdtemp(join(tmpdir(), 'rsyslog-'));
  const { key, cert } = selfSigned();
  for (const [file, text] of Object.entries({ 'ca.pem': cert, 'cert.pem': cert, 'key.pem': key })) {
    await writeFile(join(folder, file), text, { mode: 0o600 });
  }
  const run = async (ports: { tcp: number; tls: number }) => {
    await writeFile(join(folder, 'rsyslog.conf'), configuration(folder, ports));
    const args = ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'rsyslog.pid')];
    const child = spawn('rsyslogd', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const portOf = async (kind: 'tcp' | 'tls') => Number(await readFile(join(folder, `${kind}.port`), 'utf8'));
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`rsyslogd ended with ${child.exitCode}: ${said}`);
      expect(await portOf('tls'), said).to.be.greaterThan(0);
      await reach(await portOf('tls'));
    }, 30);
    return { child, ports: { tcp: await portOf('tcp'), tls: await portOf('tls') } };
  };
  let running = await run({ tcp: 0, tls: 0 });
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (running.child.exitCode !== null || running.child.signalCode !== null) return;
    const ended = once(running.child, 'exit');
    running.child.kill(signal);
    await ended;
  };
  const kill = () => end('SIGKILL');
  const start = async () => {
    await rm(join(folder, 'rsyslog.pid'), { force: true });
    running = await run(running.ports);
  };
  return {
    tcpPort: running.ports.tcp,
    tlsPort: running.ports.tls,
    caFile: join(folder, 'ca.pem'),
    read: async () => {
      const text = await readFile(join(folder, 'out.jsonl'), 'utf8').catch(() => '');
      const lines = text.split('\n').slice(0, -1);
      return lines.map((each) => JSON.parse(each) as Understood).filter(({ app }) => app !== 'rsyslogd');
    },
    written: async () => (await stat(join(folder, 'out.jsonl')).catch(() => ({ size: 0 }))).size,
    kill,
    start,
    crash: async () => {
      await kill();
      await start();
    },
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
