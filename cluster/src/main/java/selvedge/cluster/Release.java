package selvedge.cluster;

import java.util.Objects;
import selvedge.engine.form.Form;
import selvedge.model.StoreUnusableException;

/**
 * The release of a voter, as the voters know it.
 *
 * @param name the version of the program
 * @param newest the newest form of a cluster that it reads and writes
 */
record Release(String name, int newest) {

  /** Returns the release of this program. */
  static Release own() {
    String name = Release.class.getPackage().getImplementationVersion();
    return new Release(Objects.requireNonNullElse(name, "unknown"), Form.CLUSTER.newest());
  }

  /**
   * Requires a form that this release reads.
   *
   * @param place where the form was found
   * @throws StoreUnusableException if a newer release must be started
   */
  void require(int form, String place) {
    Form.CLUSTER.require(form, newest, place);
  }
}
