/**
 * JSON as text: parsed, formatted and merged without touching what stands in it. Numbers keep their digits and texts
 * their escapes, unlike after JSON.parse.
 */
export type Tree =
  | { readonly kind: 'plain'; readonly raw: string }
  | { readonly kind: 'list'; readonly parts: readonly Tree[] }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Member> };

export interface Member {
  /** The name as it is written, with its quotes. */
  readonly raw: string;
  readonly value: Tree;
}

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;
const DEPTH_MAX = 500;

class Reader {
  private at = 0;
  private token = '';

  constructor(private readonly text: string) {
    this.next();
  }

  private next(): string {
    const taken = this.token;
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (match) {
      this.at = TOKEN.lastIndex;
      this.token = match[1] ?? match[2] ?? match[3]!;
    } else if (this.text.slice(this.at).trim() === '') {
      this.token = '';
    } else {
      throw new SyntaxError(`line ${this.text.slice(0, this.at).split('\n').length}`);
    }
    return taken;
  }

  document(): Tree {
    const tree = this.value(0);
    if (this.token) {
      throw new SyntaxError('more than one value');
    }
    return tree;
  }

  private expect(token: string): void {
    if (this.next() !== token) {
      throw new SyntaxError(`${token} is missing`);
    }
  }

  private value(depth: number): Tree {
    if (depth > DEPTH_MAX) {
      throw new SyntaxError('nested too deep');
    }
    const token = this.next();
    if (token === '[') {
      return this.list(depth + 1);
    }
    if (token === '{') {
      return this.object(depth + 1);
    }
    if (!token || ']},:'.includes(token)) {
      throw new SyntaxError('a value is missing');
    }
    return { kind: 'plain', raw: token };
  }

  private list(depth: number): Tree {
    const parts: Tree[] = [];
    if (this.token !== ']') {
      do {
        parts.push(this.value(depth));
      } while (this.token === ',' && this.next());
    }
    this.expect(']');
    return { kind: 'list', parts };
  }

  private object(depth: number): Tree {
    const members = new Map<string, Member>();
    if (this.token !== '}') {
      do {
        const raw = this.next();
        if (raw[0] !== '"') {
          throw new SyntaxError('a name is missing');
        }
        this.expect(':');
        const name = JSON.parse(raw) as string;
        if (members.has(name)) {
          throw new SyntaxError(`the name ${raw} occurs twice`);
        }
        members.set(name, { raw, value: this.value(depth) });
      } while (this.token === ',' && this.next());
    }
    this.expect('}');
    return { kind: 'object', members };
  }
}

/** Returns the tree of a text, or undefined if the text is no JSON or names a member twice. */
export function parseTree(text: string): Tree | undefined {
  try {
    return new Reader(text).document();
  } catch {
    return undefined;
  }
}

/** Returns why a text is no JSON; an empty text if it is. */
export function jsonTrouble(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function compact(tree: Tree): string {
  switch (tree.kind) {
    case 'plain':
      return tree.raw;
    case 'list':
      return `[${tree.parts.map(compact).join(',')}]`;
    case 'object':
      return `{${[...tree.members.values()].map((member) => `${member.raw}:${compact(member.value)}`).join(',')}}`;
  }
}

const LINE = 72;

/** Returns the tree on several lines; what fits on one line stays there if it has no object in it. */
export function pretty(tree: Tree, indent = ''): string {
  const inner = `${indent}  `;
  if (tree.kind === 'list' && tree.parts.length > 0) {
    const flat = `[${tree.parts.map(compact).join(', ')}]`;
    if (tree.parts.every((part) => part.kind === 'plain') && indent.length + flat.length <= LINE) {
      return flat;
    }
    return `[\n${tree.parts.map((part) => inner + pretty(part, inner)).join(',\n')}\n${indent}]`;
  }
  if (tree.kind === 'object' && tree.members.size > 0) {
    const members = [...tree.members.values()].map((each) => `${inner}${each.raw}: ${pretty(each.value, inner)}`);
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  return compact(tree);
}

/** A place that both sides changed in different ways. */
export interface Conflict {
  readonly path: string;
  readonly mine?: Tree;
  readonly theirs?: Tree;
}

export interface Merged {
  readonly tree?: Tree;
  readonly conflicts: readonly Conflict[];
}

/**
 * Merges two changes of a tree. Members of objects are merged one by one. A list that both changed is merged if both
 * only added to its end. In conflicts, the result has what `prefer` names.
 */
export function mergeTrees(
  base: Tree | undefined,
  mine: Tree | undefined,
  theirs: Tree | undefined,
  prefer: 'mine' | 'theirs' = 'mine',
  path = '',
): Merged {
  if (same(mine, theirs) || same(base, theirs)) {
    return { tree: mine, conflicts: [] };
  }
  if (same(base, mine)) {
    return { tree: theirs, conflicts: [] };
  }
  if (base?.kind === 'object' && mine?.kind === 'object' && theirs?.kind === 'object') {
    return mergeObjects(base.members, mine.members, theirs.members, prefer, path);
  }
  if (base?.kind === 'list' && mine?.kind === 'list' && theirs?.kind === 'list') {
    const kept = base.parts.length;
    if (startsWith(mine.parts, base.parts) && startsWith(theirs.parts, base.parts)) {
      return { tree: { kind: 'list', parts: [...theirs.parts, ...mine.parts.slice(kept)] }, conflicts: [] };
    }
  }
  return { tree: prefer === 'mine' ? mine : theirs, conflicts: [{ path, mine, theirs }] };
}

function mergeObjects(
  base: ReadonlyMap<string, Member>,
  mine: ReadonlyMap<string, Member>,
  theirs: ReadonlyMap<string, Member>,
  prefer: 'mine' | 'theirs',
  path: string,
): Merged {
  const members = new Map<string, Member>();
  const conflicts: Conflict[] = [];
  for (const name of new Set([...theirs.keys(), ...mine.keys()])) {
    const inner = path ? `${path}.${name}` : name;
    const merged = mergeTrees(base.get(name)?.value, mine.get(name)?.value, theirs.get(name)?.value, prefer, inner);
    conflicts.push(...merged.conflicts);
    if (merged.tree) {
      members.set(name, { raw: (mine.get(name) ?? theirs.get(name))!.raw, value: merged.tree });
    }
  }
  return { tree: { kind: 'object', members }, conflicts };
}

function startsWith(list: readonly Tree[], start: readonly Tree[]): boolean {
  return list.length >= start.length && start.every((tree, index) => same(tree, list[index]));
}

function same(one: Tree | undefined, other: Tree | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && compact(one) === compact(other));
}

/** Returns what changed between two trees, as short phrases such as `added "sku-77" to cart`. */
export function changes(from: Tree | undefined, to: Tree | undefined, path = ''): string[] {
  if (same(from, to)) {
    return [];
  }
  if (from?.kind === 'object' && to?.kind === 'object') {
    const names = new Set([...from.members.keys(), ...to.members.keys()]);
    return [...names].flatMap((name) =>
      changes(from.members.get(name)?.value, to.members.get(name)?.value, path ? `${path}.${name}` : name),
    );
  }
  const where = path || 'the value';
  if (from?.kind === 'list' && to?.kind === 'list' && startsWith(to.parts, from.parts)) {
    return [`added ${to.parts.slice(from.parts.length).map(brief).join(', ')} to ${where}`];
  }
  if (!from) {
    return [`added ${where}`];
  }
  return [to ? `changed ${where}` : `removed ${where}`];
}

function brief(tree: Tree): string {
  const text = compact(tree);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
