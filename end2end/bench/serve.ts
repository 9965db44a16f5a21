/** Bundles the pages of the other grids and serves them on a port of their own. */

import { build } from 'esbuild';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };

export interface Pages {
  /** Address of a grid's page; without a name, of one that has no grid. */
  url(name: string, parameters: Record<string, number>): string;
  close(): Promise<void>;
}

export async function serve(names: string[]): Promise<Pages> {
  const folder = fileURLToPath(new URL('pages', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: names.map((name) => join(folder, `${name}.js`)),
    outdir: '/',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    splitting: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  const files = new Map(outputFiles.map((file) => [file.path, file.contents]));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const contents = files.get(pathname);
    if (contents) {
      response.setHeader('content-type', TYPES[extname(pathname)] ?? 'application/octet-stream');
      response.setHeader('cache-control', 'max-age=3600');
      response.end(contents);
    } else if (pathname === '/' || names.includes(pathname.slice(1))) {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(page(pathname, files));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: (name, parameters) => {
      const query = new URLSearchParams(Object.entries(parameters).map(([key, value]) => [key, String(value)]));
      return `http://grids.localhost:${port}/${name}?${query}`;
    },
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}

function page(path: string, files: Map<string, unknown>): string {
  const style = files.has(`${path}.css`) ? `<link rel="stylesheet" href="${path}.css">` : '';
  const script = files.has(`${path}.js`) ? `<script type="module" src="${path}.js"></script>` : '';
  return `<!doctype html>
<html lang="pl">
<meta charset="utf-8">
<title>${path}</title>
<link rel="icon" href="data:,">
<style>*{box-sizing:border-box}body{margin:0;font:14px system-ui,sans-serif}</style>
${style}
<div id="grid"></div>
${script}
</html>`;
}
