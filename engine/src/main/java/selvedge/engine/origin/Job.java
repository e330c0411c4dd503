package selvedge.engine.origin;

/**
 * A write as the writer sees it: looks at what is in place and adds the changes that follow.
 *
 * <p>When it throws, what it has added is taken back, and the caller gets the exception.
 */
interface Job<T> {
  T decide(Batch batch);
}
