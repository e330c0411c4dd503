package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Namespace;
import selvedge.patterns.WorkQueue;
import selvedge.patterns.WorkQueue.Message;

/** Adds work to a queue and does it. */
final class QueueProgram {
  private QueueProgram() {}

  static void run(Namespace namespace, PrintStream out) {
    // @start region="queue"
    var queue = new WorkQueue(namespace, "mail/");
    queue.put(Bytes.utf8("to alice"));
    queue.put(Bytes.utf8("to bob"));

    // In each worker: a message that is not done within the lease is taken again.
    Duration lease = Duration.ofMinutes(1);
    for (Optional<Message> next = queue.take(lease, Duration.ofMillis(50));
        next.isPresent();
        next = queue.take(lease, Duration.ofMillis(50))) {
      Message message = next.get();
      out.println("send " + message.data().utf8());
      queue.done(message);
    }
    out.println("left: " + queue.size());
    // @end
  }
}
