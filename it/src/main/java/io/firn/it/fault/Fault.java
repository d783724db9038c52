package io.firn.it.fault;

/**
 * What goes wrong on purpose: the rows of the fault table in {@code docs/reliability.md}, taken
 * apart. A full run of the tests must reach each of them, and each has a heading in {@code
 * docs/when-things-go-wrong.md}.
 */
public enum Fault {
  /** SIGKILL under load. */
  KILLED(1, Headings.KILLED),
  /** SIGKILL, or a halt, while recovering from one. */
  KILLED_IN_RECOVERY(1, Headings.KILLED),
  /** The process ends right before its N-th operation on files, checkpoints or catalog. */
  HALTED_AT_OPERATION(1, Headings.KILLED),
  /** A state file is shorter than it was, or has a wrong bit. */
  STATE_DAMAGED(2, Headings.DAMAGED),
  /** A manifest is shorter than it was, or has a wrong bit. */
  MANIFEST_DAMAGED(2, Headings.DAMAGED),
  /** The directories of checkpoints and state are gone. */
  LOCAL_FILES_LOST(2, "The local disk is gone"),
  /** No space for checkpoints and state. */
  DISK_FULL(3, Headings.DISK_FULL),
  /** No space for the tables' files. */
  WAREHOUSE_FULL(3, Headings.DISK_FULL),
  /** The object store answers 500. */
  STORE_SERVER_ERROR(4, Headings.STORE),
  /** The object store answers 503 and asks to slow down. */
  STORE_SLOW_DOWN(4, Headings.STORE),
  /** The connection to the object store is reset before anything happened. */
  STORE_RESET(4, Headings.STORE),
  /** The object store does what is asked, and the answer is lost. */
  STORE_ANSWER_LOST(4, Headings.STORE),
  /** The connection to the object store is reset in the middle of an answer. */
  STORE_RESET_IN_ANSWER(4, Headings.STORE),
  /** The object store does not answer at all. */
  STORE_SILENT(4, Headings.STORE),
  /** A commit lands and its answer is lost. */
  COMMIT_ANSWER_LOST(5, Headings.COMMIT),
  /** A commit gets lost on its way to the catalog. */
  COMMIT_LOST(5, Headings.COMMIT),
  /** Somebody else commits to a table, without changing rows. */
  FOREIGN_COMMIT(6, Headings.FOREIGN),
  /** Somebody else expires the snapshots of a table. */
  FOREIGN_EXPIRY(6, Headings.FOREIGN),
  /** Somebody rolls a table back. */
  FOREIGN_ROLLBACK(6, Headings.REPLACED),
  /** Somebody drops a table. */
  FOREIGN_DROP(6, Headings.REPLACED),
  /** A second instance is started. */
  SECOND_INSTANCE(7, Headings.TWO),
  /** An instance is paused, replaced, and goes on. */
  ZOMBIE(7, Headings.TWO),
  /** The source's server is started again while it is read. */
  SERVER_RESTARTED(8, Headings.CONNECTION),
  /** A replica takes the place of the source's server. */
  FAILED_OVER(8, Headings.CONNECTION),
  /** The binlog that is needed next was purged. */
  BINLOG_PURGED(8, "The binlog position is gone"),
  /** The connection to the source is cut. */
  NETWORK_CUT(9, Headings.CONNECTION),
  /** The connection to the source stays open and nothing comes. */
  NETWORK_SILENT(9, Headings.CONNECTION),
  /** The connection to the source is very slow. */
  NETWORK_SLOW(9, Headings.CONNECTION),
  /** A date that is none, such as 0000-00-00. */
  ZERO_DATE(10, Headings.ROW),
  /** A value of many megabytes. */
  LARGE_VALUE(10, Headings.ROW),
  /** An expression that fails for a row, as with a decimal that does not fit. */
  EXPRESSION_FAILED(10, Headings.ROW),
  /** Columns are added and renamed while changes are read. */
  DDL_WHILE_RUNNING(11, Headings.SCHEMA),
  /** DDL between changes, and kills around it. */
  DDL_BETWEEN_KILLS(11, Headings.SCHEMA),
  /** DDL that cannot be followed. */
  DDL_UNSUPPORTED(11, Headings.SCHEMA),
  /** A transaction that does not fit into memory. */
  GIANT_TRANSACTION(12, Headings.MEMORY),
  /** The source's clock jumps back and forth. */
  CLOCK_JUMPED(13, Headings.CLOCK),
  /** Server, session and process have different time zones; summer time begins and ends. */
  TIME_ZONES(13, Headings.CLOCK),
  /** The pipeline goes on with another parallelism. */
  RESCALED(14, Headings.CHANGED),
  /** The pipeline file is another one than before. */
  PIPELINE_CHANGED(14, Headings.CHANGED),
  /** The checkpoint directory is an older one than before. */
  OLDER_CHECKPOINT(14, Headings.REPLACED),
  /** The process ends while compactions run beside updates of the rows that they rewrite. */
  HALTED_BESIDE_COMPACTION(15, "A compaction or clean-up fails"),
  /** A pipeline file that is wrong. */
  BAD_FILE(16, Headings.REFUSED),
  /** Names of tables and columns with everything in them. */
  HOSTILE_NAMES(16, Headings.REFUSED),
  /** A password that must be found nowhere. */
  SECRET(17, "A password was printed");

  private final int row;
  private final String heading;

  Fault(int row, String heading) {
    this.row = row;
    this.heading = heading;
  }

  /** Number of its row in the fault table. */
  public int row() {
    return row;
  }

  /** The heading in {@code docs/when-things-go-wrong.md} that says what to do. */
  public String heading() {
    return heading;
  }

  /** Headings that several faults share. */
  private static final class Headings {
    static final String KILLED = "The process was killed, or the machine lost power";
    static final String DAMAGED = "A checkpoint or state file is damaged";
    static final String DISK_FULL = "The disk is full";
    static final String STORE = "The object store fails or is slow";
    static final String COMMIT = "The catalog did not say whether a commit happened";
    static final String FOREIGN = "Somebody else writes to a lake table";
    static final String REPLACED =
        "A lake table was dropped, replaced or rolled back, or a checkpoint directory was restored"
            + " from a backup";
    static final String TWO = "Two instances run on one pipeline";
    static final String CONNECTION = "MySQL restarts or the connection drops";
    static final String ROW = "A row cannot be transformed";
    static final String SCHEMA = "A schema change cannot be mirrored";
    static final String MEMORY = "Out of memory";
    static final String CLOCK = "Clocks jump, or time zones differ";
    static final String CHANGED = "The pipeline file was changed between runs";
    static final String REFUSED = "The pipeline file is refused";
  }
}
