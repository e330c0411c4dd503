package selvedge.engine.store;

import java.io.IOException;
import selvedge.engine.files.FileFailures;
import selvedge.model.SelvedgeException;
import selvedge.model.StorageFullException;
import selvedge.model.StoreUnusableException;

/** Translates failures of the file system into exceptions of the model. */
public final class DiskFailures {
  public static final String NO_SPACE = "No space left on device";

  private DiskFailures() {}

  /**
   * Returns the exception to throw for a failed file operation.
   *
   * @param attempt the operation in words, such as "read a file"
   */
  public static SelvedgeException translate(IOException e, String attempt) {
    String message = "cannot " + attempt + ": " + FileFailures.reason(e);
    return message.contains(NO_SPACE)
        ? new StorageFullException("the disk is full: " + message, e)
        : new StoreUnusableException(message, e);
  }
}
