// About how many different people, in 4,096 letters however many they are: HyperLogLog, with a standard error of 1.6 %, next to
// exact for the first thousand. It keeps nobody's name.
import { hash } from 'node:crypto';

const registers = 4096;
const zero = '0'.charCodeAt(0);

export const emptySketch = '0'.repeat(registers);

export function sketchWith(sketch: string, people: readonly string[]): string {
  const ranks = Buffer.from(sketch, 'latin1');
  for (const person of people) {
    const digest = hash('sha256', person, 'buffer');
    const register = digest.readUInt16BE(0) % registers;
    const rank = zero + Math.clz32(digest.readUInt32BE(2)) + 1;
    ranks[register] = Math.max(ranks[register] ?? zero, rank);
  }
  return ranks.toString('latin1');
}

export function peopleIn(sketch: string): number {
  let sum = 0;
  let untouched = 0;
  for (const rank of Buffer.from(sketch, 'latin1')) {
    sum += 2 ** (zero - rank);
    if (rank === zero) untouched += 1;
  }
  const estimate = ((0.7213 / (1 + 1.079 / registers)) * registers ** 2) / sum;
  const isSmall = estimate <= 2.5 * registers && untouched > 0;
  return Math.round(isSmall ? registers * Math.log(registers / untouched) : estimate);
}
