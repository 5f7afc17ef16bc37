/**
 * Countries whose postal codes are numbers of one length and may begin with so many zeros. Source: Universal Postal
 * Union, addressing systems by country.
 */
const NUMBERS: Record<string, { digits: number; zeros: number }> = {
  AU: { digits: 4, zeros: 1 },
  DE: { digits: 5, zeros: 1 },
  DK: { digits: 4, zeros: 1 },
  ES: { digits: 5, zeros: 1 },
  FI: { digits: 5, zeros: 2 },
  FR: { digits: 5, zeros: 1 },
  IT: { digits: 5, zeros: 3 },
  KR: { digits: 5, zeros: 1 },
  NO: { digits: 4, zeros: 2 },
  NZ: { digits: 4, zeros: 1 },
  SK: { digits: 5, zeros: 1 },
  TR: { digits: 5, zeros: 1 },
  UA: { digits: 5, zeros: 1 },
  US: { digits: 5, zeros: 2 },
};

/** The postal code with the zeros that a spreadsheet took for those of a number; as it is where that is not certain. */
export function withLostZeros(postalCode: string, country: string): string {
  const { digits, zeros } = NUMBERS[country] ?? { digits: 0, zeros: 0 };
  const isShort = /^[1-9]\d*$/.test(postalCode) && postalCode.length < digits;
  return isShort && postalCode.length >= digits - zeros ? postalCode.padStart(digits, '0') : postalCode;
}
