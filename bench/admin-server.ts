// The measured process of the pages of administration: an app on Redis, whose directory finds fifty people for any text. It tells
// how much memory it took at most when asked; who fills the store and who loads it are other processes.
import type { AddressInfo } from 'node:net';
import express from 'express';
import session from 'express-session';
import { Redis } from 'ioredis';
import { mfaAdminRouter, redisCaseStore, redisStatsStore } from '../src/admin.js';
import { auditLog, redisAuditStore } from '../src/audit.js';
import { backupCodes, createMfa, mfaRouter, redisStore, totp } from '../src/index.js';
import { usualSecret } from '../test/support/usual-person.js';

const [redisUrl = '', namespace = '', people = ''] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const idAt = (at: number): string => `person-${at % Number(people)}`;

const mfa = createMfa({
  appName: 'Bench',
  secrets: [usualSecret],
  store: redisStore(redis, { namespace, timeoutMs: 30_000, warn: () => undefined }),
  factors: [totp(), backupCodes()],
  confirmFirstEnrollment: 'open',
  user: (req) => {
    const { uid } = req.session as { uid?: string };
    return uid === undefined ? null : { id: uid, label: uid };
  },
  audit: auditLog({ store: redisAuditStore(redis, { namespace, timeoutMs: 30_000 }) }),
  administration: {
    cases: redisCaseStore(redis, { namespace }),
    stats: redisStatsStore(redis, { namespace }),
    directory: {
      get: (id) => ({ name: id }),
      find: (text, { limit }) =>
        Array.from({ length: limit }, (_, at) => ({
          id: idAt(Number(text) + at * 7919),
          name: idAt(Number(text) + at * 7919),
        })),
    },
  },
});

const app = express();
app.use(session({ secret: 'bench', resave: false, saveUninitialized: false }));
app.post('/login/:id', (req, res) => {
  (req.session as { uid?: string }).uid = req.params.id;
  res.sendStatus(204);
});
app.use('/mfa', mfaRouter(mfa));
app.use('/admin', mfaAdminRouter(mfa, { admin: () => ({ may: ['view', 'help', 'decide', 'audit'] }) }));

const server = app.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', () => {
  process.send?.({ mostMegabytes: process.resourceUsage().maxRSS / 1024 });
});
process.on('disconnect', () => process.exit(0));
