package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import selvedge.model.Namespace;
import selvedge.patterns.Election;
import selvedge.patterns.Locks;

/** Does work in one of several processes. */
final class ElectionProgram {
  private ElectionProgram() {}

  static void run(Namespace namespace, PrintStream out) throws InterruptedException {
    // @start region="election"
    var locks = new Locks(namespace, "leader/");
    try (Election election = Election.join(locks, "scheduler", Duration.ofSeconds(10))) {
      for (int done = 0; done < 3; ) {
        if (election.isLeader()) {
          out.println("the leader does its work");
          done++;
        } else {
          Thread.sleep(20);
        }
      }
    }
    // @end
    out.println("free again: " + locks.tryAcquire("scheduler", Duration.ofSeconds(10)).isPresent());
  }
}
