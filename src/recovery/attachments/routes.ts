import { Router } from 'express';
import type { Storage } from '../../storage/index.ts';
import { needsRole } from '../../web/index.ts';
import type { Attachments } from './service.ts';

interface AttachmentsWeb {
  attachments: Attachments;
  storage: Pick<Storage, 'read'>;
}

/** Pictures that every browser shows and whose size has been checked; all else is saved, never opened here. */
const SHOWN = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);

/** Files for staff. Whatever is in one, the browser gets told to run nothing of it and to guess nothing about it. */
export function attachmentRoutes({ attachments, storage }: AttachmentsWeb): Router {
  const router = Router();
  router.get('/attachments/:id', needsRole('staff'), async (req, res) => {
    const { id, name, type } = await attachments.get(String(req.params.id));
    const bytes = await attachments.bytes(storage.read, id);
    res.setHeader('Content-Type', type === 'text/plain' ? 'text/plain; charset=utf-8' : type);
    res.setHeader('Content-Disposition', dispositionOf(SHOWN.has(type) ? 'inline' : 'attachment', name));
    res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    res.setHeader('Cache-Control', 'private, max-age=300');
    res.setHeader('Content-Length', bytes.length);
    res.end(bytes);
  });
  return router;
}

/** RFC 6266, with a plain name for those that do not know RFC 8187. */
function dispositionOf(how: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
