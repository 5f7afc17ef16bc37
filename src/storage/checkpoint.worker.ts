import Database from 'better-sqlite3';
import { workerData } from 'node:worker_threads';
import { serve } from '../shared/threads/serving.ts';

const db = new Database(workerData as string);
const carry = db.prepare('pragma wal_checkpoint(passive)');

serve(() => carry.get(), { givesWay: false });
