import { subscribe } from 'node:diagnostics_channel';
import { BlockList } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Router, type Request } from 'express';
import { bearerOf } from './security.ts';

export interface Metric {
  /** In the words of Prometheus: lower case, its unit at the end, `_total` where it only ever grows. */
  name: string;
  help: string;
  kind: 'gauge' | 'counter';
  samples: Sample[];
}

export interface Sample {
  labels?: Record<string, string>;
  value: number;
}

interface MetricsWeb {
  gather(): Promise<Metric[]>;
  /** Who calls, by an access token; undefined where it is none of ours. */
  authenticate(bearer: string): Promise<unknown>;
}

/**
 * `/metrics`, for Prometheus and what reads its text. Open to whoever calls from this machine without a proxy between, and
 * to anybody with an access token: figures of how much there is to do are nobody else's business.
 */
export function metricsRoutes({ gather, authenticate }: MetricsWeb): Router {
  const router = Router();
  router.get('/metrics', async (req, res) => {
    const token = bearerOf(req);
    const isKnown = isFromHere(req) || (token !== undefined && (await authenticate(token)) !== undefined);
    if (!isKnown) {
      res.status(401).set('WWW-Authenticate', 'Bearer').type('text').send('An access token is needed\n');
      return;
    }
    const metrics = [...(await gather()), ...processMetrics()];
    res.set('Content-Type', CONTENT_TYPE).send(exposition(metrics));
  });
  return router;
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** A proxy on this machine calls from here, too, for anybody: it says so in a header. */
function isFromHere({ socket, headers }: Request): boolean {
  const { remoteAddress = '', remoteFamily } = socket;
  const family = remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4';
  return LOOPBACK.check(remoteAddress, family) && !FORWARDED.some((name) => name in headers);
}

/** The text format of Prometheus, version 0.0.4. */
function exposition(metrics: Metric[]): string {
  return metrics.map(linesOf).join('');
}

function linesOf({ name, help, kind, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelsOf(labels)} ${value}\n`);
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}

function labelsOf(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value).replaceAll('"', '\\"')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

const answered = new Map(['1xx', '2xx', '3xx', '4xx', '5xx'].map((code) => [code, 0]));
// Told by Node itself: a handler of ours would cost every answer something.
subscribe('http.server.response.finish', (message) => {
  const { response } = message as { response: { statusCode: number } };
  const code = `${Math.trunc(response.statusCode / 100)}xx`;
  answered.set(code, (answered.get(code) ?? 0) + 1);
});

function processMetrics(): Metric[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const { active } = performance.eventLoopUtilization();
  const one = (kind: Metric['kind'], name: string, help: string, value: number): Metric => {
    return { name, help, kind, samples: [{ value }] };
  };
  return [
    {
      name: 'http_requests_total',
      help: 'Requests answered by this process, by the kind of status.',
      kind: 'counter',
      samples: [...answered].map(([code, value]) => ({ labels: { code }, value })),
    },
    one('counter', 'process_cpu_seconds_total', 'Processor time of this process.', (user + system) / 1e6),
    one('gauge', 'process_resident_memory_bytes', 'Memory of this process.', rss),
    one('gauge', 'process_start_time_seconds', 'When this process started.', performance.timeOrigin / 1000),
    one('gauge', 'nodejs_heap_size_used_bytes', 'Memory in use by objects.', heapUsed),
    one('counter', 'nodejs_eventloop_active_seconds_total', 'Time in which the event loop was busy.', active / 1000),
  ];
}
