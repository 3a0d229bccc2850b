// What may stand in a record, a transient or an answer: data alone.
/** Any value that survives `JSON.stringify`. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
