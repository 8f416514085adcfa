/** Reads an event stream from chunks of text; `take` gets the data of each event that has any. */
export function eventReader(take: (data: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const events = (rest + chunk).replaceAll('\r\n', '\n').split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const lines = event.split('\n').filter((line) => line.startsWith('data:'));
      if (lines.length > 0) take(lines.map((line) => line.slice(5).trimStart()).join('\n'));
    }
  };
}
