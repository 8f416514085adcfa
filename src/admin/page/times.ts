import { type Html, html } from './html.ts';

/** A moment in ISO 8601, as people write it; the page's script adds the reader's own zone. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}">${readable(iso)}</time>`;
}

function readable(iso: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(iso) ?? [];
  return day === undefined || time === undefined ? iso : `${day} ${time} UTC`;
}

/** How long, in words; what the page's script counts down writes the same. */
function howLong(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/** Time left that counts down where scripts run. */
export function countdown(seconds: number): Html {
  return html`<span data-left="${seconds}">${howLong(seconds)}</span>`;
}
