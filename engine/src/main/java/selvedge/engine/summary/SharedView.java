package selvedge.engine.summary;

import selvedge.engine.store.IndexView;

/** A view that is closed after its last user has left. Safe for use by many threads. */
final class SharedView {
  private final IndexView view;
  private int users = 1;

  /** The caller is the first user. */
  SharedView(IndexView view) {
    this.view = view;
  }

  IndexView view() {
    return view;
  }

  /** Adds a user, and returns false if the view is closed. */
  synchronized boolean enter() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  synchronized void leave() {
    if (--users == 0) {
      view.close();
    }
  }
}
