package selvedge.cluster;

import selvedge.model.Bytes;

/**
 * An entry of the replicated log. The voter that leads writes it, and every voter applies it.
 *
 * <p>An entry counts only if its term is the term of its place in the log.
 */
sealed interface LogEntry {

  /** Returns the term in which the leader wrote the entry. */
  long term();

  /**
   * A part of a commit that is too large for one entry. The parts of a commit are followed by its
   * {@link Changes}.
   */
  record Part(long term, Bytes bytes) implements LogEntry {}

  /**
   * A commit, or the rest of one.
   *
   * @param bytes the changes, as {@link ChangesCodec} writes them
   */
  record Changes(long term, Bytes bytes) implements LogEntry {}

  /** A piece of a large value, which a later commit of the same term refers to. */
  record Chunk(long term, long upload, Bytes bytes) implements LogEntry {}

  /** The end of an upload that no commit refers to. */
  record Abandoned(long term, long upload) implements LogEntry {}

  /** An entry that changes nothing and shows that the voter leads. */
  record Proof(long term) implements LogEntry {}
}
