package selvedge.benchmarks.race;

import java.io.IOException;
import java.io.PrintWriter;

/** Puts many entries into a server before a race, ten thousand per request. */
final class EntryLoader {
  private static final int CHUNK = 10_000;

  private EntryLoader() {}

  /** Puts the keys 0 to {@code keys - 1} as ten digits, each with metadata. */
  static void fill(SelvedgeServer server, long keys, int bytes, PrintWriter out)
      throws IOException, InterruptedException {
    String url = server.rest().replaceAll("/values/$", "/bulk");
    String value = "x".repeat(Math.max(0, bytes - 10));
    for (long from = 0; from < keys; from += CHUNK) {
      StringBuilder pairs = new StringBuilder("[");
      for (long key = from; key < Math.min(keys, from + CHUNK); key++) {
        String name = String.format("%010d", key);
        pairs.append(key == from ? "" : ",").append("{\"key\":\"").append(name);
        pairs.append("\",\"value\":\"").append(name).append(value);
        pairs.append("\",\"metadata\":{\"n\":").append(key).append("}}");
      }
      HttpRequests.send("PUT", url, SelvedgeServer.TOKEN, pairs.append(']').toString());
      if (from / CHUNK % 20 == 0) {
        out.printf("\r    filling: %,d of %,d keys ", from, keys);
        out.flush();
      }
    }
    out.printf("\r    filled: %,d keys%20s%n", keys, "");
  }
}
