// One load of a record for all answers of one person that come at once: whoever has the password can send as many as they
// like, and each would cost a trip and a check of the record. What comes out of a load is not looked at here.
import type { Loaded } from './ports.js';

/** One answer that is under way. */
export type Arrival = {
  /**
   * What a load found that began after this arrival, so that whatever was written before is in it; after a write of this
   * process a new one. `read` runs where there is none to share.
   */
  load(read: () => Promise<Loaded>): Promise<Loaded>;
  /** To be called once it is over: then nothing is kept for it. */
  leave(): void;
};

export type SharedLoads = {
  arrive(userId: string): Arrival;
  /** What was loaded before is old, or may be. */
  written(userId: string): void;
};

/** `begun`: the moment of the load that is shared. `next`: the one after it, for those who came since. */
type Place = {
  present: number;
  begun: number;
  shared?: Promise<Loaded> | undefined;
  underWay?: Promise<unknown> | undefined;
  next?: Promise<Loaded> | undefined;
};

export function createSharedLoads(): SharedLoads {
  const places = new Map<string, Place>();
  let moment = 0;

  function begin(place: Place, read: () => Promise<Loaded>): Promise<Loaded> {
    moment += 1;
    const loading = read();
    const isOver = () => {
      if (place.underWay === loading) place.underWay = undefined;
    };
    Object.assign(place, { begun: moment, shared: loading, underWay: loading, next: undefined });
    loading.then(isOver, () => {
      isOver();
      // Whoever asks again asks the store.
      if (place.shared === loading) place.shared = undefined;
    });
    return loading;
  }

  return {
    arrive(userId) {
      const place: Place = places.get(userId) ?? { present: 0, begun: 0 };
      places.set(userId, place);
      place.present += 1;
      const came = moment;
      return {
        load(read) {
          if (place.shared && place.begun > came) return place.shared;
          if (!place.underWay) return begin(place, read);
          const start = () => begin(place, read);
          return (place.next ??= place.underWay.then(start, start));
        },
        leave() {
          place.present -= 1;
          if (place.present === 0) places.delete(userId);
        },
      };
    },
    written(userId) {
      const place = places.get(userId);
      if (place) place.shared = undefined;
    },
  };
}
