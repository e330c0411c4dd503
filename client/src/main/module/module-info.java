/** Namespaces of a server, over the HTTP client of the JDK. */
module selvedge.client {
  requires static transitive org.jspecify;
  requires transitive selvedge.model;

  exports selvedge.client;

  provides selvedge.model.Selvedge.ClientProvider with
      selvedge.client.Connector;
}
