package selvedge.engine.origin;

/** Hears what became of a job. Called by the writer's thread, so it must not block. */
public interface Completion<T> {

  /** The job's changes are durable. */
  void completed(T result);

  /** Nothing of the job has happened. */
  void failed(RuntimeException failure);
}
