package selvedge.engine.namespace;

/** Receives the writes of namespaces. Safe for use by many threads. */
public interface Writes {

  /** Runs the job and waits until the changes that it decided are durable. */
  <T> T call(Job<T> job);

  /**
   * Queues the job and returns at once, unless {@link Completion#mayWait} allows the calling thread
   * to write and wait for the disk. The completion receives the result.
   */
  <T> void submit(Job<T> job, Completion<T> completion);

  /** Throws if the disk has no space for a value whose chunks are about to be written. */
  void requireRoom();

  /** Returns whether every change of the store is a write that was checked here. */
  boolean includeEveryChange();
}
