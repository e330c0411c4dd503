package selvedge.server.api.route;

/** Where a request is answered that arrives at an edge. */
public enum EdgeRule {
  /** At the edge, from its replica. */
  EDGE("edge"),
  /** At the edge if it replicates every namespace, else at the origin. */
  WHOLE_EDGE("edge that replicates everything"),
  /** At the origin, to which the edge forwards it. */
  ORIGIN("origin");

  private final String text;

  EdgeRule(String text) {
    this.text = text;
  }

  /** Returns the rule in the words of the documentation. */
  public String text() {
    return text;
  }
}
