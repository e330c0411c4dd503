package selvedge.server.tls;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that is read from files, and read again while the program runs.
 *
 * <p>The content decides, not the times of the files. If the files cannot be used, the value stays
 * as it is and the log says why. One thread refreshes, any thread may read.
 *
 * @param <T> compares by content
 */
public final class WatchedFiles<T> {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

  private final String name;
  private final Supplier<T> reading;
  private final Consumer<T> using;
  private String trouble = "";
  private volatile T current;

  /**
   * Reads the files for the first time.
   *
   * @param name what is read, for the log
   * @param reading reads the files, and throws an exception if they cannot be used
   * @param using puts a changed value to use, and throws an exception if it cannot be used
   */
  public WatchedFiles(String name, Supplier<T> reading, Consumer<T> using) {
    this.name = name;
    this.reading = reading;
    this.using = using;
    this.current = reading.get();
  }

  /** Returns the value in use. */
  public T current() {
    return current;
  }

  /** Reads the files again and returns whether another value is in use now. */
  public boolean refresh() {
    try {
      T read = reading.get();
      boolean changed = !read.equals(current);
      if (changed) {
        using.accept(read);
        current = read;
        LOG.info("{}: new files are in use: {}", name, read);
      }
      trouble = "";
      return changed;
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.equals(trouble)) {
        trouble = message;
        LOG.warn("{}: new files cannot be used, the old ones stay in use: {}", name, message);
      }
      return false;
    }
  }
}
