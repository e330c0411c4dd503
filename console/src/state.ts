/** What all pages share: who is signed in, the namespaces, and the state of the server. */
import { connection, Failure, isFailure } from './http.js';
import { isReplaced } from './release.js';
import * as server from './server.js';

const RELEASE_MILLIS = 300_000;

class ConsoleState extends EventTarget {
  session: server.Session = { guarded: false, signed_in: false };
  /** Whether the first answer has arrived. */
  ready = false;
  failure?: Error;
  /** Why the link of `selvedge console` did not sign in; empty if it did. */
  linkTrouble = '';
  account = '';
  namespaces: server.NamespaceInfo[] | undefined;
  overview: server.Overview | undefined;
  /** The release of the server that this page was loaded from. */
  pageSoftware?: string;
  /** Whether the server has another page by now, as after an upgrade. */
  replaced = false;
  private loading = false;

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }

  /** Exchanges the one-time code of a link, and starts. */
  async startWith(code: string): Promise<void> {
    try {
      await server.signInByCode(code);
    } catch (error) {
      this.linkTrouble = (error as Error).message;
    }
    await this.start();
  }

  /** Requests who is signed in, and then everything else. */
  async start(): Promise<void> {
    try {
      this.session = (await server.unless(server.session(), 404)) ?? { guarded: false, signed_in: false };
      this.pageSoftware ??= this.session.software;
      if (!this.mustSignIn) {
        const own = this.session.token?.account;
        this.account = own && own !== 'all' ? own : this.session.account || (await server.account());
        this.failure = undefined;
        this.ready = true;
        this.changed();
        await this.refresh();
      }
    } catch (error) {
      this.failure = error as Error;
      if (isFailure(error, 401)) {
        this.session = { guarded: true, signed_in: false };
      }
    }
    this.ready = true;
    this.changed();
  }

  /** Looks whether the server was upgraded, or downgraded, since this page was loaded. */
  async checkRelease(): Promise<void> {
    try {
      const replaced = await isReplaced();
      if (replaced !== this.replaced) {
        this.session = replaced ? await server.session() : this.session;
        this.replaced = replaced;
        this.changed();
      }
    } catch {
      // The next check is as good.
    }
  }

  /** The newest version of the server that this page has seen. */
  get version(): number {
    return connection.version;
  }

  get mustSignIn(): boolean {
    return this.session.guarded && !this.session.signed_in;
  }

  /** The session has ended: its token was revoked or has expired. */
  ended(): void {
    this.session = { guarded: true, signed_in: false };
    this.namespaces = undefined;
    this.overview = undefined;
    this.changed();
  }

  async refresh(): Promise<void> {
    if (this.loading || this.mustSignIn) {
      return;
    }
    this.loading = true;
    try {
      const overview = await server.unless(server.overview(true), 403, 404);
      this.overview = overview;
      this.namespaces = overview?.namespaces ?? (await server.namespaces(this.account));
      this.failure = undefined;
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'unreachable')) {
        this.failure = error as Error;
      }
    } finally {
      this.loading = false;
    }
    this.changed();
  }

  title(namespace: string): string {
    return this.namespaces?.find((each) => each.id === namespace)?.title ?? namespace;
  }

  info(namespace: string): server.NamespaceInfo | undefined {
    return this.namespaces?.find((each) => each.id === namespace);
  }

  /** Whether the caller may change entries of a namespace; the server decides, this only hides what it would refuse. */
  mayWrite(namespace: string): boolean {
    const token = this.session.token;
    return !token || token.grant === 'admin' || (token.grant === 'write' && (!token.namespace || token.namespace === namespace));
  }

  get mayAdminister(): boolean {
    const token = this.session.token;
    return !token || (token.grant === 'admin' && !token.namespace);
  }
}

export const state = new ConsoleState();

connection.addEventListener('back', () => void state.checkRelease());
addEventListener('other-release', () => void state.checkRelease());
// A part of this page that was not loaded yet is missing after an upgrade.
addEventListener('unhandledrejection', (event) => event.reason instanceof TypeError && void state.checkRelease());
setInterval(() => void (document.hidden || connection.lost || state.checkRelease()), RELEASE_MILLIS);
connection.addEventListener('back', () => void (state.ready && !state.failure ? state.refresh() : state.start()));
addEventListener('signed-out', () => state.session.guarded && state.ended());
