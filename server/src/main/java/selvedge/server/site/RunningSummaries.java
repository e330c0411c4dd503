package selvedge.server.site;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.summary.Summaries;
import selvedge.engine.work.RestartingWorker;
import selvedge.engine.work.WorkerThread;

/** The exact counts of a store, and the thread that steps them. Closed before the store. */
final class RunningSummaries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningSummaries.class);

  private final Summaries summaries;
  private final WorkerThread thread;

  RunningSummaries(Summaries summaries) {
    this.summaries = summaries;
    this.thread =
        SiteParts.start("selvedge-summary", new RestartingWorker(summaries, this::failed));
  }

  private void failed(Throwable failure) {
    LOG.error("keys are counted again from the start after a failure", failure);
  }

  Summaries summaries() {
    return summaries;
  }

  @Override
  public void close() {
    thread.close();
    summaries.close();
  }
}
