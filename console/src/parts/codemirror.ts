/** CodeMirror with what the console needs of it. It is loaded when the first value is shown. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export interface Editor {
  setText(text: string): void;
  configure(language: 'json' | 'text', readOnly: boolean): void;
  focus(): void;
  /** Selects the text between two positions. */
  select(anchor: number, head: number): void;
  destroy(): void;
}

export interface EditorOptions {
  text: string;
  language: 'json' | 'text';
  label: string;
  readOnly: boolean;
  edited: (text: string) => void;
}

const THEME = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '12.3px' },
  '&.cm-focused': { outline: '2px solid var(--indigo)', outlineOffset: '-2px', borderRadius: '8px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--mute)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 6px 0 10px', minWidth: '28px' },
  '.cm-foldGutter .cm-gutterElement': { color: 'var(--mute)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--indigo) 24%, transparent)',
  },
  '.cm-panels': { backgroundColor: 'var(--sunk)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panel input, .cm-panel button': { fontFamily: 'var(--sans)' },
  '.cm-tooltip': { backgroundColor: 'var(--panel)', border: '1px solid var(--line)', color: 'var(--ink)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--indigo-ground)' },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--indigo)' },
  { tag: tags.string, color: 'var(--green)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--amber)' },
]);

export function createEditor(root: ShadowRoot, options: EditorOptions): Editor {
  const language = new Compartment();
  const access = new Compartment();
  let silent = false;

  const languageOf = (name: 'json' | 'text'): Extension =>
    name === 'json' ? [json(), linter(jsonParseLinter()), foldGutter(), keymap.of(foldKeymap)] : [];
  const accessOf = (readOnly: boolean): Extension => EditorState.readOnly.of(readOnly);

  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        search({ top: true }),
        highlightSelectionMatches(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': options.label }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
        THEME,
        syntaxHighlighting(COLOURS),
        language.of(languageOf(options.language)),
        access.of(accessOf(options.readOnly)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !silent) {
            options.edited(view.state.doc.toString());
          }
        }),
      ],
    }),
  });

  return {
    setText(text) {
      if (text !== view.state.doc.toString()) {
        silent = true;
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
        silent = false;
      }
    },
    configure(name, readOnly) {
      view.dispatch({ effects: [language.reconfigure(languageOf(name)), access.reconfigure(accessOf(readOnly))] });
    },
    focus: () => view.focus(),
    select: (anchor, head) => view.dispatch({ selection: { anchor, head } }),
    destroy: () => view.destroy(),
  };
}
