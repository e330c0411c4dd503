package selvedge.verification.faults;

import java.util.List;
import java.util.SplittableRandom;
import selvedge.verification.process.RestClient;

/** A witness that makes each call at another voter, in a thread of its own. */
final class QuorumWitness {
  private static final int CALLS_MAX = 4_000;
  private static final int FAST_CALLS = 100;

  private final Witness witness;
  private final List<RestClient> clients;
  private final String namespace;
  private final SplittableRandom random;
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);
  private volatile boolean stopped;

  QuorumWitness(
      Witness witness, List<RestClient> clients, String namespace, SplittableRandom random) {
    this.witness = witness;
    this.clients = clients;
    this.namespace = namespace;
    this.random = random;
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    clients.forEach(RestClient::close);
  }

  private void run() {
    var pace = new Pace(FAST_CALLS);
    for (int i = 0; i < CALLS_MAX && !stopped; i++) {
      pace.pauseAfter(witness.call(clients.get(random.nextInt(clients.size())), namespace));
    }
  }
}
