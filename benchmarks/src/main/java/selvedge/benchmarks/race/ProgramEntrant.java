package selvedge.benchmarks.race;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A program that reads from a store through a client library. The CPU time is that of the program;
 * its store is not part of it. Belongs to one thread.
 */
final class ProgramEntrant implements Entrant {
  private static final Pattern READY = Pattern.compile("(ready to read)");

  private final String name;
  private final Program program;
  private final AutoCloseable store;
  private int turns;

  private ProgramEntrant(String name, Program program, AutoCloseable store) {
    this.name = name;
    this.program = program;
    this.store = store;
  }

  /**
   * Starts the program.
   *
   * @param store is closed with the entrant
   */
  static ProgramEntrant start(
      Environment environment, ProgramLoad.Work work, String name, Store store, int connections)
      throws IOException, InterruptedException {
    Program program =
        Contestants.java(
            environment.newFolder("program"),
            ProgramLoad.class,
            List.of(work.name(), store.uri().toString(), Integer.toString(connections)));
    program.awaitOutput(READY);
    return new ProgramEntrant(name, program, store.process());
  }

  /** A store and its address. */
  record Store(URI uri, AutoCloseable process) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    turns++;
    double before = cpuMicros();
    program.writeLine(Long.toString(time.toMillis()));
    String result = program.awaitOutput(Pattern.compile("turn " + turns + ": (.+)\n"));
    String[] fields = result.split(" ", -1);
    double reads = Double.parseDouble(fields[0]);
    return new Sample(
        reads / time.toMillis() * 1000,
        Double.parseDouble(fields[1]),
        Double.parseDouble(fields[2]),
        (cpuMicros() - before) / reads);
  }

  @Override
  public List<Program> programs() {
    return List.of(program);
  }

  @Override
  public void close() {
    program.close();
    try {
      store.close();
    } catch (Exception e) {
      throw new IllegalStateException("the store of " + name + " cannot be closed", e);
    }
  }
}
