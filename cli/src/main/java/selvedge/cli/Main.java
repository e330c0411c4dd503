package selvedge.cli;

import java.util.Locale;

/**
 * Starts the command. This class and {@link OpenFiles} need no other jar, so that the check of the
 * open files runs where the JVM cannot open the class path.
 */
public final class Main {
  private static final int CARRIERS_MIN = 16;
  private static final int CARRIERS_PER_CORE = 4;

  private Main() {}

  public static void main(String[] arguments) {
    OpenFiles.requireEnough();
    // Clients read the numbers in messages, so their digits must not depend on the machine.
    Locale.setDefault(Locale.ROOT);
    setCarriers();
    tuneNetty();
    int status = SelvedgeCommand.run(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Sets the number of carrier threads. A virtual thread pins its carrier while it is inside
   * RocksDB. With one carrier per core, a few reads that wait for the disk would block all other
   * requests.
   */
  private static void setCarriers() {
    int cores = Runtime.getRuntime().availableProcessors();
    int carriers = Math.max(CARRIERS_MIN, CARRIERS_PER_CORE * cores);
    setUnlessSet("jdk.virtualThreadScheduler.parallelism", Integer.toString(carriers));
  }

  /**
   * Reduces the leak detection of Netty and disables its JFR events. Netty tracks one buffer in
   * 128, and the check slows down every use of every buffer. The classes of the JFR events take
   * longer to load than Netty itself.
   */
  private static void tuneNetty() {
    setUnlessSet("io.netty.leakDetection.samplingInterval", "100000");
    setUnlessSet("io.netty.jfr.enabled", "false");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
