package selvedge.server.voter;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import selvedge.model.InvalidRequestException;
import selvedge.model.OverloadedException;

/**
 * Changes of who votes, at the voter that leads. Safe for use by many threads; one change is made
 * at a time.
 *
 * <p>Every method throws an {@link InvalidRequestException} if the change is not allowed, and an
 * {@link OverloadedException} if this voter does not lead.
 */
public interface Membership {

  /**
   * What a change does, in plain words for an operator.
   *
   * @param lines one sentence each
   */
  record Report(List<String> lines) {
    public Report {
      lines = List.copyOf(lines);
    }
  }

  /**
   * What an empty server must have before it may vote.
   *
   * @param group the id of the log
   * @param leader where clients and servers reach the voter that leads, whose store is loaded
   * @param term of the place in the log that the store of the leader has reached
   * @param index of that place
   * @param form in which the voters write
   * @param voters all voters, as they are written in the file of a voter
   */
  record Invitation(
      String group, URI leader, long term, long index, int form, List<String> voters) {
    public Invitation {
      voters = List.copyOf(voters);
    }
  }

  /**
   * Records that an empty server waits to be added. It must repeat that every few seconds.
   *
   * @param candidate the server, as it is written in the file of a voter
   */
  Invitation join(String candidate);

  /**
   * Adds a voter that waits, removes one, or both at once. Returns when the change is committed.
   *
   * @param isRehearsal whether only the report is made
   */
  Report change(Optional<String> added, Optional<String> removed, boolean isRehearsal);

  /**
   * Changes the form in which all voters write to the newest one that each of them knows. Older
   * releases cannot read it.
   *
   * @param isRehearsal whether only the report is made
   */
  Report upgrade(boolean isRehearsal);

  /**
   * Lets another voter lead.
   *
   * @param next the name of the voter that must lead; empty for any
   */
  Report stepDown(Optional<String> next, boolean isRehearsal);
}
