/** The direction of imports: shared -> platform -> features (in this order) -> app. */
const order = [
  'accounts',
  'customers',
  'questionnaires',
  'invitations',
  'responses',
  'answering',
  'post',
  'telephone',
  'coding',
  'recovery',
  'loyalty',
  'retention',
  'reports',
  'privacy',
  'merging',
  'api',
  'demo',
];
const features = order.join('|');
const platform = 'storage|web|i18n|mailer|scheduler';

const laterFeatures = order.slice(0, -1).map((feature, i) => ({
  name: `2b ${feature} uses no later feature`,
  severity: 'error',
  from: { path: `^src/${feature}/` },
  to: { path: `^src/(${order.slice(i + 1).join('|')})/` },
}));

export default {
  forbidden: [
    { name: '1 no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: '2 front door',
      comment: 'a feature is used through its index.ts; view types may also be named by templates',
      severity: 'error',
      from: { path: `^src/(${features})/` },
      to: { path: `^src/(${features})/`, pathNot: ['^src/$1/', '/index\\.ts$'] },
    },
    ...laterFeatures,
    {
      name: '3 platform imports no feature',
      severity: 'error',
      from: { path: `^src/(shared|${platform})/` },
      to: { path: `^src/(${features})/` },
    },
    {
      name: '3b shared imports nothing of ours',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/', pathNot: '^src/shared/' },
    },
    {
      name: '3c nobody imports the app',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot:
          '^src/(app|routes|staff-routes|accounts-web|server|cli|sample|serve|services|services/.*|open|commands/.*)\\.ts$',
      },
      to: {
        path: '^src/(app|routes|staff-routes|accounts-web|server|cli|sample|serve|services|services/.*|open)\\.ts$',
      },
    },
    {
      name: '4 Express only in routes, web and app',
      severity: 'error',
      from: { path: '^src', pathNot: '(^src/web/|^src/app\\.ts$|routes\\.ts$)' },
      to: { path: 'node_modules/(@types/)?(express|express-session|express-rate-limit|helmet|multer)/' },
    },
    {
      name: '5 Kysely and drivers only in stores',
      severity: 'error',
      from: { path: '^src', pathNot: '(^src/storage/|store\\.ts$)' },
      to: { path: 'node_modules/(@types/)?(kysely|pg|better-sqlite3)/' },
    },
    {
      name: '6 routes never call stores',
      severity: 'error',
      from: { path: 'routes\\.ts$' },
      to: { path: 'store\\.ts$' },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
