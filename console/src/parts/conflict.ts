/** What to do when an entry was changed by another writer while it was edited. */
import { changes, compact, mergeTrees, parseTree, pretty, type Conflict } from '../json.js';
import { mergeLines } from '../lines.js';

/** A value as text, metadata as JSON, and an expiry. */
export interface Draft {
  readonly text: string;
  readonly metadata: string;
  readonly expires: number;
}

export interface MergedDraft {
  readonly draft: Draft;
  /** The parts that both changed in different ways, for people; the draft has mine there. */
  readonly clashes: readonly string[];
  /** The same draft with theirs in the clashing parts. */
  readonly withTheirs: Draft;
  /** What the other writer did. */
  readonly theirs: readonly string[];
  /** What this user did. */
  readonly mine: readonly string[];
}

/** Merges two changes of a draft, part by part. */
export function mergeDrafts(base: Draft, mine: Draft, theirs: Draft): MergedDraft {
  const text = mergeText('the value', base.text, mine.text, theirs.text);
  const metadata = mergeText('metadata', base.metadata, mine.metadata, theirs.metadata);
  const expires = mergePlain('expiry', base.expires, mine.expires, theirs.expires);
  return {
    draft: { text: text.mine, metadata: metadata.mine, expires: expires.mine },
    withTheirs: { text: text.theirs, metadata: metadata.theirs, expires: expires.theirs },
    clashes: [...text.clashes, ...metadata.clashes, ...expires.clashes],
    theirs: described(base, theirs),
    mine: described(base, mine),
  };
}

interface Part<T> {
  readonly mine: T;
  readonly theirs: T;
  readonly clashes: readonly string[];
}

function mergePlain<T>(name: string, base: T, mine: T, theirs: T): Part<T> {
  if (mine === theirs || base === theirs) {
    return { mine, theirs: mine, clashes: [] };
  }
  if (base === mine) {
    return { mine: theirs, theirs, clashes: [] };
  }
  return { mine, theirs, clashes: [name] };
}

function mergeText(name: string, base: string, mine: string, theirs: string): Part<string> {
  const plain = mergePlain(name, base, mine, theirs);
  if (plain.clashes.length === 0) {
    return plain;
  }
  const [baseTree, myTree, theirTree] = [parseTree(base), parseTree(mine), parseTree(theirs)];
  if (baseTree && myTree && theirTree) {
    const print = compact(baseTree) === base ? compact : pretty;
    const first = mergeTrees(baseTree, myTree, theirTree, 'mine');
    const second = mergeTrees(baseTree, myTree, theirTree, 'theirs');
    return {
      mine: first.tree ? print(first.tree) : '',
      theirs: second.tree ? print(second.tree) : '',
      clashes: first.conflicts.map((conflict: Conflict) => conflict.path || name),
    };
  }
  const merged = mergeLines(base, mine, theirs);
  return merged === undefined ? plain : { mine: merged, theirs: merged, clashes: [] };
}

function described(from: Draft, to: Draft): string[] {
  const phrases: string[] = [];
  if (from.text !== to.text) {
    const [before, after] = [parseTree(from.text), parseTree(to.text)];
    phrases.push(...(before && after ? changes(before, after) : ['changed the value']));
  }
  if (from.metadata !== to.metadata) {
    phrases.push('changed the metadata');
  }
  if (from.expires !== to.expires) {
    phrases.push('changed the expiry');
  }
  return phrases;
}
