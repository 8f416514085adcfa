/** Counts the time left down, and tells moments in the reader's own zone. Everything works without it. */
export const SCRIPT = `'use strict';
(() => {
  const words = (s) => {
    const d = Math.floor(s / 86400), h = Math.floor(s / 3600) % 24, m = Math.floor(s / 60) % 60;
    return d > 0 ? d + ' d ' + h + ' h' : h > 0 ? h + ' h ' + m + ' min' : m > 0 ? m + ' min ' + (s % 60) + ' s' : s + ' s';
  };
  const began = performance.now();
  const places = [...document.querySelectorAll('[data-left]')].map((place) => [place, Number(place.dataset.left)]);
  const tick = () => {
    for (const [place, left] of places) {
      const now = Math.max(0, left - Math.floor((performance.now() - began) / 1000));
      const text = now > 0 ? words(now) : 'no time';
      if (place.textContent !== text) place.textContent = text;
    }
  };
  if (places.length > 0) setInterval(tick, 1000);
  for (const place of document.querySelectorAll('time')) {
    const at = new Date(place.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    place.title = place.textContent;
    place.textContent = at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
  }
})();
`;
