package selvedge.server.analytics;

/** The sum of the operations of a group. Belongs to one thread. */
public final class Total {
  private final Sketch durations = new Sketch();
  private long bytesIn;
  private long bytesOut;
  private long objectBytes;

  void add(Row row) {
    durations.add(row.durations());
    bytesIn += row.bytesIn();
    bytesOut += row.bytesOut();
    objectBytes +=
        switch (row.operation()) {
          case READ, LIST -> row.bytesOut();
          case WRITE -> row.bytesIn();
          case DELETE -> 0;
        };
  }

  void add(Total other) {
    durations.add(other.durations);
    bytesIn += other.bytesIn;
    bytesOut += other.bytesOut;
    objectBytes += other.objectBytes;
  }

  /** Returns the number of requests. */
  public long requests() {
    return durations.count();
  }

  /** Returns the bytes of the bodies of requests. */
  public long bytesIn() {
    return bytesIn;
  }

  /** Returns the bytes of the bodies of answers. */
  public long bytesOut() {
    return bytesOut;
  }

  /** Returns the bytes that were read, listed or written. */
  public long objectBytes() {
    return objectBytes;
  }

  /** Returns a duration in milliseconds that the share of the requests does not exceed. */
  public double millis(double share) {
    return durations.quantile(share) / 1e6;
  }
}
