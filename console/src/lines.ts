/** Differences of texts, line by line. */

export interface Step {
  readonly kind: 'same' | 'gone' | 'add';
  readonly text: string;
}

/** Above this product of numbers of lines, the middle of two texts is shown as replaced. */
const CELLS_MAX = 4_000_000;

/** Returns the steps from one text to the other: a longest common sequence of lines, and what is left out or added. */
export function difference(from: readonly string[], to: readonly string[]): Step[] {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) {
    start++;
  }
  let end = 0;
  while (end < from.length - start && end < to.length - start && from[from.length - 1 - end] === to[to.length - 1 - end]) {
    end++;
  }
  const same = (text: string): Step => ({ kind: 'same', text });
  return [
    ...from.slice(0, start).map(same),
    ...middle(from.slice(start, from.length - end), to.slice(start, to.length - end)),
    ...from.slice(from.length - end).map(same),
  ];
}

function middle(from: readonly string[], to: readonly string[]): Step[] {
  const replaced = (): Step[] => [
    ...from.map((text): Step => ({ kind: 'gone', text })),
    ...to.map((text): Step => ({ kind: 'add', text })),
  ];
  if (from.length === 0 || to.length === 0 || from.length * to.length > CELLS_MAX) {
    return replaced();
  }
  const width = to.length + 1;
  const length = new Uint32Array((from.length + 1) * width);
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      length[i * width + j] =
        from[i] === to[j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < from.length && j < to.length) {
    if (from[i] === to[j]) {
      steps.push({ kind: 'same', text: from[i]! });
      i++;
      j++;
    } else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) {
      steps.push({ kind: 'gone', text: from[i++]! });
    } else {
      steps.push({ kind: 'add', text: to[j++]! });
    }
  }
  return [
    ...steps,
    ...from.slice(i).map((text): Step => ({ kind: 'gone', text })),
    ...to.slice(j).map((text): Step => ({ kind: 'add', text })),
  ];
}

/** A change of the lines `start` to `end` (exclusive) of a base. */
interface Hunk {
  start: number;
  end: number;
  lines: string[];
}

function hunks(base: readonly string[], other: readonly string[]): Hunk[] {
  const all: Hunk[] = [];
  let at = 0;
  let open: Hunk | undefined;
  for (const step of difference(base, other)) {
    if (step.kind === 'same') {
      at++;
      open = undefined;
      continue;
    }
    if (!open) {
      open = { start: at, end: at, lines: [] };
      all.push(open);
    }
    if (step.kind === 'gone') {
      open.end = ++at;
    } else {
      open.lines.push(step.text);
    }
  }
  return all;
}

/** Merges two changes of a text, or returns undefined if both changed the same or neighbouring lines. */
export function mergeLines(base: string, mine: string, theirs: string): string | undefined {
  const lines = base.split('\n');
  const all = [...hunks(lines, mine.split('\n')), ...hunks(lines, theirs.split('\n'))].sort((a, b) => a.start - b.start);
  const result: string[] = [];
  let at = 0;
  let last: Hunk | undefined;
  for (const hunk of all) {
    if (last && hunk.start <= last.end) {
      if (hunk.start === last.start && hunk.end === last.end && hunk.lines.join('\n') === last.lines.join('\n')) {
        continue;
      }
      return undefined;
    }
    result.push(...lines.slice(at, hunk.start), ...hunk.lines);
    at = hunk.end;
    last = hunk;
  }
  return [...result, ...lines.slice(at)].join('\n');
}
