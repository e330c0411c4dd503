package selvedge.engine.edge;

import selvedge.engine.namespace.Completion;
import selvedge.engine.namespace.Job;
import selvedge.engine.namespace.Writes;
import selvedge.model.OverloadedException;

/** Refuses every write, because only the origin accepts writes. */
final class RefusedWrites implements Writes {
  static final RefusedWrites INSTANCE = new RefusedWrites();

  private RefusedWrites() {}

  @Override
  public <T> T call(Job<T> job) {
    throw refusal();
  }

  @Override
  public <T> void submit(Job<T> job, Completion<T> completion) {
    throw refusal();
  }

  @Override
  public void requireRoom() {
    throw refusal();
  }

  /** An edge stores the changes that its origin sends. */
  @Override
  public boolean includeEveryChange() {
    return false;
  }

  static OverloadedException refusal() {
    return new OverloadedException("only the origin accepts writes");
  }
}
