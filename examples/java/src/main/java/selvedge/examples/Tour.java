package selvedge.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;

/** Runs the program of each pattern on one namespace and prints the results. */
final class Tour {
  private static final Map<String, Program> PROGRAMS = new LinkedHashMap<>();

  static {
    PROGRAMS.put("cache", CacheProgram::run);
    PROGRAMS.put("sessions", SessionsProgram::run);
    PROGRAMS.put("settings", SettingsProgram::run);
    PROGRAMS.put("flags", FlagsProgram::run);
    PROGRAMS.put("limits", LimitsProgram::run);
    PROGRAMS.put("locks", LocksProgram::run);
    PROGRAMS.put("election", ElectionProgram::run);
    PROGRAMS.put("queue", QueueProgram::run);
    PROGRAMS.put("events", EventsProgram::run);
    PROGRAMS.put("counts", CountsProgram::run);
    PROGRAMS.put("bulk", BulkProgram::run);
    PROGRAMS.put("regions", RegionsProgram::run);
    PROGRAMS.put("reader", ReaderProgram::run);
  }

  private Tour() {}

  /** A program that uses a namespace and prints its results. */
  interface Program {
    void run(Namespace namespace, PrintStream out) throws InterruptedException;
  }

  /**
   * Runs programs. The first argument is the directory of the store, the others are the names of
   * programs; without them, all are run.
   */
  public static void main(String[] arguments) throws InterruptedException {
    List<String> all = List.of(arguments);
    Path directory = Path.of(all.isEmpty() ? "./tour-data" : all.getFirst());
    List<String> names = all.size() > 1 ? all.subList(1, all.size()) : names();
    try (Selvedge selvedge = Selvedge.open(directory)) {
      for (String name : names) {
        run(name, selvedge, System.out);
      }
    }
  }

  static List<String> names() {
    return List.copyOf(PROGRAMS.keySet());
  }

  static void run(String name, Selvedge selvedge, PrintStream out) throws InterruptedException {
    Program program = PROGRAMS.get(name);
    if (program == null) {
      throw new IllegalArgumentException("the programs are " + names() + ", got " + name);
    }
    Namespace namespace = selvedge.namespace("tour");
    namespace.clear("");
    program.run(namespace, out);
  }
}
