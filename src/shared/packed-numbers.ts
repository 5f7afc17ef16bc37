const BITS = 7;
const MORE = 2 ** BITS;
const DOUBLE = 8;
const LONGEST = 8;
const FIRST_SIZE = 1024;

export type Unpacking = ReturnType<typeof unpacking>;

/** Numbers one after another, as base64, which both databases hold and which is read many times faster than digits. */
export function createPacking() {
  let bytes = Buffer.allocUnsafe(FIRST_SIZE);
  let end = 0;

  function room(size: number): void {
    if (end + size <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, end + size));
    bytes.copy(larger, 0, 0, end);
    bytes = larger;
  }

  return {
    /** Not negative and under 2^53: in sevens of bits, the last of them first. */
    whole(number: number): void {
      room(LONGEST);
      let left = number;
      for (; left >= MORE; left = Math.floor(left / MORE)) bytes[end++] = (left % MORE) + MORE;
      bytes[end++] = left;
    },
    /** 0 to 255. */
    byte(number: number): void {
      room(1);
      bytes[end++] = number;
    },
    /** Any number, to the last bit. */
    exact(number: number): void {
      room(DOUBLE);
      end = bytes.writeDoubleLE(number, end);
    },
    /** How long the other is and what stands in it, so that it can be passed over. */
    part(other: { written(): Buffer }): void {
      const own = other.written();
      this.whole(own.length);
      room(own.length);
      end += own.copy(bytes, end);
    },
    /** What was written so far; it may change afterwards. */
    written: (): Buffer => bytes.subarray(0, end),
    text: (): string => bytes.toString('base64', 0, end),
    clear: (): void => void (end = 0),
  };
}

/** The same numbers again, asked for in the order in which they were written. */
export function unpacking(text: string) {
  const bytes = Buffer.from(text, 'base64');
  let at = 0;

  function whole(): number {
    let number = bytes[at++]!;
    if (number < MORE) return number;
    number -= MORE;
    for (let scale = MORE; ; scale *= MORE) {
      const more = bytes[at++]!;
      if (more < MORE) return number + more * scale;
      number += (more - MORE) * scale;
    }
  }

  return {
    whole,
    byte: (): number => bytes[at++]!,
    exact: (): number => bytes.readDoubleLE((at += DOUBLE) - DOUBLE),
    /** Passes over a part whose length was just read. */
    skip: (length: number): void => void (at += length),
    isAtEnd: (): boolean => at >= bytes.length,
  };
}
