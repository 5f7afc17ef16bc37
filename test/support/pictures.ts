import { crc32, deflateSync } from 'node:zlib';

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG that every browser shows: a plum ring on nothing. `weight` more bytes are carried along unseen. */
export function png(width: number, height: number, weight = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat([
      Buffer.of(0),
      ...Array.from({ length: width }, (_, x) => {
        const from = Math.hypot(x - height / 2, y - height / 2) / height;
        const isInk = (from > 0.3 && from < 0.48) || (x > height * 1.2 && Math.abs(y - height / 2) < height / 8);
        return Buffer.from(isInk ? '801650ff' : '00000000', 'hex');
      }),
    ]),
  );
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...(weight > 0 ? [chunk('tEXt', Buffer.alloc(weight, 65))] : []),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
