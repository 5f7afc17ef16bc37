/** Counts by 32-bit hash: open addressing on typed arrays, several times faster than a Map of numbers. */
export class HashTable {
  keys: Uint32Array;
  counts: Int32Array;
  #stamps: Int32Array;
  #size = 0;

  constructor(capacity = 1 << 16) {
    this.keys = new Uint32Array(capacity);
    this.counts = new Int32Array(capacity);
    this.#stamps = new Int32Array(capacity).fill(-1);
  }

  /** Counts a hash once for each `stamp`; stamps come in rising order. */
  countOnce(hash: number, stamp: number): void {
    const slot = this.slot(hash);
    if (this.#stamps[slot] === stamp) return;
    this.#stamps[slot] = stamp;
    if (this.counts[slot]!++ > 0) return;
    this.keys[slot] = hash;
    if (++this.#size * 2 > this.keys.length) this.#grow();
  }

  /** Where the hash stands or would stand; free where its count is 0. */
  slot(hash: number): number {
    const mask = this.keys.length - 1;
    let slot = Math.imul(hash, 0x9e3779b1) & mask;
    while (this.counts[slot] !== 0 && this.keys[slot] !== hash >>> 0) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const bigger = new HashTable(this.keys.length * 2);
    this.keys.forEach((key, from) => {
      if (this.counts[from] === 0) return;
      const to = bigger.slot(key);
      bigger.keys[to] = key;
      bigger.counts[to] = this.counts[from]!;
      bigger.#stamps[to] = this.#stamps[from]!;
    });
    this.keys = bigger.keys;
    this.counts = bigger.counts;
    this.#stamps = bigger.#stamps;
  }
}
