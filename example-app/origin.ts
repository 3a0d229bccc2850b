// Where browsers see this app, as far as it is known: links in notices lead there, and forms must come from there.
import type { NextFunction, Request, Response } from 'express';

/** `ORIGIN`; else, in development, this machine at `PORT`. Undefined for a port that the system chooses, and in production. */
export function originOf({ ORIGIN, PORT = '3000', NODE_ENV }: NodeJS.ProcessEnv): string | undefined {
  if (ORIGIN) return ORIGIN;
  const isDevelopment = !NODE_ENV || ['development', 'test'].includes(NODE_ENV);
  return isDevelopment && PORT !== '0' ? `http://localhost:${PORT}` : undefined;
}

/** Leads whoever opens this machine by its number to its name: passkeys and forms belong to one of the two. */
export function atOneName(origin: string | undefined) {
  const { protocol, hostname, port } = new URL(origin ?? 'https://elsewhere.invalid');
  const numbers = ['127.0.0.1', '[::1]'].map((number) => `${number}:${port}`);
  return ({ method, headers, originalUrl }: Request, res: Response, next: NextFunction): void => {
    const isByNumber = hostname === 'localhost' && numbers.includes(headers.host ?? '');
    if (isByNumber && method === 'GET') res.redirect(`${protocol}//${hostname}:${port}${originalUrl}`);
    else next();
  };
}
