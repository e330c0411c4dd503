package selvedge.server.tls;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value from files that are read again while the program runs.
 *
 * <p>A change is detected by content, not by file time. If the files are invalid, the value does
 * not change and the reason is logged. One thread refreshes; any thread may read.
 *
 * @param <T> has an {@code equals} that compares the content
 */
public final class WatchedFiles<T> {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

  private final String name;
  private final Supplier<T> reading;
  private final Consumer<T> using;
  private String lastFailure = "";
  private volatile T current;

  /**
   * Reads the files for the first time.
   *
   * @param name the name of the value in the log
   * @param reading reads the files, and throws an exception if they are invalid
   * @param using applies a changed value, and throws an exception if it is invalid
   */
  public WatchedFiles(String name, Supplier<T> reading, Consumer<T> using) {
    this.name = name;
    this.reading = reading;
    this.using = using;
    this.current = reading.get();
  }

  /** Returns the current value. */
  public T current() {
    return current;
  }

  /** Reads the files again and returns whether the value has changed. */
  public boolean refresh() {
    try {
      T read = reading.get();
      boolean changed = !read.equals(current);
      if (changed) {
        using.accept(read);
        current = read;
        LOG.info("{}: using new files: {}", name, read);
      }
      lastFailure = "";
      return changed;
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.equals(lastFailure)) {
        lastFailure = message;
        LOG.warn("{}: the new files are invalid, still using the old ones: {}", name, message);
      }
      return false;
    }
  }
}
