import { Concepts } from './concepts.ts';
import type { Head } from './head.ts';
import type { EntryGroup } from './lexicon.ts';
import { lanesOf } from './logistic.ts';
import { joined, lexiconWeights, Space } from './space.ts';
import type { Judge, Model } from './train.ts';
import { Vocabulary } from './vocabulary.ts';

const FORMAT = 2;
/** Weights are kept in 16 bits, in steps of a thousandth: probabilities change by less than a person can see. */
const STEP = 1 / 1024;

interface Head1 {
  format: number;
  codes: string[];
  groups: EntryGroup[];
  homes: string[];
  labels: number;
  wordGrams: number;
  hashes: number;
  entries: number;
  home: { head: Head; figures: Judge['figures'] };
  abroad: { head: Head; figures: Judge['figures'] };
  wordsAbroad: boolean;
}

/** A model as bytes, complete in itself: what stands in the header as JSON, then its numbers. */
export function writeModel({ space, home, abroad, wordsAbroad, homes, labels }: Model): Uint8Array {
  const { vocabulary, concepts } = space;
  const { hashes, idf, wordGrams } = vocabulary.parts;
  const header: Head1 = {
    format: FORMAT,
    codes: concepts.codes,
    groups: concepts.groups,
    homes,
    labels,
    wordGrams,
    hashes: hashes.length,
    entries: concepts.rarity.length,
    home: { head: home.head, figures: home.figures },
    abroad: { head: abroad.head, figures: abroad.figures },
    wordsAbroad,
  };
  // Other languages meet the words of `home`, or none.
  const lexicon = lexiconWeights(abroad.weights, space);
  return packed(header, [hashes, idf, concepts.rarity, lexicon, coarse(home.weights)]);
}

const coarse = (weights: Float32Array): Int16Array =>
  Int16Array.from(weights, (weight) => Math.max(-32_768, Math.min(32_767, Math.round(weight / STEP))));

function packed(header: object, arrays: (Uint32Array | Float32Array | Int16Array)[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 4 + json.length + ((4 - (json.length % 4)) % 4);
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, start));
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  let at = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/** The model that `writeModel` wrote; throws where the bytes are of another format. */
export function readModel(bytes: Uint8Array): Model {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Head1;
  if (header.format !== FORMAT) throw new Error(`a model of format ${header.format}, not ${FORMAT}`);
  let at = 4 + length + ((4 - (length % 4)) % 4);
  const next = (count: number, width: number) => bytes.slice(at, (at += count * width)).buffer;
  const hashes = new Uint32Array(next(header.hashes, 4));
  const idf = new Float32Array(next(header.hashes, 4));
  const concepts = new Concepts(header.codes, header.groups, new Float32Array(next(header.entries, 4)));
  const space = new Space(new Vocabulary({ hashes, idf, wordGrams: header.wordGrams }), concepts);
  const lanes = lanesOf(header.codes.length);
  const lexicon = new Float32Array(next((space.width - space.vocabulary.size) * lanes, 4));
  const home = Float32Array.from(new Int16Array(next(space.width * lanes, 2)), (step) => step * STEP);
  const away = joined(header.wordsAbroad ? home : new Float32Array(home.length), lexicon, space);
  const { homes, labels, wordsAbroad } = header;
  return {
    space,
    homes,
    labels,
    wordsAbroad,
    home: { weights: home, ...header.home },
    abroad: { weights: away, ...header.abroad },
  };
}
