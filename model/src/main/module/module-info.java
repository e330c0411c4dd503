/**
 * Keys, entries, versions, limits, errors and the contract of a namespace, with fakes for tests.
 *
 * <p>The package {@code selvedge.model.wire} is for the other modules of this project only.
 */
module selvedge.model {
  requires static transitive org.jspecify;
  requires transitive java.net.http;

  exports selvedge.model;
  exports selvedge.model.testing;
  exports selvedge.model.tls;
  exports selvedge.model.wire to
      selvedge.client,
      selvedge.engine,
      selvedge.server;

  uses selvedge.model.Selvedge.ClientProvider;
  uses selvedge.model.Selvedge.StoreProvider;
}
