package selvedge.engine.work;

/** Starts the threads of workers. The simulation steps the workers instead. */
public interface Threads {

  /** Starts a platform thread for each worker, which ends when a step throws. */
  Threads PLATFORM = (name, worker) -> new WorkerThread(name, worker, _ -> {}).start();

  /**
   * Starts to step a worker, until the result is closed. Closing waits for the current step.
   *
   * @throws OutOfMemoryError if no thread can be started; the worker is not stepped then
   */
  Running start(String name, Worker worker);

  /** A worker that is stepped. */
  interface Running extends AutoCloseable {
    @Override
    void close();
  }
}
