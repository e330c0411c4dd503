package selvedge.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes the body of an answer that does not arrive in time, because a broken connection may give
 * no sign. Safe for use by many threads.
 */
final class Watchdog implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("selvedge-watchdog").factory());

  Watchdog() {
    timer.setRemoveOnCancelPolicy(true);
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Closes a body after a limit, unless the guard is closed before. */
  static final class Guard implements AutoCloseable {
    private final InputStream body;
    private volatile boolean expired;
    private volatile Future<?> task;

    private Guard(InputStream body, ScheduledThreadPoolExecutor timer, Duration limit) {
      this.body = body;
      this.task = timer.schedule(this::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void expire() {
      expired = true;
      try {
        body.close();
      } catch (IOException e) {
        // The reader gets an exception in either case.
        return;
      }
    }

    boolean isExpired() {
      return expired;
    }

    @Override
    public void close() {
      task.cancel(false);
    }
  }

  Guard guard(InputStream body, Duration limit) {
    return new Guard(body, timer, limit);
  }

  /** Returns a stream whose reads fail when nothing arrives for the given time. */
  InputStream patient(InputStream body, Duration patience) {
    return new PatientBody(body, patience);
  }

  private final class PatientBody extends FilterInputStream {
    private final Duration patience;

    PatientBody(InputStream in, Duration patience) {
      super(in);
      this.patience = patience;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Guard guard = guard(in, patience);
      try {
        return in.read(target, offset, length);
      } catch (IOException e) {
        throw guard.isExpired() ? new IOException("no byte arrived for " + patience, e) : e;
      } finally {
        guard.close();
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
