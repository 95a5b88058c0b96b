import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startProcess } from '../../support/child-process.js';
import { freePort, isPortFree } from '../../support/free-port.js';
import type { Bed } from '../bed/bed.js';

const run = promisify(execFile);
/** Debian's folder of system programs is not on everyone's search path. */
const ENV = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
const READY_LIMIT_MS = 15_000;
const VERSION_LIMIT_MS = 10_000;

export interface RunningNginx {
  readonly url: string;
  readonly pid: number;
}

/** The version of nginx on this machine; null when there is none (`apt-get install -y nginx-light`). */
export async function nginxVersion(): Promise<string | null> {
  const output = await run('nginx', ['-v'], { env: ENV, timeout: VERSION_LIMIT_MS }).catch(() => null);
  return output && (/nginx\/(\S+)/.exec(output.stderr)?.[1] ?? null);
}

/**
 * nginx that demands the same client certificates as the gateway, over the same authority. `upstream` null: it answers
 * by itself; otherwise it passes everything on over kept-alive connections.
 */
export async function startNginx(bed: Bed, name: string, upstream: string | null): Promise<RunningNginx> {
  const dir = join(bed.paths.state, `nginx-${name}`);
  await mkdir(join(dir, 'temp'), { recursive: true, mode: 0o755 });
  const port = await freePort();
  const { pki } = bed.credentials;
  const settings = join(dir, 'nginx.conf');
  await writeFile(settings, configuration(dir, port, pki.files('gateway'), pki.caFile, upstream));
  const started = await startProcess({
    name: 'nginx',
    command: 'nginx',
    args: ['-c', settings, '-p', dir],
    env: ENV,
    logFile: join(bed.paths.logs, `nginx-${name}.log`),
    isReady: async () => !(await isPortFree(port)),
    readyWithinMs: READY_LIMIT_MS,
    detached: true,
  });
  await bed.keep('nginx', started);
  return { url: `https://localhost:${port}`, pid: started.pid };
}

function configuration(
  dir: string,
  port: number,
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
  caFile: string,
  upstream: string | null,
): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${dir}/temp/${kind};`)
    .join(' ');
  const place =
    upstream === null
      ? 'return 202;'
      : 'proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering on;';
  return `worker_processes auto;
daemon off;
pid ${dir}/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  ${temp}
  client_body_buffer_size 256k;
  keepalive_requests 1000000;
  ${upstream === null ? '' : `upstream behind { server ${upstream}; keepalive 64; keepalive_requests 1000000; }`}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${certFile};
    ssl_certificate_key ${keyFile};
    ssl_client_certificate ${caFile};
    ssl_verify_client on;
    ssl_verify_depth 3;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:bench:1m;
    location / { ${place} }
  }
}
`;
}
