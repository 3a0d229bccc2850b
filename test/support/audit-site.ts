// An app with an audit log on the shared Redis, and the command line against it.
import { auditLog, type AuditLog, type AuditStore } from '../../src/audit.js';
import { createMfa, totp, type MfaEvent } from '../../src/index.js';
import { fixture, runHere, secrets, startCli, type Environment, type Running, type Said } from './cli.js';
import { freshNamespace, newRedis, removeNamespace } from './redis.js';
import { patientAuditStore, patientStore } from './patience.js';

export type AuditSite = {
  readonly audit: AuditLog;
  readonly store: AuditStore;
  tell(name: MfaEvent['name'], more?: Partial<MfaEvent>): void;
  /** Runs `audit …` against the site's configuration, in this process: not for what writes elsewhere than to the terminal. */
  here(args: readonly string[], environment?: Environment): Promise<Said>;
  /** The same in a process of its own. */
  run(args: readonly string[], environment?: Environment): Promise<Said>;
  start(args: readonly string[], environment?: Environment): Running;
  /** Runs any command, in this process or in its own. */
  commandHere(args: readonly string[], environment?: Environment): Promise<Said>;
  command(args: readonly string[], environment?: Environment): Promise<Said>;
  close(): Promise<void>;
};

export function openAuditSite(): AuditSite {
  const redis = newRedis();
  const namespace = freshNamespace();
  const store = patientAuditStore(redis, { namespace });
  const audit = auditLog({ store });
  createMfa({
    appName: 'Acme',
    secrets: [secrets.old],
    store: patientStore(redis, { namespace, warn: () => undefined }),
    factors: [totp()],
    user: () => null,
    audit,
  });
  const command = (args: readonly string[], environment: Environment = {}) =>
    startCli([...args, '--config', fixture('audit.ts')], { TEST_NAMESPACE: namespace, ...environment });
  const commandHere: AuditSite['commandHere'] = (args, environment) =>
    runHere('audit', args, { TEST_NAMESPACE: namespace, ...environment });
  const start: AuditSite['start'] = (args, environment) => command(['audit', ...args], environment);
  return {
    audit,
    store,
    tell: (name, more = {}) =>
      audit.take({ name, at: new Date().toISOString(), userId: 'ada', actor: 'user', ...more }),
    start,
    here: (args, environment) => commandHere(['audit', ...args], environment),
    run: (args, environment) => start(args, environment).ended,
    commandHere,
    command: (args, environment) => command(args, environment).ended,
    async close() {
      await audit.close();
      await removeNamespace(redis, namespace);
      redis.disconnect();
    },
  };
}
