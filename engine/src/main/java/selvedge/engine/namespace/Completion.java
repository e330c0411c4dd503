package selvedge.engine.namespace;

/** Hears what became of a job. Called by whoever writes, so it must not block. */
public interface Completion<T> {

  /** The job's changes are durable. */
  void completed(T result);

  /** Nothing of the job has happened. */
  void failed(RuntimeException failure);

  /** Whether the thread that submits the job may write it itself and wait for the disk. */
  default boolean mayWait() {
    return false;
  }
}
