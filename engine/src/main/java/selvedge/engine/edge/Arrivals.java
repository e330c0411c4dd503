package selvedge.engine.edge;

import selvedge.engine.work.Worker;

/** What brings the changes to a replica. One thread steps it; another one may close it. */
interface Arrivals extends Worker, AutoCloseable {

  /** Returns whether changes arrive. */
  Follower.Connection connection();

  @Override
  void close();
}
