import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state as internal } from 'lit/decorators.js';
import { ConsoleElement } from '../element.js';
import { isFailure } from '../http.js';
import { MARK } from '../parts/icons.js';
import * as server from '../server.js';
import { state } from '../state.js';

/** Asks for a token. The server keeps it in a cookie that no script can read; the page forgets it at once. */
@customElement('sign-in-page')
export class SignInPage extends ConsoleElement {
  @internal() private trouble = '';
  @internal() private busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(state, 'change', () => (this.trouble ||= state.linkTrouble));
    this.trouble = state.linkTrouble;
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const input = form.querySelector('input')!;
    this.busy = true;
    this.trouble = '';
    try {
      await server.signIn(input.value.trim());
      input.value = '';
      await state.start();
    } catch (error) {
      this.trouble = isFailure(error, 401)
        ? 'This token is not valid: it is mistyped, revoked or expired.'
        : (error as Error).message;
      input.select();
    }
    this.busy = false;
  }

  protected override render(): TemplateResult {
    return html`<main class="sign-in">
      <form class="card" @submit=${this.submit}>
        <h1 class="brand">${MARK} Selvedge</h1>
        <p class="mute">This server requires a token. An operator creates one with <code>selvedge token create</code>, or signs in with the link that <code>selvedge console</code> prints.</p>
        <label class="stack"><span class="label">Token</span>
          <input class="field mono" type="password" name="token" autocomplete="current-password" required autofocus
            aria-invalid=${this.trouble ? 'true' : 'false'} aria-describedby="sign-in-trouble" />
        </label>
        <div id="sign-in-trouble" role="alert">${this.trouble ? html`<p class="wrong">${this.trouble}</p>` : nothing}</div>
        <button class="button main" ?disabled=${this.busy}>Sign in</button>
      </form>
    </main>`;
  }
}
