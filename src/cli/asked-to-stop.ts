// SIGINT and SIGTERM, for work that ends what is under way before it stops.

export type Asked = { readonly toStop: boolean; end(): void };

export function askedToStop(): Asked {
  const asked = new AbortController();
  const stop = () => asked.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return {
    get toStop() {
      return asked.signal.aborted;
    },
    end: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
