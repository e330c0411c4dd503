package selvedge.server.api.route;

/** The protocols that the server speaks, by the part of the requests that belongs to each. */
public enum ProtocolName {
  REST("rest", true),
  BINDING("binding", true),
  V1("native", true),
  EXPLORER("other", true),
  PROBES("probe", false),
  PAGES("other", false),
  /** Requests that belong to no protocol. */
  NONE("other", false);

  private final String label;
  private final boolean versioned;

  ProtocolName(String label, boolean versioned) {
    this.label = label;
    this.versioned = versioned;
  }

  /** Returns the value of the label {@code protocol} in the metrics. */
  public String label() {
    return label;
  }

  /**
   * Returns whether answers name the version that they are as of. An answer that requires no token
   * must not: the version counts the writes of all accounts.
   */
  public boolean isVersioned() {
    return versioned;
  }
}
