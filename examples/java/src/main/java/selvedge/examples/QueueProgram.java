package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Namespace;
import selvedge.patterns.WorkQueue;
import selvedge.patterns.WorkQueue.DeadLetter;
import selvedge.patterns.WorkQueue.Message;

/** Adds work to a queue and does it. */
final class QueueProgram {
  private QueueProgram() {}

  static void run(Namespace namespace, PrintStream out) {
    // @start region="queue"
    var queue = new WorkQueue(namespace, "mail/").attemptsMax(5);
    queue.put(Bytes.utf8("to alice"));
    queue.put(Bytes.utf8("to bob"));
    queue.put(Bytes.utf8("without an address"));

    // In each worker: a message that is not done within the lease is taken again.
    Duration lease = Duration.ofMinutes(1);
    for (Optional<Message> next = queue.take(lease, Duration.ofMillis(50));
        next.isPresent();
        next = queue.take(lease, Duration.ofMillis(50))) {
      Message message = next.get();
      String mail = message.data().utf8();
      if (mail.startsWith("to ")) {
        out.println("send " + mail);
        queue.done(message);
      } else {
        queue.reject(message, "no address");
      }
    }
    out.println("left: " + queue.size());

    // For a person who looks at what could not be done:
    for (DeadLetter letter : queue.dead().toList()) {
      out.println(letter.data().utf8() + ": " + letter.reason());
      queue.remove(letter);
    }
    // @end
  }
}
