package selvedge.engine.replication;

import java.io.IOException;

/** Decides whether a store may be replaced by the store of another server. */
public final class Kinship {
  private Kinship() {}

  /**
   * Returns the relation to the other server if its snapshot may replace the store.
   *
   * <p>Throws an {@link IOException} if the other server is behind the store, if another server has
   * continued the changes of the other server, or if it belongs to another cluster.
   *
   * @param name of the other server, for messages
   */
  public static Relation requireNewer(Descent here, Descent there, String name) throws IOException {
    Relation relation = Relation.of(here, there);
    switch (relation) {
      case Relation.Behind(var version) ->
          throw new IOException(
              name
                  + " is behind this server, which waits for it: it is at version "
                  + version
                  + ", and here is version "
                  + here.latest());
      case Relation.Past(long epoch) ->
          throw new IOException(
              name
                  + " is of epoch "
                  + epoch
                  + ", from which another one has gone on: follow that one");
      case Relation.Foreign(var own, var other) ->
          throw new ForeignException(
              name
                  + " belongs to the cluster "
                  + other
                  + ", and this server to the cluster "
                  + own
                  + ", so nothing is taken from it");
      case Relation.Contained _, Relation.Forked _ -> {}
    }
    return relation;
  }
}
