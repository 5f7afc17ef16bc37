export interface SchedulerTables {
  lease: { name: string; holder: string; expires_at: string };
}
