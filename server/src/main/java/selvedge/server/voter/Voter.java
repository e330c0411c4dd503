package selvedge.server.voter;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import selvedge.engine.Engine;
import selvedge.engine.edge.Replica;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.Source;
import selvedge.model.SelvedgeException;
import selvedge.server.config.Config;

/**
 * A member of the quorum that keeps one order of changes. It has the store of the server open, as
 * long as it is open itself. Safe for use by many threads.
 */
public interface Voter extends AutoCloseable {

  /** What a voter is at a moment. */
  sealed interface Standing {}

  /** It leads in a term, so it orders the writes. */
  record Leading(long term) implements Standing {}

  /**
   * Another voter leads.
   *
   * @param leader where servers and clients reach it
   */
  record Following(URI leader) implements Standing {}

  /** No leader is known. */
  record Looking() implements Standing {}

  /** Opens a voter. */
  interface Opener {

    /** Opens the voter of a configuration, and returns once its store is open. */
    Voter open(Config config, InstantSource clock, RandomGenerator random);
  }

  /** Returns what this voter is now. */
  Standing standing();

  /** Waits until this voter is something else, and returns what it is then. */
  Standing awaitOther(Standing known) throws InterruptedException;

  /**
   * Starts an origin over the store. Throws a {@link SelvedgeException} if this voter does not
   * lead.
   *
   * @param othersFree returns the least free disk space of the other voters, in bytes
   */
  Engine<Origin> lead(Meter meter, Engine.Failures failures, LongSupplier othersFree);

  /**
   * Starts a replica over the store, to which the log brings the changes.
   *
   * @param source the voter that leads
   */
  Engine<Replica> follow(Source source, Replica.Watcher watcher, Engine.Failures failures);

  /** Returns whether it is proven that no other voter leads at this moment. */
  boolean isProven();

  /**
   * Returns once it is proven that no other voter led when this method was called. Throws a {@link
   * SelvedgeException} if that cannot be proven.
   */
  void prove();

  /**
   * Lets another voter lead, if this one does. Returns once another one leads, or after a short
   * while.
   */
  void handOver();

  /** Returns what changes the voters. */
  Membership membership();

  /** Returns the state of this voter. */
  Status status();

  @Override
  void close();

  /**
   * The state of a voter.
   *
   * @param node the name of this voter
   * @param leader the name of the leader; empty if none is known
   * @param waiting the servers that wait to be added, as the leader knows them
   * @param forms in which the voters write
   * @param logEncrypted whether this voter encrypts the entries that it writes to the log
   */
  record Status(
      String node,
      long term,
      String leader,
      long applied,
      List<Member> members,
      List<Member> waiting,
      Forms forms,
      boolean logEncrypted) {
    public Status {
      members = List.copyOf(members);
      waiting = List.copyOf(waiting);
    }
  }

  /**
   * The forms of a cluster that a voter writes and knows.
   *
   * @param current in which it writes
   * @param newest in which it can write
   */
  record Forms(int current, int newest) {}

  /**
   * A voter of the cluster.
   *
   * @param address where other voters reach it
   * @param uri where clients and servers reach it
   */
  record Member(String node, String address, URI uri) {}
}
