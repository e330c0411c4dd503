package selvedge.engine.store.rocks;

import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import selvedge.engine.store.DiskFailures;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.model.StorageFullException;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;

/** Translates failures of RocksDB into exceptions of the model. */
final class Failures {
  private Failures() {}

  /**
   * @param attempt the operation in words, such as "read a row"
   */
  static SelvedgeException translate(RocksDBException e, String attempt) {
    String message = "cannot " + attempt + ": " + e.getMessage();
    Status status = e.getStatus();
    if (status == null) {
      return new StoreUnusableException(message, e);
    }
    return switch (status.getCode()) {
      case Corruption -> new StoreDamagedException(message, e);
      case IOError -> ioError(status, message, e);
      case Busy, TimedOut, TryAgain, Incomplete, Aborted -> new OverloadedException(message);
      case Ok,
          NotFound,
          NotSupported,
          InvalidArgument,
          MergeInProgress,
          ShutdownInProgress,
          Expired,
          Undefined ->
          new StoreUnusableException(message, e);
    };
  }

  private static SelvedgeException ioError(Status status, String message, RocksDBException e) {
    if (status.getSubCode() == Status.SubCode.NoSpace || message.contains(DiskFailures.NO_SPACE)) {
      return new StorageFullException("the disk is full: " + message, e);
    }
    return message.contains("No such file")
        ? new StoreDamagedException("a file of the store is missing: " + message, e)
        : new StoreUnusableException(message, e);
  }
}
