import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asLogo, LOGO_ROOM, MOST_LOGO_BYTES, readLogo, within } from '../../src/accounts/logo.ts';
import { pictureOf } from '../../src/shared/picture-size.ts';
import { png } from '../support/pictures.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const riff = (kind: string, rest: string) =>
  Buffer.concat([Buffer.from(`RIFF\0\0\0\0WEBP${kind}\0\0\0\0`, 'latin1'), hex(rest), Buffer.alloc(16)]);

describe('how large a picture is', () => {
  test('is read from each kind of picture', () => {
    expect(pictureOf(png(300, 60))).toEqual({ type: 'image/png', size: { width: 300, height: 60 } });
    // A comment, a filling byte, a table, then the frame of 640 by 480.
    const jpeg = hex('ffd8 fffe0006 41424344 ff ffc40004 0000 ffc2 0011 08 01e0 0280 03 012200');
    expect(pictureOf(jpeg)).toEqual({ type: 'image/jpeg', size: { width: 640, height: 480 } });
    const size = { width: 640, height: 480 };
    expect(pictureOf(riff('VP8 ', '000000 9d012a 8002 e001'))).toEqual({ type: 'image/webp', size });
    expect(pictureOf(riff('VP8X', '00000000 7f0200 df0100'))).toEqual({ type: 'image/webp', size });
    expect(pictureOf(riff('VP8L', '2f 7fc27700'))).toEqual({ type: 'image/webp', size });
  });

  test('is not known of what only begins like a picture, and whatever comes is read to an end', () => {
    expect(pictureOf(Buffer.concat([hex('89504e470d0a1a0a'), Buffer.alloc(64, 1)]))).toBeUndefined();
    expect(pictureOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeUndefined();
    expect(pictureOf(riff('ALPH', '00'))).toBeUndefined();
    expect(pictureOf(hex('ffd8ffe00000ffc0'))).toBeUndefined();
    const head = fc.constantFrom('ffd8ff', '89504e470d0a1a0a', '52494646000000005745425056503820');
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 60 }), (start, rest) => {
        const size = pictureOf(Buffer.concat([hex(start), rest]))?.size ?? { width: 1, height: 1 };
        expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the logo', () => {
  test.each([
    ['a drawing with scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')],
    ['a page', Buffer.from('<!doctype html>')],
    ['nothing', Buffer.alloc(0)],
    ['the beginning of a signature', Buffer.from('8950', 'hex')],
    ['something too large', png(10, 10, MOST_LOGO_BYTES)],
  ])('is not %s', (_, content) => {
    expect(readLogo(content)).toBeUndefined();
  });

  test('is shown in proportion, within its room, never larger than it is', () => {
    expect(within({ width: 480, height: 96 }, LOGO_ROOM)).toEqual({ width: 240, height: 48 });
    expect(within({ width: 30, height: 20 }, LOGO_ROOM)).toEqual({ width: 30, height: 20 });
    const side = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const shown = within({ width, height }, LOGO_ROOM);
        expect(shown.width).toBeLessThanOrEqual(Math.min(width, LOGO_ROOM.width));
        expect(shown.height).toBeLessThanOrEqual(Math.min(height, LOGO_ROOM.height));
        const isHalfAPixelOff = Math.abs(shown.width * height - shown.height * width) <= Math.max(width, height);
        expect(isHalfAPixelOff).toBe(true);
      }),
    );
  });

  test('has another address when it is another picture, and is light up to 4 kB', () => {
    const [one, other] = [png(300, 60), png(300, 60, 5000)].map((each) => asLogo(readLogo(each) ?? null));
    expect(one?.picture).toEqual({ src: `/logo?v=${one?.version}`, width: 240, height: 48 });
    expect(one?.light).toBe(true);
    expect(other?.light).toBe(false);
    expect(other?.version).not.toBe(one?.version);
    expect(asLogo({ type: 'image/png', base64: Buffer.from('not a picture').toString('base64') })).toBeNull();
  });
});
