// A client of Redis that answers what a test says: for what no server of ours would say in time, as refusals, other nodes, no
// connection. The servers that really say it are in the tests beside.
import { EventEmitter } from 'node:events';
import type { RedisClient } from '../../src/stores/redis-client.js';

/** By command: its answer, or the error that is thrown. */
export type Answers = { [command: string]: (...args: never[]) => unknown };

export type RedisStandIn = RedisClient & {
  /** Every command, those of pipelines too. */
  readonly asked: unknown[][];
  readonly events: EventEmitter;
};

export function redisStandIn(answers: Answers, more: Partial<RedisClient> = {}): RedisStandIn {
  const asked: unknown[][] = [];
  const events = new EventEmitter();
  const answer = async (command: unknown[]): Promise<never> => {
    asked.push(command);
    const [name, ...args] = command as [string, ...never[]];
    const told = answers[name];
    if (!told) throw new Error(`ERR unknown command '${name}'`);
    return told(...args) as never;
  };
  return {
    asked,
    events,
    eval: (...args) => answer(['eval', ...args]),
    get: (...args) => answer(['get', ...args]),
    set: (...args) => answer(['set', ...args]),
    scan: (...args) => answer(['scan', ...args]),
    config: (...args) => answer(['config', ...args]),
    info: (...args) => answer(['info', ...args]),
    pipeline: (commands) => ({
      exec: () =>
        Promise.all(
          commands.map((command) =>
            answer(command).then(
              (value): [null, unknown] => [null, value],
              (error: unknown): [Error, null] => [error as Error, null],
            ),
          ),
        ),
    }),
    duplicate: () => redisStandIn(answers, more),
    disconnect: () => undefined,
    on: (event, listener) => events.on(event, listener),
    off: (event, listener) => events.off(event, listener),
    ...more,
  };
}
