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
  public static Relation requireNewer(Descent own, Descent other, String name) throws IOException {
    Relation relation = Relation.of(own, other);
    switch (relation) {
      case Relation.Behind(var version) ->
          throw new IOException(
              name
                  + " is behind this server, which waits for it: it is at version "
                  + version
                  + ", and here is version "
                  + own.latest());
      case Relation.Past(long epoch) ->
          throw new IOException(
              name
                  + " is of epoch "
                  + epoch
                  + ", from which another one has gone on: follow that one");
      case Relation.Foreign(var ownCluster, var otherCluster) ->
          throw new ForeignException(
              name
                  + " belongs to the cluster "
                  + otherCluster
                  + ", and this server to the cluster "
                  + ownCluster
                  + ", so nothing is taken from it");
      case Relation.Contained _, Relation.Forked _ -> {}
    }
    return relation;
  }
}
