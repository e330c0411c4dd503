import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state as internal } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';
import { ago, count, visible } from '../format.js';
import { isAborted } from '../http.js';
import * as server from '../server.js';
import { ICONS } from './icons.js';
import './long-list.js';
import type { LongList } from './long-list.js';

const COUNTING_MILLIS = 1000;
const LEVEL_PIXELS = 15;
/** A group with fewer keys is not split by its next characters. */
const SPLIT_KEYS_MIN = 1000;

interface Branch {
  groups: server.Group[];
  /** Where the next page of groups begins. */
  next?: string;
  /** Keys that are in no group, among those that were passed. */
  keys: number;
  loading: boolean;
  failed?: string;
}

interface Node {
  readonly group: server.Group;
  readonly parent: string;
  readonly level: number;
  /** More groups of the parent exist. */
  readonly more?: boolean;
}

/**
 * The groups of a namespace's keys with their exact counts. A branch is requested when it is opened.
 *
 * @fires choose with the prefix that the user chose
 */
@customElement('key-tree')
export class KeyTree extends ConsoleElement {
  @property() namespace = '';
  @property() delimiter = ':';
  /** The prefix that is shown in the list. */
  @property() chosen = '';
  @internal() private branches = new Map<string, Branch>();
  @internal() private open = new Set<string>(['']);
  @internal() private active = 0;
  @internal() private counting: number | undefined;
  @internal() private at = '';
  private generation = 0;

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (changes.has('namespace') || changes.has('delimiter')) {
      this.branches = new Map();
      this.open = new Set(['']);
      this.generation++;
      this.active = 0;
      void this.reveal();
    } else if (changes.has('chosen')) {
      void this.reveal();
    }
  }

  /** Opens the groups around the prefix. */
  private async reveal(): Promise<void> {
    await this.load('');
    for (let end = this.chosen.indexOf(this.delimiter); end >= 0; end = this.chosen.indexOf(this.delimiter, end + 1)) {
      const outer = this.chosen.slice(0, end + this.delimiter.length);
      if (outer !== this.chosen) {
        this.open.add(outer);
        await this.load(outer);
      }
    }
    const index = this.nodes.findIndex((node) => node.group.prefix === this.chosen && !node.more);
    if (index >= 0) {
      this.active = index;
    }
    this.requestUpdate();
  }

  /** Requests the open branches again; the old ones stay until the new ones arrive. */
  async refresh(): Promise<void> {
    for (const prefix of this.open) {
      if (this.branches.has(prefix)) {
        await this.load(prefix, true);
      }
    }
  }

  private async load(prefix: string, again = false, from?: string): Promise<void> {
    const before = this.branches.get(prefix);
    if (before?.loading || (before && !again && from === undefined)) {
      return;
    }
    const { generation } = this;
    const branch: Branch = before ?? { groups: [], keys: 0, loading: true };
    branch.loading = true;
    branch.failed = undefined;
    this.branches.set(prefix, branch);
    try {
      const answer = await this.request(prefix, from);
      if (generation === this.generation) {
        branch.groups = from === undefined ? answer.children : [...branch.groups, ...answer.children];
        branch.keys = (from === undefined ? 0 : branch.keys) + answer.keys;
        branch.next = answer.next;
        this.at = answer.at;
      }
    } catch (error) {
      if (!isAborted(error)) {
        branch.failed = (error as Error).message;
      }
    }
    branch.loading = false;
    this.requestUpdate();
  }

  private async request(prefix: string, from?: string): Promise<server.Tree> {
    const { generation } = this;
    for (;;) {
      let answer = await server.tree(this.namespace, prefix, { delimiter: this.delimiter }, from);
      if (!server.isCounting(answer) && answer.children.length === 0 && prefix && answer.count >= SPLIT_KEYS_MIN) {
        answer = await server.tree(this.namespace, prefix, { characters: 1 }, from);
      }
      if (!server.isCounting(answer)) {
        this.counting = undefined;
        return answer;
      }
      this.counting = answer.counting.percent;
      await new Promise((resolve) => setTimeout(resolve, COUNTING_MILLIS));
      if (generation !== this.generation || !this.isConnected) {
        throw new DOMException('another tree is shown', 'AbortError');
      }
    }
  }

  /** The visible nodes from top to bottom. */
  private get nodes(): Node[] {
    const nodes: Node[] = [];
    const add = (prefix: string, level: number): void => {
      const branch = this.branches.get(prefix);
      for (const group of branch?.groups ?? []) {
        nodes.push({ group, parent: prefix, level });
        if (this.open.has(group.prefix)) {
          add(group.prefix, level + 1);
        }
      }
      if (branch?.next !== undefined) {
        nodes.push({ group: { prefix, count: 0, bytes: 0 }, parent: prefix, level, more: true });
      }
    };
    add('', 1);
    return nodes;
  }

  private activate(index: number): void {
    this.active = index;
    this.querySelector<LongList>('long-list')?.reveal(index);
  }

  private choose(node: Node): void {
    if (node.more) {
      void this.load(node.parent, false, this.branches.get(node.parent)!.next);
    } else {
      this.dispatchEvent(new CustomEvent('choose', { detail: node.group.prefix }));
    }
  }

  private toggle(node: Node, open = !this.open.has(node.group.prefix)): void {
    if (node.more) {
      return;
    }
    if (open) {
      this.open.add(node.group.prefix);
      void this.load(node.group.prefix);
    } else {
      this.open.delete(node.group.prefix);
    }
    this.requestUpdate();
  }

  private key(event: KeyboardEvent): void {
    const { nodes } = this;
    const node = nodes[this.active];
    if (!node) {
      return;
    }
    const isOpen = this.open.has(node.group.prefix) && !node.more;
    switch (event.key) {
      case 'ArrowDown':
        this.activate(Math.min(nodes.length - 1, this.active + 1));
        break;
      case 'ArrowUp':
        this.activate(Math.max(0, this.active - 1));
        break;
      case 'Home':
        this.activate(0);
        break;
      case 'End':
        this.activate(nodes.length - 1);
        break;
      case 'ArrowRight':
        if (isOpen) {
          this.activate(Math.min(nodes.length - 1, this.active + 1));
        } else {
          this.toggle(node, true);
        }
        break;
      case 'ArrowLeft':
        if (isOpen) {
          this.toggle(node, false);
        } else {
          const outer = nodes.findIndex((each) => each.group.prefix === node.parent && !each.more);
          this.activate(Math.max(0, outer));
        }
        break;
      case 'Enter':
      case ' ':
        this.choose(node);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  private row(node: Node, index: number): TemplateResult {
    const { group, parent, level, more } = node;
    const isOpen = this.open.has(group.prefix) && !more;
    return html`<div
      class="node"
      id="node-${index}"
      role="treeitem"
      aria-level=${level}
      aria-expanded=${more ? nothing : isOpen ? 'true' : 'false'}
      aria-selected=${!more && group.prefix === this.chosen ? 'true' : 'false'}
      .style=${`padding-left:${8 + (level - 1) * LEVEL_PIXELS}px`}
      title=${more ? '' : visible(group.prefix)}
      @click=${(event: MouseEvent) => {
        this.active = index;
        if ((event.target as Element).closest('.arrow')) {
          this.toggle(node);
        } else {
          if (!more && (!isOpen || group.prefix === this.chosen)) {
            this.toggle(node);
          }
          this.choose(node);
        }
      }}
    >
      ${more ? html`<span class="arrow"></span><span class="mute">more groups</span>` : html`${ICONS.arrow}<span class="clip">${visible(group.prefix.slice(parent.length))}</span><span class="count">${count(group.count)}</span>`}
    </div>`;
  }

  /** Says how exact the counts are. */
  get state(): string {
    if (this.counting !== undefined) {
      return `counting, ${Math.floor(this.counting)} %`;
    }
    return this.at ? 'exact' : '';
  }

  protected override updated(): void {
    this.dispatchEvent(new CustomEvent('state', { detail: { text: this.state, title: this.at ? `as of ${ago(this.at)}` : '' } }));
  }

  protected override render(): TemplateResult {
    const { nodes } = this;
    const root = this.branches.get('');
    if (nodes.length === 0) {
      return html`<div class="empty">
        ${root?.failed
          ? html`<p role="alert">${root.failed}</p>`
          : root?.loading
            ? html`<p role="status">${this.counting === undefined ? 'Loading' : `Counting, ${Math.floor(this.counting)} %`}</p>`
            : html`<p>No key contains “${this.delimiter}”.</p>`}
      </div>`;
    }
    return html`<long-list
      role="tree"
      class="nodes"
      aria-label="Keys by prefix"
      tabindex="0"
      aria-activedescendant=${`node-${this.active}`}
      .total=${nodes.length}
      .rowHeight=${matchMedia('(max-width: 720px)').matches ? 40 : 28}
      .item=${(index: number) => (nodes[index] ? this.row(nodes[index], index) : html``)}
      @keydown=${this.key}
    ></long-list>`;
  }
}
