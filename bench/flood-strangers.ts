// Whoever has the password and not the second factor, many at once, in a process of their own: what the owner waits for is then
// the app, not this load.
import { Agent, request } from 'node:http';

export type Flood = { url: string; headers: { [name: string]: string }; body: string; size: number };
/** So many are back by now; told when all have left, and when asked. */
export type Told = { answered: number };

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
let answered = 0;

function send({ url, headers, body, size }: Flood): void {
  answered = 0;
  let left = size;
  for (let each = 0; each < size; each += 1) {
    const asked = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => (answered += 1));
    });
    asked
      .once('error', () => (answered += 1))
      .once('finish', () => {
        left -= 1;
        if (left === 0) process.send?.({ answered } satisfies Told);
      });
    asked.end(body);
  }
}

process.on('message', (told: Flood | 'answered') => {
  if (told === 'answered') process.send?.({ answered } satisfies Told);
  else send(told);
});
process.on('disconnect', () => process.exit(0));
