package selvedge.benchmarks.race;

import java.util.List;

/**
 * A program that serves a URL.
 *
 * @param url the URL of the value
 */
record ServedValue(Program program, String url) {

  /** Returns an entrant that repeats a GET of the URL with wrk. */
  HttpEntrant measuredBy(String name, int connections) {
    return new HttpEntrant(name, List.of(program), new Wrk(url, connections, List.of(), ""));
  }
}
