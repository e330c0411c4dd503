package selvedge.engine.namespace;

/** A write: reads the current entries and decides which changes follow from them. */
public interface Job<T> {

  /**
   * Adds changes to the batch and returns the result for the caller. If it throws, its changes are
   * taken back and the caller receives the exception.
   */
  T decide(Batch batch);
}
