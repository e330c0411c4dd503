package selvedge.engine.namespace;

/** Receives the result of a job, on the thread that writes. Its methods must not block. */
public interface Completion<T> {

  /** Receives the result once the changes of the job are durable. */
  void completed(T result);

  /** Receives the failure of a job that has changed nothing. */
  void failed(RuntimeException failure);

  /** Returns whether the thread that submits the job may write it and wait for the disk. */
  default boolean mayWait() {
    return false;
  }
}
