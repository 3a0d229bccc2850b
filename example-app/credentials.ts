// The two fields of the sign-up and log-in forms.

/** `error`: what a new account would be refused for. The address is in lower case, as the users table has it. */
export type Credentials = { email: string; password: string; error?: string };

export function parseCredentials(body: unknown): Credentials {
  const fields = (body ?? {}) as { email?: unknown; password?: unknown };
  const email = typeof fields.email === 'string' ? fields.email.trim().toLowerCase() : '';
  const password = typeof fields.password === 'string' ? fields.password : '';
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || email.length > 254)
    return { email, password, error: 'This is not an e-mail address.' };
  if (password.length < 8) return { email, password, error: 'The password needs at least 8 characters.' };
  if (password.length > 1000) return { email, password, error: 'The password has more than 1000 characters.' };
  return { email, password };
}
