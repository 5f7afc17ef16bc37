// The libraries that every such server needs, a database and a page: what a start costs before there is a product.
import { enableCompileCache } from 'node:module';

enableCompileCache(process.argv[3]);
const [{ default: express }, { default: ejs }, { default: Database }, { z }] = await Promise.all([
  import('express'),
  import('ejs'),
  import('better-sqlite3'),
  import('zod'),
  import('express-session'),
  import('helmet'),
  import('pino'),
]);
const database = new Database(process.argv[2]);
database.exec('create table if not exists page (title text)');
const app = express();
app.get('/sign-in', (req, res) => {
  z.object({ lang: z.string().optional() }).parse(req.query);
  const row = database.prepare('select title from page').get();
  res.send(ejs.render('<!doctype html><title><%= title %></title><p>Hello', { title: row?.title ?? 'Bare' }));
});
app.listen(Number(process.env.PORT), '127.0.0.1');
