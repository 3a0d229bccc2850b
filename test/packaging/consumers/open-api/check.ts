// The types that openapi-typescript makes of the document, and those that the browser client answers with: each takes the other.
import type { paths } from './document.js';
import type { AnswerOf, BodyOf, Operations, ProblemAnswer, Route } from 'express-mfa/client';

type PathOf<P extends string> = P extends `${infer A}:${infer Name}/${infer Rest}`
  ? `${A}{${Name}}/${PathOf<Rest>}`
  : P extends `${infer A}:${infer Name}`
    ? `${A}{${Name}}`
    : P;
type At<P extends string> = P extends keyof paths ? paths[P] : never;
type Documented<R extends Route> = R extends `${infer Method} /${infer P}`
  ? At<P extends '' ? '/mfa' : `/mfa/${PathOf<P>}`> extends { [M in Lowercase<Method>]: infer O }
    ? O
    : never
  : never;
type Json<O> = O extends { content: { 'application/json': infer A } } ? A : never;
type ToldBy<R extends Route> = Documented<R> extends { responses: { 200: infer A } } ? Json<A> : never;
type TakenBy<R extends Route> = Documented<R> extends { requestBody?: infer B } ? Json<NonNullable<B>> : never;

type Fits<A, B> = [A] extends [B] ? true : false;
type Answering = { [R in Route]: Operations[R] extends { answer: unknown } ? R : never }[Route];
type Taking = { [R in Route]: Operations[R] extends { body: unknown } ? R : never }[Route];
/** What WebAuthn says is any JSON, of which the document says nothing more. */
type Ceremonies =
  | 'POST /verify/:factor/begin'
  | 'POST /confirm/begin'
  | 'GET /setup/:factor'
  | 'POST /setup/:factor/begin'
  | 'GET /passkey-sign-in'
  | 'GET /openapi.json';
type Plain<B> = Omit<B, 'response'>;

type Unknown = { [R in Answering as [ToldBy<R>] extends [never] ? R : never]: never };
type Narrower = { [R in Answering as Fits<AnswerOf<R>, ToldBy<R>> extends true ? never : R]: never };
type Wider = { [R in Exclude<Answering, Ceremonies> as Fits<ToldBy<R>, AnswerOf<R>> extends true ? never : R]: never };
type NotTaken = { [R in Taking as Fits<Plain<BodyOf<R>>, Plain<TakenBy<R>>> extends true ? never : R]: never };
type NotSent = { [R in Taking as Fits<Plain<TakenBy<R>>, Plain<BodyOf<R>>> extends true ? never : R]: never };

// A route that differs stands in the message of the compiler.
const unknown: { [R in keyof Unknown]: never } = {};
const narrower: { [R in keyof Narrower]: never } = {};
const wider: { [R in keyof Wider]: never } = {};
const notTaken: { [R in keyof NotTaken]: never } = {};
const notSent: { [R in keyof NotSent]: never } = {};

type Problem = paths['/mfa/verify/{factor}']['post']['responses'][422]['content']['application/problem+json'];

/** What is refused can be read as the client reads it. */
export const read = (refused: Problem): Pick<ProblemAnswer, 'code' | 'title' | 'status' | 'remainingAttempts'> =>
  refused;
export { narrower, notSent, notTaken, unknown, wider };
