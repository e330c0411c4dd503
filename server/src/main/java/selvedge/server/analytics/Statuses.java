package selvedge.server.analytics;

/** The statuses that are counted apart; another one counts as the first of its class. Stateless. */
final class Statuses {
  private static final int[] ALL = {
    100, 200, 201, 202, 204, 206, 300, 304, 400, 401, 403, 404, 405, 408, 409, 412, 413, 416, 421,
    429, 499, 500, 502, 503, 504, 507
  };
  private static final int MOST = 600;
  private static final int CLASS = 100;
  private static final byte[] INDEXES = indexes();

  /** The number of indexes. */
  static final int COUNT = ALL.length;

  private Statuses() {}

  private static byte[] indexes() {
    byte[] indexes = new byte[MOST];
    for (int status = CLASS; status < MOST; status++) {
      int first = status / CLASS * CLASS;
      for (int index = 0; index < ALL.length; index++) {
        if (ALL[index] == status || ALL[index] == first) {
          indexes[status] = (byte) index;
        }
      }
    }
    return indexes;
  }

  /** Returns the index of a status. */
  static int index(int status) {
    return status < 0 || status >= MOST ? 0 : INDEXES[status];
  }

  /** Returns the status with the index. */
  static int at(int index) {
    return ALL[index];
  }
}
