// What the package cors does for one origin, as far as tests need it.
import type { RequestHandler } from 'express';

export default function cors(origin: string): RequestHandler {
  return (req, res, next) => {
    if (req.headers.origin !== origin) return next();
    res.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-CSRF-Token, X-MFA-Token',
    });
    if (req.method === 'OPTIONS') res.status(204).end();
    else next();
  };
}
