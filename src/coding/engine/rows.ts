/** Sparse rows of features (CSR): row i holds `index[start[i]..start[i+1])` with their values. */
export interface Rows {
  start: Int32Array;
  index: Int32Array;
  value: Float32Array;
  /** How many features there are at most. */
  width: number;
}

/** Gathers rows one after the other. */
export class RowWriter {
  #start = [0];
  readonly #first = new Int32Array(2);
  #index = new Int32Array(1 << 14);
  #value = new Float32Array(1 << 14);
  #length = 0;

  add(index: number, value: number): void {
    if (this.#length === this.#index.length) this.#grow();
    this.#index[this.#length] = index;
    this.#value[this.#length++] = value;
  }

  get length(): number {
    return this.#length;
  }

  /** Makes what was added since `from` a vector of this length (L2). */
  normalise(from: number, norm: number): void {
    let sum = 0;
    for (let i = from; i < this.#length; i++) sum += this.#value[i]! * this.#value[i]!;
    const factor = sum > 0 ? norm / Math.sqrt(sum) : 0;
    for (let i = from; i < this.#length; i++) this.#value[i]! *= factor;
  }

  endRow(): void {
    this.#start.push(this.#length);
  }

  rows(width: number): Rows {
    const start = Int32Array.from(this.#start);
    return { start, index: this.#index.slice(0, this.#length), value: this.#value.slice(0, this.#length), width };
  }

  /** The first row without copying: true until the next is written. */
  view(width: number): Rows {
    return { start: this.#ends(), index: this.#index, value: this.#value, width };
  }

  /** Of the first row alone. */
  #ends(): Int32Array {
    this.#first[1] = this.#start[1] ?? 0;
    return this.#first;
  }

  clear(): void {
    this.#start = [0];
    this.#length = 0;
  }

  #grow(): void {
    const index = new Int32Array(this.#length * 2);
    const value = new Float32Array(this.#length * 2);
    index.set(this.#index);
    value.set(this.#value);
    this.#index = index;
    this.#value = value;
  }
}

export const rowCount = (rows: Rows): number => rows.start.length - 1;
