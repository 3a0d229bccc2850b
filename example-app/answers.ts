// How the app answers: a page, or on to another one.
import type { Request, Response } from 'express';
import { layout, type Page } from './html.js';

export function send(res: Response, page: Page, status = 200): void {
  res.status(status).set('Cache-Control', 'no-store').type('html').send(layout(page));
}

/** After a form: saves the session first, which the redirect would overtake, so that a reload submits nothing again. */
export async function goOn(req: Request, res: Response, url: string): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    req.session.save((error: Error | null) => (error ? reject(error) : resolve())),
  );
  res.redirect(303, url);
}
