import { Router } from 'express';

interface Health {
  /** Throws unless this process can serve: its database answers and it is not shutting down. */
  ready(): Promise<void>;
}

/** `/healthz`: the process is alive. `/readyz`: it can serve. */
export function healthRoutes(health: Health): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.type('text').send('ok\n');
  });
  router.get('/readyz', async (_req, res) => {
    try {
      await health.ready();
      res.type('text').send('ready\n');
    } catch {
      res.status(503).type('text').send('not ready\n');
    }
  });
  return router;
}
