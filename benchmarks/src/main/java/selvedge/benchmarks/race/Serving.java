package selvedge.benchmarks.race;

import java.util.List;

/**
 * A program that answers at an address.
 *
 * @param url what a GET of it answers with
 */
record Serving(Program program, String url) {

  /** The same GET repeatedly, by wrk. */
  OverHttp asked(String name, int connections) {
    return new OverHttp(name, List.of(program), new Wrk(url, connections, List.of(), ""));
  }
}
