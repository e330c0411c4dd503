package selvedge.verification.faults;

/** What happens to a server of a cluster in one round. */
enum VoterFault {
  KILL_LEADER("kill -9 of the leader"),
  KILL_FOLLOWER("kill -9 of another voter"),
  KILL_MAJORITY("kill -9 of two voters"),
  KILL_ALL("kill -9 of all voters"),
  STOP_LEADER("SIGSTOP of the leader"),
  STOP_FOLLOWER("SIGSTOP of another voter"),
  CUT_LEADER("partition: the leader alone"),
  CUT_FOLLOWER("partition: another voter alone"),
  MUTE_LEADER("one-way partition: nothing leaves the leader"),
  DEAF_LEADER("one-way partition: nothing reaches the leader"),
  SLOW_LEADER("the lines of the leader are slow: 150 ms"),
  FULL_DISK("full disk (ext4) of a voter"),
  FAILING_DISK("EIO at a voter"),
  CLOCK("the clock of a voter jumps"),
  EMPTY_DIRECTORY("emptied directory of a voter"),
  KILL_EDGE("kill -9 of an edge"),
  STOP_EDGE("SIGSTOP of an edge");

  private final String description;

  VoterFault(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }
}
