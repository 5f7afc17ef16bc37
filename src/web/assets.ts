import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
};
const PACKED = new Set(['.css', '.js', '.svg']);

type Packing = 'br' | 'gzip';

interface Asset {
  type: string;
  plain: Buffer;
  /** As it was packed when somebody first asked for it; nothing where packing does not help. */
  packed?: Map<Packing, Buffer>;
}

const PACK = { br: brotliCompressSync, gzip: gzipSync };

export interface Assets {
  /** The address of a public file with the hash of its content, so that browsers may keep it for good. */
  url(path: string): string;
  serve: RequestHandler;
}

/** The few public files are kept packed in memory: a first page needs no proxy to be small. */
export function createAssets(directory: string): Assets {
  const assets = new Map<string, Asset>();
  const urls = new Map<string, string>();
  for (const file of globSync('{css,js,img}/**/*.*', { cwd: directory })) {
    const path = `/${file.replaceAll('\\', '/')}`;
    const plain = readFileSync(join(directory, file));
    const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 10);
    urls.set(path, `${path}?v=${hash}`);
    assets.set(path, assetOf(plain, extname(file)));
  }
  return { url: (path) => urls.get(path) ?? path, serve: serve(assets) };
}

function assetOf(plain: Buffer, extension: string): Asset {
  const type = TYPES[extension] ?? 'application/octet-stream';
  return PACKED.has(extension) ? { type, plain, packed: new Map() } : { type, plain };
}

function pack({ plain, packed }: Asset, packing: Packing): Buffer | undefined {
  if (!packed) return undefined;
  const known = packed.get(packing) ?? PACK[packing](plain);
  packed.set(packing, known);
  return known;
}

function serve(assets: Map<string, Asset>): RequestHandler {
  return (req, res, next) => {
    const asset = assets.get(req.path);
    if (!asset || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
    const encoding = req.acceptsEncodings(['br', 'gzip', 'identity']);
    const packed = encoding === 'br' || encoding === 'gzip' ? pack(asset, encoding) : undefined;
    res.setHeader('Content-Type', asset.type);
    res.setHeader('Vary', 'Accept-Encoding');
    res.setHeader('Cache-Control', req.query.v ? 'public, max-age=31536000, immutable' : 'public, max-age=300');
    if (packed) res.setHeader('Content-Encoding', encoding as Packing);
    res.end(req.method === 'HEAD' ? undefined : (packed ?? asset.plain));
  };
}
