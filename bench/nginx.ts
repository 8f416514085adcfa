import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../test/kit/child.ts';
import type { Started } from '../test/kit/started.ts';

/** Starts nginx as a bare hop in front of a port, in the foreground with one worker. */
export async function startNginx(kit: Started, upstreamPort: number): Promise<{ port: number; pid: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-bench-nginx-'));
  kit.add({ stop: async () => rmSync(folder, { recursive: true }) });
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port, upstreamPort));
  const child = kit.add(startChild('nginx', ['-c', file, '-p', folder, '-e', 'stderr']));
  for (;;) {
    const up = await fetch(`http://127.0.0.1:${port}/calls`).catch(() => undefined);
    if (up?.ok) return { port, pid: child.pid };
    const pause = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 50));
    const early = await Promise.race([child.exited, pause]);
    if (early !== undefined) throw new Error(`nginx did not start: ${child.stderr()}`);
  }
}

function configuration(folder: string, port: number, upstreamPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  keepalive_requests 1000000000;
  upstream mcp {
    server 127.0.0.1:${upstreamPort};
    keepalive 128;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://mcp;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
