package selvedge.server.voter;

import java.nio.file.Files;
import java.nio.file.Path;
import selvedge.model.InvalidRequestException;

/** Tells the data directory of a voter from others. Stateless. */
public final class VoterDirectory {
  /** The file with the identity of the voter. */
  public static final String FILE = "voter";

  private VoterDirectory() {}

  /**
   * Throws if the directory is that of a voter. Its store is changed by the log only: a change past
   * the log would be on this voter alone.
   */
  public static void requireNone(Path data) {
    if (Files.exists(data.resolve(FILE))) {
      throw new InvalidRequestException(
          data
              + " belongs to a voter: while the voters run, send the change to one of them with"
              + " --server; to start this one, give --node and --cluster");
    }
  }
}
