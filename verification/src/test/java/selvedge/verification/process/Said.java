package selvedge.verification.process;

/** What a server wrote before a test failed. */
final class Said extends Exception {
  Said(ServerProcess server) {
    super(
        "the server with pid "
            + server.pid()
            + (server.isAlive() ? " is alive" : " has ended")
            + " and said:\n"
            + server.log());
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
