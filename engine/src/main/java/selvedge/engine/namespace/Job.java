package selvedge.engine.namespace;

/**
 * A write as the writer sees it: looks at what is in place and adds the changes that follow.
 *
 * <p>When it throws, what it has added is taken back, and the caller gets the exception.
 */
public interface Job<T> {
  T decide(Batch batch);
}
