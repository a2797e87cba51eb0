// The window's page as Web responses: files, headers, downloads. Both windows answer from here (the loopback shell over HTTP, the
// desktop shell over app://), so what a page may do is the same in both; only the content policy's `connect-src` differs.
// The files are read once and served by exact name: no request becomes a path, and a rebuild does not mix two builds in one window.
//
// Content policy: xterm.js adds style elements without a nonce, hence 'unsafe-inline' for style elements, and for nothing else.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Api } from '../../../shared/api/contract.ts';
import { asExhibitError } from '../../../shared/api/errors.ts';
import { attachment } from './attachment.ts';

export interface PageDeps {
  /** Folder that holds the built page. */
  readonly folder: string;
  /** Answers the downloads. */
  readonly api: Api;
  /** What the page may connect to, as a source list of the content policy. */
  readonly connect: string;
}

/** Answers a request for `path` (percent-encoded, query allowed) with a page file, an export, or an error page. */
export type Page = (method: string, path: string) => Promise<Response>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

const NOT_BUILT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Exhibit</title>
<style>body{font:16px/1.5 sans-serif;margin:4rem auto;max-width:40rem;padding:0 1rem}</style></head>
<body><h1>The page is not built</h1><p>Exhibit runs, but this copy of it holds no page to show.
Run <code>npm run build</code> in its folder, then reload.</p></body></html>`;

/** `/export/<ticket>/<file name>`, both percent-encoded. */
const EXPORT = /^\/export\/([^/]{1,300})\/([^/]{1,3000})$/;

interface PageFile {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

function readFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const name = `/${relative(folder, file).split(sep).join('/')}`;
    files.set(name === '/index.html' ? '/' : name, { type, body: new Uint8Array(readFileSync(file)) });
  }
  return files;
}

export function contentPolicy(connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'none'",
    "style-src-elem 'self' 'unsafe-inline'",
    "style-src-attr 'none'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** An export's bytes as a stream that pulls: nothing is read before the browser asks, and giving up closes the ticket. */
function exportBody(api: Api, ticket: string, first: Uint8Array | null): ReadableStream<Uint8Array> {
  let next = first;
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        if (next === null) {
          await api.call('export.close', { ticket });
          controller.close();
          return;
        }
        controller.enqueue(next);
        next = (await api.call('export.read', { ticket })).bytes;
      },
      cancel: async () => {
        await api.call('export.close', { ticket });
      },
    },
    { highWaterMark: 0 },
  );
}

export function openPage({ folder, api, connect }: PageDeps): Page {
  const files = readFiles(folder);
  const headers = (type: string): Record<string, string> => ({
    'Content-Type': type,
    'Content-Security-Policy': contentPolicy(connect),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), midi=()',
    'Cache-Control': 'no-store',
  });
  const plain = (status: number, text: string): Response =>
    new Response(`${text}\n`, { status, headers: headers('text/plain; charset=utf-8') });

  const download = async (ticket: string, fileName: string): Promise<Response> => {
    try {
      const first = (await api.call('export.read', { ticket })).bytes;
      return new Response(exportBody(api, ticket, first), {
        headers: { ...headers('application/octet-stream'), 'Content-Disposition': attachment(fileName) },
      });
    } catch (error) {
      return plain(404, asExhibitError(error, `export of ${fileName}`).message);
    }
  };

  return async (method, path) => {
    if (method !== 'GET') return plain(405, 'Only GET is answered here.');
    const name = path.split('?', 1)[0]!;
    const wanted = EXPORT.exec(name);
    if (wanted !== null) {
      const ticket = decoded(wanted[1]!);
      const fileName = decoded(wanted[2]!);
      return ticket === null || fileName === null ? plain(400, 'This address is not well formed.') : download(ticket, fileName);
    }
    const file = files.get(name);
    if (file !== undefined) return new Response(file.body, { headers: headers(file.type) });
    if (name === '/') return new Response(NOT_BUILT, { status: 503, headers: headers(TYPES['.html']!) });
    return plain(404, 'There is no such file.');
  };
}
