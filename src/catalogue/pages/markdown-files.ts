import { classPage, indexPage, present } from './index-page.ts';
import type { Page, PageRef } from './page.ts';
import { fileOf, relativeTo, toolFiles } from './page-file.ts';
import { serverPage } from './server-page.ts';
import type { Shelf } from './shelf.ts';
import { toolPage } from './tool-page.ts';
import { writeMarkdown } from './write-markdown.ts';

/** All pages of the catalogue as Markdown, by their files. */
export function* markdownFiles(shelf: Shelf): Generator<readonly [file: string, text: string]> {
  const files = new Map(shelf.servers.map((server) => [server.name, toolFiles(server)]));
  const place = (ref: PageRef): string => fileOf(ref, (server) => files.get(server) ?? new Map());
  for (const [ref, page] of pages(shelf)) {
    const file = place(ref);
    yield [file, writeMarkdown(page, (to) => relativeTo(file, place(to)))];
  }
}

function* pages(shelf: Shelf): Generator<readonly [PageRef, Page]> {
  yield [{ kind: 'index' }, indexPage(shelf)];
  for (const riskClass of present(shelf.servers)) {
    yield [{ kind: 'class', class: riskClass }, classPage(shelf, riskClass)];
  }
  for (const server of shelf.servers) {
    yield [{ kind: 'server', server: server.name }, serverPage(shelf, server)];
    for (const known of server.tools.values()) {
      yield [{ kind: 'tool', server: server.name, tool: known.name }, toolPage(shelf, server, known)];
    }
  }
}
